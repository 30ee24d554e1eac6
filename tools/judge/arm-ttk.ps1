# Runs the ARM template toolkit over a list of files, as the repository's CI does (folder and file: what lies beside is seen), one JSON line for each test: {file, group, test, passed, errors, warnings}.
param([Parameter(Mandatory)] [string] $Toolkit, [Parameter(Mandatory)] [string] $List)
$ProgressPreference = 'SilentlyContinue'
Import-Module (Join-Path $Toolkit 'arm-ttk.psd1') -Force
foreach ($file in Get-Content $List) {
    foreach ($result in Test-AzTemplate -TemplatePath (Split-Path $file) -File (Split-Path $file -Leaf) -ErrorAction Continue 2>$null 3>$null) {
        if ((Split-Path $file -Leaf) -ne (Split-Path $result.File.FullPath -Leaf)) { continue }
        [ordered]@{
            file     = $file
            group    = $result.Group
            test     = $result.Name
            passed   = $result.Passed
            errors   = @($result.Errors | ForEach-Object { "$_" })
            warnings = @($result.Warnings | ForEach-Object { "$_" })
        } | ConvertTo-Json -Compress -Depth 3
    }
}

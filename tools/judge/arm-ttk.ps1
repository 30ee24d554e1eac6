# Runs the ARM template toolkit over a list of files; the createUiDefinition beside a mainTemplate.json by its folder, as the
# repository's CI does, so that it sees its template. One JSON line for each test: {file, group, test, passed, errors, warnings}.
param([Parameter(Mandatory)] [string] $Toolkit, [Parameter(Mandatory)] [string] $List)
$ProgressPreference = 'SilentlyContinue'
Import-Module (Join-Path $Toolkit 'arm-ttk.psd1') -Force
foreach ($file in Get-Content $List) {
    $name = Split-Path $file -Leaf
    $isOfPackage = $name -eq 'createUiDefinition.json' -and (Test-Path (Join-Path (Split-Path $file) 'mainTemplate.json'))
    $where = if ($isOfPackage) { @{ TemplatePath = Split-Path $file; File = $name } } else { @{ TemplatePath = $file } }
    foreach ($result in Test-AzTemplate @where -ErrorAction Continue 2>$null 3>$null) {
        # A folder below may hold templates of the same name.
        if ($result.File.FullPath -ne (Resolve-Path $file).Path) { continue }
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

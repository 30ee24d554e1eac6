#Requires -Version 7.2
#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Applications

<#
.SYNOPSIS
Creates the Microsoft Entra application with which SIGNL4 (or the relay) reads and updates Microsoft Sentinel incidents,
and its client secret.

.DESCRIPTION
Safe to run again: what is there stays as it is. Uses the Microsoft Graph PowerShell modules, and Az for the key vault
(Az.KeyVault) and the role assignments (Az.Resources).

.PARAMETER KeyVault
Key vault that takes the secret, as "signl4-sentinel-client-secret".

.PARAMETER ShowSecret
Writes the secret to the output, once.

.PARAMETER NoSecret
Creates no secret (federated credential, certificate).

.PARAMETER Months
Lifetime of the secret, 12 to 24.

.PARAMETER Renew
Creates a new secret although the present one is still valid.

.PARAMETER Graph
Grants the Microsoft Graph permissions.

.PARAMETER Deploy
Assigns the Azure roles with azuredeploy.json beside this script.

.EXAMPLE
./entra-app.ps1 -KeyVault kv-soc -Deploy
#>
[CmdletBinding()]
param(
    [ValidateNotNullOrEmpty()][string] $Name = {{appName}},
    [string] $TenantId = {{tenantId}},
    [string] $KeyVault = '',
    [switch] $ShowSecret,
    [switch] $NoSecret,
    [ValidateRange(12, 24)][int] $Months = 12,
    [switch] $Renew,
    [switch] $Graph,
    [switch] $Deploy,
    [string] $Workspace = {{workspaceName}},
    [string] $ResourceGroup = {{resourceGroup}},
    [string] $SubscriptionId = {{subscriptionId}}
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$SecretLabel = 'SIGNL4 Sentinel Connector'
$KeyVaultSecret = 'signl4-sentinel-client-secret'
$GraphAppId = '00000003-0000-0000-c000-000000000000'
# Microsoft Graph application permissions, name and id.
$GraphPermissions = [ordered]@{
{{graphPermissionTable}}
}
$DaysBeforeRenewal = 30

function Assert-Option {
    if (-not ($NoSecret -or $ShowSecret -or $KeyVault)) {
        throw 'Say where the secret goes: -KeyVault NAME, -ShowSecret, or -NoSecret.'
    }
    if ($Deploy -and -not ($Workspace -and $ResourceGroup)) {
        throw '-Deploy needs -Workspace and -ResourceGroup.'
    }
    if ($KeyVault) { Import-Module Az.KeyVault }
    if ($Deploy) { Import-Module Az.Resources }
}

function Connect-Service {
    $scopes = @('Application.ReadWrite.All')
    if ($Graph) { $scopes += 'AppRoleAssignment.ReadWrite.All' }
    $tenant = if ($TenantId) { @{ TenantId = $TenantId } } else { @{} }
    Connect-MgGraph -Scopes $scopes -NoWelcome @tenant
    if (($KeyVault -or $Deploy) -and -not (Get-AzContext)) { Connect-AzAccount @tenant | Out-Null }
    if (($KeyVault -or $Deploy) -and $SubscriptionId) { Set-AzContext -SubscriptionId $SubscriptionId | Out-Null }
}

function Get-OrNewApplication {
    $quoted = $Name.Replace("'", "''")
    $found = @(Get-MgApplication -Filter "displayName eq '$quoted'" -All)
    if ($found.Count -gt 1) { throw "There are several applications called '$Name'; choose another -Name." }
    if ($found.Count -eq 1) {
        Write-Verbose "The application '$Name' is there."
        return $found[0]
    }
    Write-Verbose "Creating the application '$Name'."
    New-MgApplication -DisplayName $Name -SignInAudience 'AzureADMyOrg'
}

# What was just made is not known everywhere in Entra for a while.
function Invoke-Patiently([scriptblock] $Work) {
    for ($attempt = 1; ; $attempt++) {
        try {
            return & $Work
        } catch {
            $isEarly = "$_" -match 'does not exist|ResourceNotFound|NoBackingApplicationObject|valid application object'
            if (-not $isEarly -or $attempt -ge 24) { throw }
            Start-Sleep -Seconds 15
        }
    }
}

function Get-OrNewServicePrincipal($Application) {
    $found = @(Get-MgServicePrincipal -Filter "appId eq '$($Application.AppId)'" -All)
    if ($found.Count -gt 0) { return $found[0] }
    Invoke-Patiently { New-MgServicePrincipal -AppId $Application.AppId }
}

function Test-ValidSecret($Application) {
    $limit = (Get-Date).ToUniversalTime().AddDays($DaysBeforeRenewal)
    $valid = @($Application.PasswordCredentials | Where-Object {
            $_.DisplayName -eq $SecretLabel -and $_.EndDateTime -gt $limit
        })
    $valid.Count -gt 0
}

# The new secret, or nothing where none was made. The present one stays, so that nothing fails until SIGNL4 has the new one.
function New-SecretWhereNeeded($Application) {
    if ($NoSecret) { return }
    if (-not $Renew -and (Test-ValidSecret $Application)) {
        Write-Warning "A client secret that is valid for more than $DaysBeforeRenewal days is there; -Renew makes a new one."
        return
    }
    $end = (Get-Date).ToUniversalTime().AddMonths($Months)
    $credential = Invoke-Patiently {
        Add-MgApplicationPassword -ApplicationId $Application.Id -PasswordCredential @{
            DisplayName = $SecretLabel
            EndDateTime = $end
        }
    }
    if ($KeyVault) {
        $secure = ConvertTo-SecureString $credential.SecretText -AsPlainText -Force
        try {
            Set-AzKeyVaultSecret -VaultName $KeyVault -Name $KeyVaultSecret -SecretValue $secure -Expires $end | Out-Null
        } catch {
            # A secret that the vault does not take is taken back: nobody has it.
            Remove-MgApplicationPassword -ApplicationId $Application.Id -KeyId $credential.KeyId
            throw
        }
    }
    $credential.SecretText
}

function Grant-GraphPermission($Application, $ServicePrincipal) {
    $graphPrincipal = Get-MgServicePrincipal -Filter "appId eq '$GraphAppId'"
    $granted = @(Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $ServicePrincipal.Id -All |
            ForEach-Object { $_.AppRoleId })
    $required = @($GraphPermissions.Values | ForEach-Object { @{ Id = $_; Type = 'Role' } })
    $others = @($Application.RequiredResourceAccess | Where-Object { $_.ResourceAppId -ne $GraphAppId })
    $kept = @($Application.RequiredResourceAccess | Where-Object { $_.ResourceAppId -eq $GraphAppId } |
            ForEach-Object { $_.ResourceAccess } | Where-Object { $GraphPermissions.Values -notcontains $_.Id })
    Update-MgApplication -ApplicationId $Application.Id -RequiredResourceAccess @(
        $others
        @{ ResourceAppId = $GraphAppId; ResourceAccess = $kept + $required }
    )
    foreach ($permission in $GraphPermissions.GetEnumerator()) {
        if ($granted -contains $permission.Value) { continue }
        Invoke-Patiently {
            New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $ServicePrincipal.Id `
                -PrincipalId $ServicePrincipal.Id -ResourceId $graphPrincipal.Id -AppRoleId $permission.Value
        } | Out-Null
    }
}

function Set-WorkspaceRole($ServicePrincipal) {
    New-AzResourceGroupDeployment -Name 'signl4-setup' -ResourceGroupName $ResourceGroup `
        -TemplateFile (Join-Path $PSScriptRoot 'azuredeploy.json') `
        -TemplateParameterObject @{
        WorkspaceName = $Workspace
        AppObjectId   = $ServicePrincipal.Id
        Playbooks     = @()
    } | Out-Null
}

Assert-Option
Connect-Service
$application = Get-OrNewApplication
$servicePrincipal = Get-OrNewServicePrincipal $application
$secret = New-SecretWhereNeeded $application
# At once: what fails later must not cost it. As a text: PowerShell shows objects of another shape as empty lines.
if ($ShowSecret -and $secret) { "Client secret: $secret" }
if ($Graph) { Grant-GraphPermission $application $servicePrincipal }
if ($Deploy) { Set-WorkspaceRole $servicePrincipal }

[pscustomobject]@{
    TenantId = (Get-MgContext).TenantId
    ClientId = $application.AppId
    ObjectId = $servicePrincipal.Id
}

# Runs Microsoft's V3 packaging tool without a person and without the network: it asks for the path and the marketplace for a version.
param([Parameter(Mandatory)] [string] $Tool, [Parameter(Mandatory)] [string] $DataFolder)
function Read-Host { $DataFolder }
function Invoke-RestMethod { throw 'offline' }
function Test-AzTemplate { }
. $Tool

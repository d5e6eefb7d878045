<#
.SYNOPSIS
Puts the listener onto this computer, or brings the one that is there up to date, without unmounting anything.

.DESCRIPTION
Copies appattach-listener.exe to Program Files, checks its SHA-256 where one is given, and registers and starts the service. May be run any
number of times: by an administrator, as SYSTEM by Intune, by a startup script of a group policy, or by a VM extension. Apps that are mounted
stay so: the service stops for some seconds, the mounts do not.

.EXAMPLE
.\Install-Listener.ps1 -Source \\files.contoso.example\tools\appattach-listener.exe -Pool office -Bus https://contoso.servicebus.windows.net/ `
    -ShareRoot \\files.contoso.example\apps -Identity managed
#>
[CmdletBinding()]
param(
    # The executable: a path or an https:// address.
    [Parameter(Mandatory)] [string] $Source,

    # SHA-256 of the executable; it is refused when it has another.
    [string] $Sha256 = '',

    [Parameter(Mandatory)] [string] $Pool,
    [Parameter(Mandatory)] [uri] $Bus,
    # Shares that images come from; several are given as an array, or in one text with semicolons between.
    [Parameter(Mandatory)] [string[]] $ShareRoot,

    # The topic of the pool's commands, where there are several.
    [string] $Topic = '',

    [ValidateSet('managed', 'arc', 'key')] [string] $Identity = 'managed',
    [string] $IdentityClientId = '',
    [string] $KeyName = '',
    [string] $KeyFile = '',

    [ValidateSet('full', 'sampled')] [string] $DigestPolicy = 'full'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$folder = Join-Path $env:ProgramFiles 'AppAttach\Listener'
$target = Join-Path $folder 'appattach-listener.exe'
$new = "$target.new"
New-Item -ItemType Directory -Path $folder -Force | Out-Null

if ($Source -like 'https://*') {
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    Invoke-WebRequest -Uri $Source -OutFile $new -UseBasicParsing
}
else {
    Copy-Item -LiteralPath $Source -Destination $new -Force
}

if ($Sha256 -and (Get-FileHash -LiteralPath $new -Algorithm SHA256).Hash -ne $Sha256) {
    Remove-Item -LiteralPath $new
    throw "$Source does not have SHA-256 $Sha256."
}

$service = Get-Service -Name AppAttachListener -ErrorAction SilentlyContinue
if ($service -and $service.Status -ne 'Stopped') {
    Stop-Service -InputObject $service
    $service.WaitForStatus('Stopped', [TimeSpan]::FromMinutes(1))
}

Move-Item -LiteralPath $new -Destination $target -Force

$arguments = @('install', '--pool', $Pool, '--bus', $Bus.AbsoluteUri, '--identity', $Identity, '--digest-policy', $DigestPolicy)
foreach ($root in $ShareRoot -split ';') { $arguments += @('--share-root', $root) }
if ($Topic) { $arguments += @('--topic', $Topic) }
if ($IdentityClientId) { $arguments += @('--identity-client-id', $IdentityClientId) }
if ($KeyName) { $arguments += @('--key-name', $KeyName) }
if ($KeyFile) { $arguments += @('--key-file', $KeyFile) }
& $target @arguments
if ($LASTEXITCODE -ne 0) {
    throw "appattach-listener install ended with $LASTEXITCODE."
}

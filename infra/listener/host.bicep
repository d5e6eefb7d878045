// The listener on a session host that is there already: a custom script extension that fetches the executable and Install-Listener.ps1 and
// runs it. One deployment for each virtual machine; a scale set takes the same properties in its extensionProfile. It is no part of
// main.bicep: hosts come and go, and belong to whoever runs the host pools.
@description('Name of the virtual machine.')
param machineName string

@description('Region of the virtual machine.')
param location string = resourceGroup().location

@description('Address of appattach-listener.exe, in a container that the identity of the machine may read.')
param listenerUri string

@description('SHA-256 of appattach-listener.exe, hexadecimal.')
@minLength(64)
@maxLength(64)
param listenerSha256 string

@description('Address of Install-Listener.ps1, in such a container.')
param scriptUri string

@description('Pool that the host belongs to.')
param pool string

@description('Topic of the commands for the pool: host-commands-SHARD.')
param topic string

@description('Address of the bus: https://NAMESPACE.servicebus.windows.net/.')
param bus string

@description('Shares that images come from, as the host sees them.')
@minLength(1)
param shareRoots string[]

@description('Client id of a user-assigned identity; empty: that of the machine.')
param identityClientId string = ''

@allowed(['full', 'sampled'])
param digestPolicy string = 'full'

var roots = join(shareRoots, ';')
var client = empty(identityClientId) ? '' : '-IdentityClientId "${identityClientId}"'
var target = '-Pool "${pool}" -Topic "${topic}" -Bus "${bus}" -ShareRoot "${roots}" -Identity managed ${client} -DigestPolicy ${digestPolicy}'

resource machine 'Microsoft.Compute/virtualMachines@2024-07-01' existing = {
  name: machineName
}

resource extension 'Microsoft.Compute/virtualMachines/extensions@2024-07-01' = {
  parent: machine
  name: 'appattach-listener'
  location: location
  properties: {
    publisher: 'Microsoft.Compute'
    type: 'CustomScriptExtension'
    typeHandlerVersion: '1.10'
    autoUpgradeMinorVersion: true
    settings: {}
    protectedSettings: {
      fileUris: [listenerUri, scriptUri]
      managedIdentity: empty(identityClientId) ? {} : { clientId: identityClientId }
      commandToExecute: 'powershell.exe -NoProfile -ExecutionPolicy Bypass -File Install-Listener.ps1 -Source appattach-listener.exe -Sha256 ${listenerSha256} ${target}'
    }
  }
}

output extensionId string = extension.id

// Everything of one deployment but the code: az deployment group create -g GROUP -f infra/main.bicep -p infra/main.parameters.json
targetScope = 'resourceGroup'

@description('Begins the name of each resource; lower-case letters and digits.')
@minLength(2)
@maxLength(10)
param prefix string

@description('Where the app, the bus and the hub are.')
param location string = resourceGroup().location

@description('Azure regions that get a share, such as westeurope. Their order is part of the settings: add at the end.')
@minLength(1)
param regions string[]

@description('Pools of hosts, each with the region whose share its hosts read.')
param pools { name: string, region: string }[]

@description('How much of a package\'s signature must hold.')
@allowed(['Trusted', 'Intact', 'Ignore'])
param signature string = 'Trusted'

@description('Processors of the hosts; packages for others are refused.')
param architectures string[] = ['x64']

@description('SHA-256 thumbprints of certificates that packages may be signed with, or of their issuers; Microsoft\'s are trusted besides.')
param trustedThumbprints string[] = []

@description('How a finished image is read back before it is released: its structure, also every file against the package, or not at all.')
@allowed(['Structure', 'Full', 'Off'])
param imageCheck string = 'Structure'

@description('Topics that commands are spread over: 2,000 subscriptions (hosts) and 5,000 waiting receives each. Changing it moves pools.')
@minValue(1)
@maxValue(50)
param commandTopicCount int = 1

@description('Memory of an instance of the app, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Object id of the group of the hosts\' identities; empty: give them their rights otherwise.')
param hostsPrincipalId string = ''

var suffix = uniqueString(resourceGroup().id)
var hostAccountName = 'st${take(prefix, 6)}h${suffix}'
var packagesAccountName = 'st${take(prefix, 6)}p${suffix}'
var imagesAccountName = 'st${take(prefix, 6)}i${suffix}'
var shareAccountNames = [for region in regions: 'st${take(prefix, 6)}${uniqueString(resourceGroup().id, region)}']
var namespaceName = '${prefix}-bus-${suffix}'
var shareName = 'appattach'

// Storage Blob Data Owner: index tags on packages are not part of Contributor, and the Functions host asks for it on its own account.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: '${prefix}-app'
    location: location
  }
}

module hostStorage 'modules/storage.bicep' = {
  name: 'host-storage'
  params: {
    name: hostAccountName
    location: location
    containers: ['deployment']
    principalId: identity.outputs.principalId
    roleIds: [blobDataOwner, queueDataContributor, tableDataContributor]
  }
}

module packagesStorage 'modules/storage.bicep' = {
  name: 'packages-storage'
  params: {
    name: packagesAccountName
    location: location
    containers: ['packages']
    principalId: identity.outputs.principalId
    roleIds: [blobDataOwner]
  }
}

module imagesStorage 'modules/storage.bicep' = {
  name: 'images-storage'
  params: {
    name: imagesAccountName
    location: location
    containers: ['images', 'catalog']
    principalId: identity.outputs.principalId
    roleIds: [blobDataContributor]
  }
}

module shares 'modules/share.bicep' = [for (region, i) in regions: {
  name: 'share-${region}'
  params: {
    name: shareAccountNames[i]
    location: region
    shareName: shareName
    principalId: identity.outputs.principalId
    hostsPrincipalId: hostsPrincipalId
  }
}]

module bus 'modules/bus.bicep' = {
  name: 'bus'
  params: {
    name: namespaceName
    location: location
    commandTopicCount: commandTopicCount
    principalId: identity.outputs.principalId
    hostsPrincipalId: hostsPrincipalId
  }
}

module events 'modules/events.bicep' = {
  name: 'events'
  params: {
    name: '${prefix}-drops'
    location: location
    accountName: packagesStorage.outputs.name
    namespaceName: bus.outputs.name
    container: 'packages'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    name: '${prefix}-logs'
    location: location
    principalId: identity.outputs.principalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: '${prefix}-app-${suffix}'
    location: location
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    hostAccountName: hostStorage.outputs.name
    packagesAccountName: packagesStorage.outputs.name
    imagesAccountName: imagesStorage.outputs.name
    namespaceName: bus.outputs.name
    insightsConnectionString: monitoring.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    commandTopicCount: commandTopicCount
    regions: [for (region, i) in regions: { name: region, accountName: shareAccountNames[i] }]
    shareName: shareName
    pools: pools
    signature: signature
    trustedThumbprints: trustedThumbprints
    architectures: architectures
    imageCheck: imageCheck
  }
}

output appName string = app.outputs.name
output packagesAccount string = packagesAccountName
output bus string = '${namespaceName}.servicebus.windows.net'
output uncPaths string[] = [for (region, i) in regions: '\\\\${shareAccountNames[i]}.file.${environment().suffixes.storage}\\${shareName}']

// Everything of one deployment but the code: az deployment group create -g GROUP -f infra/main.bicep -p infra/main.parameters.json
targetScope = 'resourceGroup'

@description('Begins the name of each resource; lower-case letters and digits.')
@minLength(2)
@maxLength(10)
param prefix string

@description('Where the app, the bus and the hub are.')
param location string = resourceGroup().location

@description('Regions that get shares, each with the Azure location of its account. Add at the end. An image serves 2,000 hosts of a region: give a location two regions for more.')
@minLength(1)
@maxLength(60)
param regions { name: string, location: string }[]

@description('Pools of hosts, each with the region whose shares its hosts read.')
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

@description('Addresses below which requests may have packages fetched, each with a slash at its end.')
param packageSources string[] = []

@description('Client id of the Entra ID application that people and programs sign in to for page and API; empty: page and API answer nobody.')
param authClientId string = ''

@description('Topics that commands are spread over: 2,000 subscriptions (hosts) and 5,000 waiting receives each. Changing it moves pools.')
@minValue(1)
@maxValue(50)
param commandTopicCount int = 1

@description('Memory of an instance of the app, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Instances of the app at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Shares a region, which its images are spread over. Add, never take away.')
@minValue(1)
@maxValue(20)
param sharesPerRegion int = 1

@description('Size of each share, in GiB.')
@minValue(100)
@maxValue(102400)
param shareQuotaGiB int = 5120

@description('Redundancy of the accounts: LRS in one datacenter, ZRS over the zones of a region that has them.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string = 'Standard_LRS'

@description('Object id of the group of the hosts\' computer accounts, which read the shares over SMB; empty: give them their rights otherwise.')
param hostsPrincipalId string = ''

@description('A /24 such as 10.60.0.0/24: the app and what it uses are reached over a network of their own. Needs Service Bus Premium. Empty: no network.')
param privateAddressPrefix string = ''

@description('Where orchestrations live: Storage, in the app\'s account; otherwise Durable Task Scheduler with that SKU, for fleets. Build the app with DurableScheduler=true then.')
@allowed(['Storage', 'Consumption', 'Dedicated'])
param durableProvider string = 'Storage'

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 31

@description('GB of logs a day at most; -1: no limit.')
param logDailyQuotaGB int = 5

@description('Resource id of an action group (who is told, and how); empty: there are no alert rules.')
param alertActionGroupId string = ''

@description('Share of hosts\' outcomes within an hour that may be other than success before someone is told, in percent.')
@minValue(1)
@maxValue(100)
param alertFailedOutcomesPercent int = 10

var suffix = uniqueString(resourceGroup().id)
var hostAccountName = 'st${take(prefix, 6)}h${suffix}'
var packagesAccountName = 'st${take(prefix, 6)}p${suffix}'
var imagesAccountName = 'st${take(prefix, 6)}i${suffix}'
var shareAccountNames = [for region in regions: 'st${take(prefix, 6)}${uniqueString(resourceGroup().id, region.name)}']
var appName = '${prefix}-app-${suffix}'
var namespaceName = '${prefix}-bus-${suffix}'
var shareNames = [for i in range(0, sharesPerRegion): i == 0 ? 'appattach' : 'appattach-${i + 1}']
var isPrivate = !empty(privateAddressPrefix)
var publicNetworkAccess = isPrivate ? 'Disabled' : 'Enabled'
var shareTargets = [for (region, i) in regions: {
  name: 'share-${region.name}'
  id: resourceId('Microsoft.Storage/storageAccounts', shareAccountNames[i])
  group: 'file'
}]

// Storage Blob Data Owner: index tags on packages are not part of Contributor, and the Functions host asks for it on its own account.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDelegator = 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
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
    sku: storageSku
    containers: ['deployment']
    principalId: identity.outputs.principalId
    accountRoleIds: [blobDataOwner, queueDataContributor, tableDataContributor]
    containerRoleId: ''
    pageOrigins: []
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module packagesStorage 'modules/storage.bicep' = {
  name: 'packages-storage'
  params: {
    name: packagesAccountName
    location: location
    sku: storageSku
    containers: ['packages']
    principalId: identity.outputs.principalId
    accountRoleIds: [blobDelegator]
    containerRoleId: blobDataOwner
    pageOrigins: empty(authClientId) ? [] : ['https://${appName}.azurewebsites.net']
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module imagesStorage 'modules/storage.bicep' = {
  name: 'images-storage'
  params: {
    name: imagesAccountName
    location: location
    sku: storageSku
    containers: ['images', 'catalog']
    principalId: identity.outputs.principalId
    accountRoleIds: []
    containerRoleId: blobDataContributor
    pageOrigins: []
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module shares 'modules/share.bicep' = [for (region, i) in regions: {
  name: 'share-${region.name}'
  params: {
    name: shareAccountNames[i]
    location: region.location
    sku: storageSku
    shareNames: shareNames
    quotaGiB: shareQuotaGiB
    principalId: identity.outputs.principalId
    hostsPrincipalId: hostsPrincipalId
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}]

// Assign a pool's identity to its machines: with it their listeners read commands and report outcomes.
module hostIdentities 'modules/identity.bicep' = [for pool in pools: {
  name: 'hosts-${pool.name}'
  params: {
    name: '${prefix}-hosts-${pool.name}'
    location: location
  }
}]

module bus 'modules/bus.bicep' = {
  name: 'bus'
  params: {
    name: namespaceName
    location: location
    sku: isPrivate ? 'Premium' : 'Standard'
    commandTopicCount: commandTopicCount
    principalId: identity.outputs.principalId
    hostPrincipalIds: [for (pool, i) in pools: hostIdentities[i].outputs.principalId]
    publicNetworkAccess: publicNetworkAccess
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (isPrivate) {
  name: 'network'
  params: {
    name: '${prefix}-network'
    location: location
    addressPrefix: privateAddressPrefix
    targets: concat([
      { name: 'host-blob', id: hostStorage.outputs.id, group: 'blob' }
      { name: 'host-queue', id: hostStorage.outputs.id, group: 'queue' }
      { name: 'host-table', id: hostStorage.outputs.id, group: 'table' }
      { name: 'packages', id: packagesStorage.outputs.id, group: 'blob' }
      { name: 'images', id: imagesStorage.outputs.id, group: 'blob' }
      { name: 'bus', id: bus.outputs.id, group: 'namespace' }
    ], shareTargets)
  }
  dependsOn: [shares]
}

module scheduler 'modules/scheduler.bicep' = if (durableProvider != 'Storage') {
  name: 'scheduler'
  params: {
    name: '${prefix}-tasks-${suffix}'
    location: location
    sku: durableProvider == 'Dedicated' ? 'Dedicated' : 'Consumption'
    principalId: identity.outputs.principalId
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
    retentionDays: logRetentionDays
    dailyQuotaGB: logDailyQuotaGB
  }
}

module alerts 'modules/alerts.bicep' = if (!empty(alertActionGroupId)) {
  name: 'alerts'
  params: {
    prefix: prefix
    location: location
    insightsId: monitoring.outputs.insightsId
    actionGroupId: alertActionGroupId
    failedOutcomesPercent: alertFailedOutcomesPercent
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  params: {
    name: appName
    location: location
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    hostAccountName: hostStorage.outputs.name
    packagesAccountName: packagesStorage.outputs.name
    imagesAccountName: imagesStorage.outputs.name
    namespaceName: bus.outputs.name
    insightsConnectionString: monitoring.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    commandTopicCount: commandTopicCount
    regions: [for (region, i) in regions: { name: region.name, accountName: shareAccountNames[i] }]
    shareNames: shareNames
    pools: pools
    signature: signature
    trustedThumbprints: trustedThumbprints
    architectures: architectures
    imageCheck: imageCheck
    packageSources: packageSources
    authClientId: authClientId
    subnetId: isPrivate ? network!.outputs.appSubnetId : ''
    schedulerEndpoint: durableProvider == 'Storage' ? '' : scheduler!.outputs.endpoint
    schedulerHub: durableProvider == 'Storage' ? '' : scheduler!.outputs.hub
    workspaceId: monitoring.outputs.workspaceId
  }
}

output appName string = app.outputs.name
output packagesAccount string = packagesAccountName
output bus string = '${namespaceName}.servicebus.windows.net'
output fileHosts string[] = [for (region, i) in regions: '${shareAccountNames[i]}.file.${environment().suffixes.storage}']
output hostClientIds object[] = [for (pool, i) in pools: { pool: pool.name, clientId: hostIdentities[i].outputs.clientId }]

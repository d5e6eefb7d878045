// The Functions app on Flex Consumption (Linux). Settings are those of local.settings.sample.json, with the app's identity.
param name string
param location string
param identityId string
param clientId string
param hostAccountName string
param packagesAccountName string
param imagesAccountName string
param namespaceName string
param insightsConnectionString string
param instanceMemoryMB int
param commandTopicCount int
param regions { name: string, accountName: string }[]
param shareName string
param pools { name: string, region: string }[]
param signature string
param trustedThumbprints string[]
param architectures string[]
param imageCheck string

var storageSuffix = environment().suffixes.storage
var signIn = [for connection in ['AzureWebJobsStorage', 'Packages', 'Images', 'Bus']: [
  { name: '${connection}__credential', value: 'managedidentity' }
  { name: '${connection}__clientId', value: clientId }
]]
var addresses = [
  { name: 'AzureWebJobsStorage__blobServiceUri', value: 'https://${hostAccountName}.blob.${storageSuffix}' }
  { name: 'AzureWebJobsStorage__queueServiceUri', value: 'https://${hostAccountName}.queue.${storageSuffix}' }
  { name: 'AzureWebJobsStorage__tableServiceUri', value: 'https://${hostAccountName}.table.${storageSuffix}' }
  { name: 'Packages__blobServiceUri', value: 'https://${packagesAccountName}.blob.${storageSuffix}' }
  { name: 'Images__blobServiceUri', value: 'https://${imagesAccountName}.blob.${storageSuffix}' }
  { name: 'Bus__fullyQualifiedNamespace', value: '${namespaceName}.servicebus.windows.net' }
]
var insights = [
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnectionString }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${clientId};Authorization=AAD' }
]
var deployment = [
  { name: 'AppAttach__CommandTopics', value: string(commandTopicCount) }
  { name: 'AppAttach__Policy__Signature', value: signature }
  { name: 'AppAttach__ImageCheck', value: imageCheck }
]
var regionSettings = [for (region, i) in regions: [
  { name: 'AppAttach__Regions__${i}__Name', value: region.name }
  { name: 'AppAttach__Regions__${i}__ShareUri', value: 'https://${region.accountName}.file.${storageSuffix}/${shareName}' }
  { name: 'AppAttach__Regions__${i}__UncPath', value: '\\\\${region.accountName}.file.${storageSuffix}\\${shareName}' }
]]
var poolSettings = [for (pool, i) in pools: [
  { name: 'AppAttach__Pools__${i}__Name', value: pool.name }
  { name: 'AppAttach__Pools__${i}__Region', value: pool.region }
]]
var trustSettings = [for (thumbprint, i) in trustedThumbprints: { name: 'AppAttach__Policy__TrustedThumbprints__${i}', value: thumbprint }]
var architectureSettings = [for (architecture, i) in architectures: { name: 'AppAttach__Policy__Architectures__${i}', value: architecture }]

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  tags: { 'azd-service-name': 'app' }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${hostAccountName}.blob.${storageSuffix}/deployment'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: 40
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat(flatten(signIn), addresses, insights, deployment, flatten(regionSettings), flatten(poolSettings), trustSettings, architectureSettings)
    }
  }
}

output name string = app.name

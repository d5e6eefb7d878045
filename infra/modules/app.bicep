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

@description('Instances at most: 40 to 1,000. Conversions and replications share them with everything else.')
param maximumInstanceCount int
param commandTopicCount int
param regions { name: string, accountName: string }[]
param shareNames string[]
param pools { name: string, region: string }[]
param signature string
param trustedThumbprints string[]
param architectures string[]
param imageCheck string
param packageSources string[]

@description('Client id of the Entra ID application whose app roles reader and operator let callers in; empty: page and API answer nobody.')
param authClientId string

@description('Subnet that the app sends from; empty: none.')
param subnetId string

@description('Endpoint and hub of Durable Task Scheduler; empty: orchestrations live in the storage account.')
param schedulerEndpoint string
param schedulerHub string
param workspaceId string

var storageSuffix = environment().suffixes.storage
var signIn = [for connection in ['AzureWebJobsStorage', 'Packages', 'Images', 'Bus', 'Insights']: [
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
  { name: 'AzureWebJobsDisableHomepage', value: 'true' }
  { name: 'AppAttach__CommandTopics', value: string(commandTopicCount) }
  { name: 'AppAttach__Policy__Signature', value: signature }
  { name: 'AppAttach__ImageCheck', value: imageCheck }
]
var regionNames = [for (region, i) in regions: { name: 'AppAttach__Regions__${i}__Name', value: region.name }]
var shareAddresses = [for i in range(0, length(regions) * length(shareNames)): {
  setting: 'AppAttach__Regions__${i / length(shareNames)}__Shares__${i % length(shareNames)}'
  host: '${regions[i / length(shareNames)].accountName}.file.${storageSuffix}'
  share: shareNames[i % length(shareNames)]
}]
var shareUris = [for address in shareAddresses: { name: '${address.setting}__Uri', value: 'https://${address.host}/${address.share}' }]
var sharePaths = [for address in shareAddresses: { name: '${address.setting}__UncPath', value: '\\\\${address.host}\\${address.share}' }]

// host.json names Azure Storage; settings of this form win over it.
var schedulerSettings = empty(schedulerEndpoint) ? [] : [
  { name: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING', value: 'Endpoint=${schedulerEndpoint};TaskHub=${schedulerHub};Authentication=ManagedIdentity;ClientID=${clientId}' }
  { name: 'AzureFunctionsJobHost__extensions__durableTask__hubName', value: schedulerHub }
  { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__type', value: 'azureManaged' }
  { name: 'AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName', value: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING' }
]
var poolSettings = [for (pool, i) in pools: [
  { name: 'AppAttach__Pools__${i}__Name', value: pool.name }
  { name: 'AppAttach__Pools__${i}__Region', value: pool.region }
]]
var trustSettings = [for (thumbprint, i) in trustedThumbprints: { name: 'AppAttach__Policy__TrustedThumbprints__${i}', value: thumbprint }]
var sourceSettings = [for (source, i) in packageSources: { name: 'AppAttach__Sources__${i}', value: source }]
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
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
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
        maximumInstanceCount: maximumInstanceCount
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      appSettings: concat(flatten(signIn), addresses, insights, deployment, regionNames, shareUris, sharePaths, flatten(poolSettings), trustSettings, architectureSettings, sourceSettings, schedulerSettings)
    }
  }
}

// Who gets as far as the app is signed in; what he may do there the app reads from the roles itself. Without a client secret people sign in with ID tokens.
resource authentication 'Microsoft.Web/sites/config@2024-04-01' = if (!empty(authClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: { allowedAudiences: [authClientId, 'api://${authClientId}'] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'FunctionAppLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output name string = app.name

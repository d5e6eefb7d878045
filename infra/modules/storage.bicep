// A storage account of blobs, with its containers and the app's rights on it. No keys, no anonymous access.
param name string
param location string

@description('LRS keeps three copies in one datacenter, ZRS in three zones of a region.')
param sku string
param containers string[]
param principalId string

@description('Roles of the app on the whole account.')
param accountRoleIds string[]

@description('Role of the app on each container; empty: none.')
param containerRoleId string

@description('Addresses of pages that may send blobs here, with an address that lets them; empty: none.')
param pageOrigins string[]

@description('Disabled: the account is reached by private endpoints only.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    networkAcls: { bypass: 'AzureServices', defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny' }
    publicNetworkAccess: publicNetworkAccess
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
    cors: {
      corsRules: empty(pageOrigins) ? [] : [
        {
          allowedOrigins: pageOrigins
          allowedMethods: ['PUT']
          allowedHeaders: ['content-type', 'if-none-match', 'x-ms-*']
          exposedHeaders: []
          maxAgeInSeconds: 3600
        }
      ]
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [for container in containers: {
  parent: blobs
  name: container
  properties: { publicAccess: 'None' }
}]

resource accountRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for roleId in accountRoleIds: {
  scope: account
  name: guid(account.id, principalId, roleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
  }
}]

resource containerRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (container, i) in containers: if (!empty(containerRoleId)) {
  scope: blobContainers[i]
  name: guid(account.id, container, principalId, containerRoleId)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', containerRoleId)
  }
}]

// Who wrote and deleted what. Reads are left out: a conversion makes thousands.
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [
      { category: 'Transaction', enabled: true }
    ]
  }
}

output id string = account.id
output name string = account.name

// One region's account with the shares that its hosts mount images from.
// Hosts reach it over SMB by an identity that the account knows; joining it to a directory is not done here (README.md).
// Limits of a share: 10,000 open handles of its root (hosts times images), 2,000 of a file (so 2,000 hosts a region), 1,000 IOPS and 60 MiB/s a file on HDD.
param name string
param location string
param sku string

@description('Names of the shares; images are spread over them.')
param shareNames string[]

@description('Size of each share in GiB; on HDD pay-as-you-go only what is used is billed.')
param quotaGiB int
param principalId string
param hostsPrincipalId string

@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string
param workspaceId string

var fileDataPrivilegedContributor = '69566ab7-960f-475b-8e7c-b3118f30c6bd'
var fileDataSmbShareReader = 'aba4ae5f-2193-4029-9191-0cb91df5e314'

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
    largeFileSharesState: 'Enabled'
    minimumTlsVersion: 'TLS1_2'
    networkAcls: { bypass: 'AzureServices', defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny' }
    publicNetworkAccess: publicNetworkAccess
    supportsHttpsTrafficOnly: true
  }
}

resource files 'Microsoft.Storage/storageAccounts/fileServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    shareDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource shares 'Microsoft.Storage/storageAccounts/fileServices/shares@2025-01-01' = [for shareName in shareNames: {
  parent: files
  name: shareName
  properties: {
    accessTier: 'TransactionOptimized'
    enabledProtocols: 'SMB'
    shareQuota: quotaGiB
  }
}]

// Its scope is the account: for a share, the role is checked on the account's file service.
resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, fileDataPrivilegedContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', fileDataPrivilegedContributor)
  }
}

resource hostsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(hostsPrincipalId)) {
  scope: account
  name: guid(account.id, hostsPrincipalId, fileDataSmbShareReader)
  properties: {
    principalId: hostsPrincipalId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', fileDataSmbShareReader)
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: files
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [
      { category: 'Transaction', enabled: true }
    ]
  }
}

output id string = account.id

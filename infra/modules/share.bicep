// One region's account with the share that its hosts mount images from.
// Hosts reach it over SMB by an identity that the account knows; joining it to a directory is not done here (README.md).
param name string
param location string
param shareName string
param principalId string
param hostsPrincipalId string

var fileDataPrivilegedContributor = '69566ab7-960f-475b-8e7c-b3118f30c6bd'
var fileDataSmbShareReader = 'aba4ae5f-2193-4029-9191-0cb91df5e314'

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    largeFileSharesState: 'Enabled'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: shareName
      properties: {
        accessTier: 'TransactionOptimized'
        enabledProtocols: 'SMB'
        shareQuota: 5120
      }
    }
  }
}

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

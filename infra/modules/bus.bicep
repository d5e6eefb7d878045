// The Service Bus namespace with its entities. Subscriptions of hosts are made by the app when a host first says hello.
// Limits: 2,000 subscriptions and 5,000 waiting receives a topic, 10,000 queues and topics a Standard namespace.
param name string
param location string

@description('Private endpoints need Premium.')
@allowed(['Standard', 'Premium'])
param sku string
param commandTopicCount int
param principalId string

@description('Principal ids of the pools\' identities.')
param hostPrincipalIds string[]

@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string
param workspaceId string

var dataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var dataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

// Making subscriptions and rules at run time needs Owner; on the command topics only.
var dataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'
var queueNames = ['drops', 'requests', 'host-outcomes']

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: name
  location: location
  sku: { name: sku, tier: sku }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: publicNetworkAccess
  }
}

// Event Grid delivers from outside of any network of ours: as a trusted service, by its identity.
resource network 'Microsoft.ServiceBus/namespaces/networkRuleSets@2022-10-01-preview' = if (publicNetworkAccess == 'Disabled') {
  parent: namespace
  name: 'default'
  properties: {
    defaultAction: 'Deny'
    publicNetworkAccess: 'Disabled'
    trustedServiceAccessEnabled: true
  }
}

// A message that fails is put back by the app with back-off; maxDeliveryCount is for crashes.
resource queues 'Microsoft.ServiceBus/namespaces/queues@2022-10-01-preview' = [for queueName in queueNames: {
  parent: namespace
  name: queueName
  properties: {
    lockDuration: 'PT1M'
    maxDeliveryCount: 10
    deadLetteringOnMessageExpiration: true
  }
}]

resource eventsTopic 'Microsoft.ServiceBus/namespaces/topics@2022-10-01-preview' = {
  parent: namespace
  name: 'events'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P7D'
  }
}

// Without duplicate detection: a command that was sent before its host's subscription existed must count when it is sent again.
resource commandTopics 'Microsoft.ServiceBus/namespaces/topics@2022-10-01-preview' = [for i in range(0, commandTopicCount): {
  parent: namespace
  name: 'host-commands-${i}'
  properties: {
    requiresDuplicateDetection: false
  }
}]

resource receiveRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, i) in queueNames: {
  scope: queues[i]
  name: guid(namespace.id, queueName, principalId, dataReceiver)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReceiver)
  }
}]

// To put messages back.
resource putBackRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (queueName, i) in queueNames: {
  scope: queues[i]
  name: guid(namespace.id, queueName, principalId, dataSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}]

resource eventsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: eventsTopic
  name: guid(eventsTopic.id, principalId, dataSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}

resource commandRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for i in range(0, commandTopicCount): {
  scope: commandTopics[i]
  name: guid(namespace.id, 'host-commands-${i}', principalId, dataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataOwner)
  }
}]

// A pool's topic follows from a hash of its name that Bicep cannot compute, and its hosts' subscriptions come later: so every pool's
// identity may read every command topic.
resource hostsReceiveRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for i in range(0, commandTopicCount * length(hostPrincipalIds)): {
  scope: commandTopics[i / length(hostPrincipalIds)]
  name: guid(namespace.id, 'host-commands-${i / length(hostPrincipalIds)}', hostPrincipalIds[i % length(hostPrincipalIds)], dataReceiver)
  properties: {
    principalId: hostPrincipalIds[i % length(hostPrincipalIds)]
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReceiver)
  }
}]

resource hostsSendRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for hostPrincipalId in hostPrincipalIds: {
  scope: queues[2]
  name: guid(namespace.id, 'host-outcomes', hostPrincipalId, dataSender)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: namespace
  name: 'workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'OperationalLogs', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output id string = namespace.id
output name string = namespace.name

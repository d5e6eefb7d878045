// The Service Bus namespace with its entities. Subscriptions of hosts are made by the app when a host first says hello.
param name string
param location string
param commandTopicCount int
param principalId string
param hostsPrincipalId string

var dataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var dataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'

// Making subscriptions and rules at run time needs Owner; on the command topics only.
var dataOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'
var queueNames = ['drops', 'requests', 'host-outcomes']

resource namespace 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: name
  location: location
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

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
    duplicateDetectionHistoryTimeWindow: 'PT1H'
  }
}

resource commandTopics 'Microsoft.ServiceBus/namespaces/topics@2022-10-01-preview' = [for i in range(0, commandTopicCount): {
  parent: namespace
  name: 'host-commands-${i}'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'PT10M'
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

// All hosts of the group read all command topics; a receiver role on each host's own subscription is narrower and not done yet.
resource hostsReceiveRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for i in range(0, commandTopicCount): if (!empty(hostsPrincipalId)) {
  scope: commandTopics[i]
  name: guid(namespace.id, 'host-commands-${i}', hostsPrincipalId, dataReceiver)
  properties: {
    principalId: hostsPrincipalId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataReceiver)
  }
}]

resource hostsSendRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(hostsPrincipalId)) {
  scope: queues[2]
  name: guid(namespace.id, 'host-outcomes', hostsPrincipalId, dataSender)
  properties: {
    principalId: hostsPrincipalId
    principalType: 'Group'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataSender)
  }
}

output name string = namespace.name

// Durable Task Scheduler, where the app's orchestrations live instead of in its storage account. By identity only.
param name string
param location string

@description('Consumption bills by action, Dedicated by capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param sku string
param principalId string

var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  properties: {
    ipAllowlist: ['0.0.0.0/0']
    sku: { name: sku }
  }

  resource hub 'taskHubs' = {
    name: 'appattach'
  }
}

resource role 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler
  name: guid(scheduler.id, principalId, durableTaskDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
  }
}

output endpoint string = scheduler.properties.endpoint
output hub string = scheduler::hub.name

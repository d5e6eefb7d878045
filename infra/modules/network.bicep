// A network of the app's own, from which it reaches its accounts and its bus by private endpoints. Hosts reach theirs from networks of
// their own: peer them, and link the zones made here to them.
param name string
param location string

@description('A /24; the app gets its first half, the endpoints the second.')
param addressPrefix string

@description('What gets an endpoint: resource id, and the group that names its service (blob, queue, table, file, namespace).')
param targets { name: string, id: string, group: string }[]

var storageSuffix = environment().suffixes.storage
var zoneNames = {
  blob: 'privatelink.blob.${storageSuffix}'
  queue: 'privatelink.queue.${storageSuffix}'
  table: 'privatelink.table.${storageSuffix}'
  file: 'privatelink.file.${storageSuffix}'
  namespace: 'privatelink.servicebus.windows.net'
}
var groups = ['blob', 'queue', 'table', 'file', 'namespace']

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 25, 0)
          delegations: [
            { name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, 25, 1) }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointsSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [for group in groups: {
  name: zoneNames[group]
  location: 'global'
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (group, i) in groups: {
  parent: zones[i]
  name: name
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: network.id }
  }
}]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for target in targets: {
  name: '${name}-${target.name}'
  location: location
  properties: {
    subnet: { id: network::endpointsSubnet.id }
    privateLinkServiceConnections: [
      {
        name: target.name
        properties: { privateLinkServiceId: target.id, groupIds: [target.group] }
      }
    ]
  }
}]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [for (target, i) in targets: {
  parent: endpoints[i]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: target.group
        properties: { privateDnsZoneId: zones[indexOf(groups, target.group)].id }
      }
    ]
  }
}]

output appSubnetId string = network::appSubnet.id

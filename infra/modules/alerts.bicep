// What an operator is woken for: rules over the app's own metrics. The queries are those of Observability.md beside the app, which says what each means.
param prefix string
param location string
param insightsId string

@description('Resource id of the action group that is told.')
param actionGroupId string

@description('Share of hosts\' outcomes that may be other than success within an hour, in percent.')
param failedOutcomesPercent int

// A row that a query gives is one thing too many. Severity: 1 is an error, 2 a warning.
var rules = [
  {
    name: 'publishing-failed'
    description: 'A package could not be published for a reason that is not its own, or a rollout failed or was halted.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT5M'
    query: '''
customMetrics
| where name == 'appattach.events'
| extend type = tostring(customDimensions.type), code = tostring(customDimensions.code)
| where type has_any ('failed', 'halted')
| summarize number = sum(valueSum) by type, code
| where number > 0
'''
  }
  {
    name: 'dead-letters'
    description: 'A message could not be handled and waits for a human among the dead letters.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT5M'
    query: '''
customMetrics
| where name == 'appattach.messages' and customDimensions.fate == 'DeadLettered'
| summarize number = sum(valueSum) by queue = tostring(customDimensions.queue)
| where number > 0
'''
  }
  {
    name: 'activities-failing'
    description: 'More than a fifth of the attempts of an activity fail.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    query: '''
customMetrics
| where name == 'appattach.activity.duration'
| extend activity = tostring(customDimensions.activity)
| summarize attempts = sum(valueCount), failed = sumif(valueCount, customDimensions.result == 'failed') by activity
| where failed > 0.2 * attempts
'''
  }
  {
    name: 'hosts-failing'
    description: 'Hosts refuse or fail more than they may.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    query: '''
customMetrics
| where name == 'appattach.outcomes'
| summarize total = sum(valueSum), failed = sumif(valueSum, customDimensions.result != 'Succeeded')
| where failed * 100 > PERCENT * total
'''
  }
  {
    name: 'hosts-silent'
    description: 'More than a tenth of a day\'s commands were not answered.'
    severity: 2
    frequency: 'PT1H'
    window: 'P1D'
    query: '''
customMetrics
| where name in ('appattach.commands', 'appattach.outcomes')
| summarize sent = sumif(valueSum, name == 'appattach.commands'), said = sumif(valueSum, name == 'appattach.outcomes') by kind = tostring(customDimensions.kind)
| where said < 0.9 * sent
'''
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = [for rule in rules: {
  name: '${prefix}-${rule.name}'
  location: location
  properties: {
    description: rule.description
    severity: rule.severity
    enabled: true
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    scopes: [insightsId]
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: replace(rule.query, 'PERCENT', string(failedOutcomesPercent))
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}]

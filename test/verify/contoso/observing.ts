/** A workbook, what the repository's list says of it, and an analytics rule. */
export const workbook = {
  version: 'Notebook/1.0',
  items: [
    { type: 1, content: { json: 'How fast.' }, name: 'introduction' },
    {
      type: 12,
      content: {
        version: 'NotebookGroup/1.0',
        items: [
          {
            type: 3,
            content: {
              version: 'KqlItem/1.0',
              query: 'SecurityIncident | count',
              timeContextFromParameter: 'TimeRange',
              noDataMessage: 'No incident.',
            },
            name: 'incidents',
          },
        ],
      },
      name: 'group',
    },
  ],
  fromTemplateId: 'sentinel-Contoso',
};

export const workbooksMetadata = [
  {
    workbookKey: 'ContosoWorkbook',
    logoFileName: 'contoso.svg',
    description: 'How fast.',
    dataTypesDependencies: ['SecurityIncident'],
    dataConnectorsDependencies: [],
    previewImagesFileNames: ['ContosoBlack.png', 'ContosoWhite.png'],
    version: '1.0.0',
    title: 'Contoso',
    templateRelativePath: 'Contoso.json',
    subtitle: '',
    provider: 'Contoso',
  },
];

export const analyticsRule = `id: 8c7c5a0e-3b0b-4d5f-9a57-3f2a1b7c9d10
name: Contoso page failed
description: |
  Identifies incidents that nobody was paged about.
severity: High
status: Available
requiredDataConnectors: []
queryFrequency: 15m
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
tactics:
  - DefenseEvasion
relevantTechniques:
  - T1562
query: |
  SecurityIncident
  | where CreatedTime > ago(1h)
  | extend Playbook = "Contoso-Page"
entityMappings:
  - entityType: CloudApplication
    fieldMappings:
      - identifier: Name
        columnName: Playbook
customDetails:
  Incident: IncidentNumber
version: 1.0.0
kind: Scheduled
`;

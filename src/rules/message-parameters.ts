import type { MessageChoice } from './choices.ts';
import type { WorkflowChoices } from './expressions.ts';
import type { NameTables } from './product-names.ts';

/** The message as workflow parameters. */
export function messageParameters(choice: MessageChoice): WorkflowChoices {
  return {
    TitleTemplate: {
      type: 'String',
      defaultValue: choice.title,
      description: 'Title of the SIGNL4 alert. Fields in double braces, for example {{incident.title}}.',
    },
    TextTemplate: {
      type: 'String',
      defaultValue: choice.text,
      description: 'Text of the SIGNL4 alert. Fields in double braces.',
    },
    AlertParameters: {
      type: 'Array',
      defaultValue: Object.entries(choice.parameters).map(([name, value]) => ({ name, value })),
      description:
        'Further parameters of the SIGNL4 alert in the order shown: objects with a name and a value, fields in double braces. A parameter whose value is empty is left out.',
    },
    Category: {
      type: 'String',
      defaultValue: choice.category,
      description: 'SIGNL4 category of the alert. Empty: SIGNL4 decides.',
    },
    AlertingScenarios: {
      type: 'Object',
      defaultValue: Object.fromEntries(
        Object.entries(choice.scenarios).flatMap(([severity, scenario]) =>
          scenario === undefined ? [] : [[severity.toLowerCase(), scenario]],
        ),
      ),
      description:
        'Severity in lower case to alerting scenario: single_ack, multi_ack or emergency. A severity that is not named uses the setting of the team.',
    },
    MaxAlerts: {
      type: 'Int',
      defaultValue: choice.maxAlerts,
      description: 'Alerts listed before the rest is counted.',
    },
    MaxEntities: {
      type: 'Int',
      defaultValue: choice.maxEntities,
      description: 'Entities of one kind listed before the rest is counted.',
    },
  };
}

/** Friendly names as workflow parameters; keys are in lower case. `company` is the config's, empty for "by id". */
export function nameParameters(names: NameTables, company: string): WorkflowChoices {
  const table = (defaultValue: Readonly<Record<string, string>>, description: string) => ({
    type: 'Object' as const,
    defaultValue: { ...defaultValue },
    description: `${description} Keys are in lower case.`,
  });
  return {
    ProductNames: table(names.products, 'What Microsoft Sentinel calls a product to what people call it.'),
    CompanyNames: table(names.companies, 'Workspace or tenant GUID to the name of the company.'),
    EntityNames: table(names.entities, 'Name of an account, host or address to what people call it.'),
    Company: {
      type: 'String',
      defaultValue: company,
      description: 'Company shown on the alert. Empty: CompanyNames decides by workspace or tenant.',
    },
  };
}

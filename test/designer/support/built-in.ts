import type { Parameter } from './parameter.ts';
import type { Offer } from './settings.ts';

/*
 * The operations that are built into Logic Apps, as far as playbooks use them. Facts: Azure/LogicAppsUX,
 * libs/logic-apps-shared/src/designer-client-services/lib/base/manifests/*.ts and consumption/manifests/compose.ts.
 */

export interface BuiltIn {
  /** Member that holds the parameters: `inputs`, or `expression` of an If. Left out: they are beside the others. */
  readonly inputs?: 'inputs' | 'expression';
  /** In the order in which they are written. */
  readonly parameters: readonly Parameter[];
  /** Where the actions inside lie. */
  readonly children?: readonly (readonly string[])[];
  /** Member whose every entry has actions and a value of its own; written after `children`. */
  readonly cases?: { readonly path: string; readonly value: Parameter };
  readonly offer: Offer;
}

const tracked = { trackedProperties: true } as const;
const text = (...path: readonly string[]) => ({ path, type: 'string' }) as const;
const integer = (...path: readonly string[]) => ({ path, type: 'integer' }) as const;
const object = (...path: readonly string[]) => ({ path, type: 'object' }) as const;
const array = (...path: readonly string[]) => ({ path, type: 'array' }) as const;
const anything = (...path: readonly string[]) => ({ path, type: 'any' }) as const;
const required = (parameter: Parameter) => ({ ...parameter, required: true });

/** Actions by type, in lower case as the designer compares them. */
export const actions: Readonly<Record<string, BuiltIn>> = {
  compose: { inputs: 'inputs', parameters: [anything()], offer: { ...tracked, secure: ['inputs'] } },
  http: {
    inputs: 'inputs',
    parameters: [
      required({ ...text('uri'), format: 'uri' }),
      required(text('method')),
      object('headers'),
      object('queries'),
      anything('body'),
      text('cookie'),
      object('authentication'),
    ],
    offer: {
      ...tracked,
      secure: ['inputs', 'outputs'],
      retryPolicy: true,
      timeout: true,
      paging: true,
      options: ['DisableAsyncPattern', 'DisableAutomaticDecompression', 'SuppressWorkflowHeaders'],
    },
  },
  select: {
    inputs: 'inputs',
    parameters: [required(array('from')), required({ ...object('select'), map: true })],
    offer: { ...tracked, secure: ['inputs', 'outputs'] },
  },
  query: {
    inputs: 'inputs',
    parameters: [required(array('from')), required({ ...text('where'), condition: 'line' })],
    offer: { ...tracked, secure: ['inputs', 'outputs'] },
  },
  parsejson: {
    inputs: 'inputs',
    parameters: [required(anything('content')), required(object('schema'))],
    offer: { ...tracked, secure: ['inputs'] },
  },
  // Values of variables have the type of the variable; see `open-and-save.ts`.
  initializevariable: { inputs: 'inputs', parameters: [required(array('variables'))], offer: tracked },
  setvariable: {
    inputs: 'inputs',
    parameters: [required(text('name')), required(anything('value'))],
    offer: tracked,
  },
  wait: {
    inputs: 'inputs',
    parameters: [required(integer('interval', 'count')), required(text('interval', 'unit'))],
    offer: { ...tracked, secure: ['inputs'] },
  },
  response: {
    inputs: 'inputs',
    parameters: [required(integer('statusCode')), object('headers'), anything('body'), object('schema')],
    offer: { ...tracked, secure: ['inputs'], options: ['Asynchronous'] },
  },
  terminate: {
    inputs: 'inputs',
    parameters: [required(text('runStatus')), text('runError', 'code'), text('runError', 'message')],
    offer: tracked,
  },
  if: {
    inputs: 'expression',
    parameters: [required({ ...object(), condition: 'rows' })],
    children: [['actions'], ['else', 'actions']],
    offer: tracked,
  },
  switch: {
    inputs: 'expression',
    parameters: [required(anything())],
    children: [['default', 'actions']],
    cases: { path: 'cases', value: required(anything('case')) },
    offer: tracked,
  },
  foreach: {
    parameters: [required(array('foreach'))],
    children: [['actions']],
    offer: { ...tracked, concurrency: 'repetitions' },
  },
  until: {
    parameters: [
      required({ ...text('expression'), condition: 'line' }),
      integer('limit', 'count'),
      text('limit', 'timeout'),
    ],
    children: [['actions']],
    offer: tracked,
  },
  scope: { parameters: [], children: [['actions']], offer: tracked },
};

/** Triggers by type. */
export const triggers: Readonly<Record<string, BuiltIn>> = {
  request: {
    inputs: 'inputs',
    parameters: [text('method'), object('schema'), text('relativePath')],
    offer: {
      secure: ['inputs', 'outputs'],
      concurrency: 'runs',
      options: ['SuppressWorkflowHeadersOnResponse', 'EnableSchemaValidation'],
    },
  },
  recurrence: { parameters: [required(object('recurrence'))], offer: { concurrency: 'runs' } },
};

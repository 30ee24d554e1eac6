import { isPlaceholderText } from '../../../arm-expressions/value.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import type { ActionNode } from '../../../engine/model.ts';
import { referencesOfAction } from '../../../engine/references.ts';
import { references } from '../../../wdl/references.ts';
import { type Call, callsOf, withHoles } from '../../calls.ts';
import { listAt, objectAt, textAt, textsOf } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { sources } from '../../sources.ts';
import type { WorkflowSubject } from '../../workflow-subject.ts';

const SECRET_MEMBER =
  /(password|passwd|secret|api[-_]?key|access[-_]?key|account[-_]?key|client[-_]?secret|authorization|sas[-_]?token|bearer)$/i;
/** Members that match above but hold no secret, such as the name or address of one. */
const HARMLESS_MEMBER = /(name|uri|url|version|type)$/i;

/** Secrets that would be visible in a run history, a definition or an output. */
export const workflowSecretRules: readonly SubjectRule<WorkflowSubject>[] = [
  {
    id: 'workflow.unsecured-input',
    level: 'warning',
    source: sources.securing,
    help: 'Add runtimeConfiguration {"secureData": {"properties": ["inputs"]}}: without it the run history shows the secret.',
    check: (subject) => {
      const secrets = secretParameters(subject);
      return [
        ...subject.model.nodes
          .filter((node) => hasInputs(node) && !secures(node.action as unknown as Json, 'inputs'))
          .flatMap((node) => {
            const used = referencesOfAction(node.action).parameters.find(({ name }) => secrets.has(name.toLowerCase()));
            return used
              ? [{ pointer: node.pointer, message: `"${node.name}" uses the secret "${used.name}" with open inputs` }]
              : [];
          }),
        ...Object.entries(objectAt(subject.definition, 'triggers'))
          .filter(([, trigger]) => !secures(trigger, 'inputs'))
          .flatMap(([name, trigger]) => {
            const used = references(objectAt(trigger)['inputs'] ?? null).parameters.find((one) =>
              secrets.has(one.name.toLowerCase()),
            );
            return used
              ? [
                  {
                    pointer: `/triggers${pointerStep(name)}`,
                    message: `the trigger uses the secret "${used.name}" with open inputs`,
                  },
                ]
              : [];
          }),
      ];
    },
  },
  {
    id: 'workflow.unsecured-output',
    level: 'warning',
    source: sources.securing,
    help: 'Add runtimeConfiguration {"secureData": {"properties": ["inputs", "outputs"]}}: without it the run history shows what comes back.',
    check: (subject) =>
      callsOf(subject)
        .filter(({ node }) => !secures(node.action as unknown as Json, 'outputs'))
        .filter(readsSecret)
        .map(({ node }) => ({ pointer: node.pointer, message: `"${node.name}" reads a secret with open outputs` })),
  },
  {
    id: 'workflow.plain-parameter',
    level: 'warning',
    source: sources.securing,
    help: 'Declare the parameter of the definition as SecureString, and give it in properties.parameters, not as a default.',
    check: ({ definition, secretParameters: filled }) =>
      Object.entries(objectAt(definition, 'parameters'))
        .filter(([name, one]) => filled.has(name.toLowerCase()) && !/^secure/i.test(textAt(one, 'type') ?? ''))
        .map(([name]) => ({
          pointer: `/parameters${pointerStep(name)}`,
          message: `a secret of the template goes into "${name}", which is readable in the definition`,
        })),
  },
  {
    id: 'workflow.secret-literal',
    level: 'error',
    source: sources.securing,
    help: 'Take it from a SecureString parameter or Azure Key Vault, and replace it where it is used.',
    check: ({ definition }) =>
      textsOf(definition)
        .filter(({ name, text }) => SECRET_MEMBER.test(name) && !HARMLESS_MEMBER.test(name) && isLiteralSecret(text))
        .filter(({ pointer }) => !/\/(schema|metadata)\/|\/description$/.test(pointer))
        .map(({ pointer, name }) => ({ pointer, message: `"${name}" is written out` })),
  },
  {
    id: 'workflow.callback-output',
    level: 'warning',
    source: sources.securing,
    help: 'Remove it: anyone who has the URL can start the workflow.',
    check: ({ definition, model }) => [
      ...textsOf(definition['outputs'] ?? null, '/outputs')
        .filter(({ text }) => /listCallbackUrl\(/i.test(text))
        .map(({ pointer }) => ({ pointer, message: 'an output shows the callback URL' })),
      ...model.nodes
        .filter(({ type, action }) => type === 'Response' && /listCallbackUrl\(/i.test(JSON.stringify(action)))
        .map(({ pointer, name }) => ({ pointer, message: `the response "${name}" shows the callback URL` })),
    ],
  },
];

function secretParameters({ definition, secretParameters: filled }: WorkflowSubject): ReadonlySet<string> {
  const declared = Object.entries(objectAt(definition, 'parameters'))
    .filter(([, one]) => /^secure/i.test(textAt(one, 'type') ?? ''))
    .map(([name]) => name.toLowerCase());
  return new Set([...declared, ...filled]);
}

/** Containers have no inputs to secure. Setting a variable cannot be secured, so it must not hold a secret. */
function hasInputs({ action }: ActionNode): boolean {
  return objectAt(action as unknown as Json)['inputs'] !== undefined;
}

function secures(action: Json, side: 'inputs' | 'outputs'): boolean {
  return listAt(action, 'runtimeConfiguration', 'secureData', 'properties').some(
    (one) => `${one}`.toLowerCase() === side,
  );
}

/** Reads secrets of Key Vault, tokens of Microsoft Entra ID, or keys and callback URLs of Azure resources. */
function readsSecret({ inputs, api, method }: Call): boolean {
  if (api?.kind === 'managed' && api.name === 'keyvault') return /\/secrets\/[^/]*\/value/i.test(holed(inputs, 'path'));
  const uri = holed(inputs, 'uri');
  if (/\/oauth2\/(v2\.0\/)?token/i.test(uri)) return true;
  if (/\.vault\.azure\.net\/secrets\/|\/secrets\/[^/]+\?.*api-version/i.test(uri)) return true;
  return method === 'post' && /\/(listKeys|listSecrets|listCallbackUrl|regenerateKey)(\?|$)/i.test(uri);
}

function holed(inputs: JsonObject, member: string): string {
  const text = textAt(inputs, member) ?? '';
  return withHoles(text) ?? text;
}

/** A string of some length that is no expression, parameter placeholder or scheme name. */
function isLiteralSecret(text: string): boolean {
  return (
    text.length >= 8 &&
    !text.includes('@{') &&
    !text.startsWith('@') &&
    !/^<.*>$/.test(text) &&
    !isPlaceholderText(text) &&
    !/\s.*\s/.test(text)
  );
}

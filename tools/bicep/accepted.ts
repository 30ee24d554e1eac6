import type { Diagnostic } from './compile.ts';

/** A warning that stays, with the reason; everything else fails the run. */
interface Accepted {
  readonly code: string;
  readonly message: RegExp;
  readonly reason: string;
}

/** Warnings that decompiling causes: the JSON has no such weakness. */
const decompiling: readonly Accepted[] = [
  {
    code: 'decompiler-cleanup',
    message: /originated from a naming conflict/,
    reason:
      'Bicep has one name space, JSON three: the decompiler renames a variable or resource that is called like a parameter.',
  },
  {
    code: 'no-unnecessary-dependson',
    message: /Remove unnecessary dependsOn entry/,
    reason:
      'Bicep concludes dependencies from references; JSON must write them out, and the decompiler makes references of names.',
  },
  {
    code: 'no-unused-vars',
    message: /Variable "\w+Id" is declared but never used/,
    reason: 'The decompiler replaces ids in dependencies by symbols, and the variable that held the id is left over.',
  },
];

/** Warnings of type definitions that lack what the service takes and reviewers ask for. */
const typeGaps: readonly Accepted[] = [
  {
    code: 'BCP187',
    message: /property "kind" does not exist/,
    reason:
      'Microsoft.Web/connections: reviewers require kind V1 on the connection of Microsoft Sentinel; the public types lack it.',
  },
  {
    code: 'BCP037',
    message: /"parameterValueType" is not allowed on objects of type "ApiConnectionDefinitionProperties"/,
    reason:
      'Microsoft.Web/connections: without it the connection does not use the managed identity; the public types lack it.',
  },
  {
    code: 'BCP037',
    message: /"uiDefinition" is not allowed on objects of type "ConnectionParameter"/,
    reason:
      'Microsoft.Web/customApis: every published connector has it, it is what people see when they enter the key; the public types lack it.',
  },
];

/** Warnings of the format of Content Hub packages, which Microsoft's tool writes the same way. */
const packages: readonly Accepted[] = [
  {
    code: 'BCP174',
    message: /"\/providers\/" segment/,
    reason: 'The packaging tool writes workspaces/providers/… types; the templates inside are compiled by themselves.',
  },
  {
    code: 'no-unused-params',
    message: /Parameter "location" is declared but never used/,
    reason: 'The packaging tool writes the parameter and uses it in a description only.',
  },
  {
    code: 'no-unused-vars',
    message:
      /Variable "(workspaceResourceId|playbookContentId\w*|playbookId\w*|connection_\d+|operationId_\w+|blanks|Template\w+)" is declared but never used/,
    reason: 'The packaging tool writes these variables for every template, whether it uses them or not.',
  },
];

export const acceptedWarnings: readonly Accepted[] = [...decompiling, ...typeGaps, ...packages];

/** The reason why a diagnostic stays; undefined where it must not. */
export function acceptance({ level, code, message }: Diagnostic): Accepted | undefined {
  if (level === 'Error') return undefined;
  return acceptedWarnings.find((one) => one.code === code && one.message.test(message));
}

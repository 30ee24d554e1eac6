import { strToU8, zipSync } from 'fflate';
import { printJson } from './json-print.ts';
import type { SolutionPackage } from './packager.ts';

/** Zip entries carry a time; a fixed one keeps the bytes the same. (Local, because the format has no time zone.) */
const ENTRY_TIME = new Date(1980, 0, 1, 12);

/**
 * The files of the Package folder by name: the two templates, the test parameters, and the zip that Partner Center takes.
 * The same package gives the same bytes.
 */
export function packageFiles(packaged: SolutionPackage): ReadonlyMap<string, string | Uint8Array> {
  const mainTemplate = printJson(packaged.mainTemplate);
  const createUiDefinition = printJson(packaged.createUiDefinition);
  const entry = (text: string) => [strToU8(text), { level: 6, mtime: ENTRY_TIME }] as const;
  const zip = zipSync({
    'createUiDefinition.json': [...entry(createUiDefinition)],
    'mainTemplate.json': [...entry(mainTemplate)],
  });
  return new Map<string, string | Uint8Array>([
    ['mainTemplate.json', mainTemplate],
    ['createUiDefinition.json', createUiDefinition],
    ['testParameters.json', printJson(packaged.testParameters)],
    [`${packaged.version}.zip`, zip],
  ]);
}

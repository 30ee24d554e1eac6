import type { ConfigProblem, Path } from './problem.ts';

/** Names reserved for devices in Windows, even with an extension. */
const reservedNames: readonly string[] = [
  ...['con', 'prn', 'aux', 'nul'],
  ...Array.from({ length: 9 }, (_, index) => [`com${index + 1}`, `lpt${index + 1}`]).flat(),
];

/** Names become folders: they must differ on systems that ignore case, and not be taken. */
export function checkTargetNames(names: readonly (string | undefined)[]): readonly ConfigProblem[] {
  const folded = names.map((name) => name?.toLowerCase());
  return folded.flatMap((name, index) => {
    if (name === undefined) return [];
    const path: Path = ['targets', index, 'name'];
    const first = folded.indexOf(name);
    if (first < index)
      return [
        {
          code: 'config.target',
          message: `two targets are called "${names[index]}" (targets[${first}] and this one)`,
          path,
          at: 'value',
          remedy: 'Give each target a name of its own; upper and lower case do not count.',
        },
      ];
    if (!reservedNames.includes(name.replace(/\..*$/, ''))) return [];
    return [
      {
        code: 'config.target',
        message: `"${names[index]}" cannot be the name of a folder here`,
        path,
        at: 'value',
        remedy: 'Choose another name; Windows keeps this one for a device.',
      },
    ];
  });
}

/** Each target has its own workspace and therefore its own relay, and names of function apps are globally unique. */
export function checkTargetRelays(apps: readonly string[]): readonly ConfigProblem[] {
  const folded = apps.map((app) => app.toLowerCase());
  return folded.flatMap((app, index) => {
    const first = folded.indexOf(app);
    if (app === '' || first === index) return [];
    return [
      {
        code: 'config.target',
        message: `two targets have the relay "${apps[index]}" (targets[${first}] and this one)`,
        path: ['targets', index],
        at: 'value' as const,
        remedy:
          'Give each target a relay.azure.app of its own. One relay for all of them: deploy it by hand, and write its address into relay.url.',
      },
    ];
  });
}

/** The name of a target as part of the name of an environment variable: `Contoso Ltd.` is `CONTOSO_LTD_`. */
export function environmentName(target: string): string {
  return target.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

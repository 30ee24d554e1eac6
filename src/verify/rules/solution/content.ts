import type { JsonObject } from '../../../domain/json.ts';
import { pointerStep } from '../../../domain/json-pointer.ts';
import { listAt, nameIn } from '../../json-walk.ts';
import type { SubjectRule } from '../../rule.ts';
import { pointerOf, type Solution } from '../../solution.ts';
import { sources } from '../../sources.ts';
import { rule } from '../rule-of.ts';

/** Files that a data file lists, and files that it should list. */
export const solutionContentRules: readonly SubjectRule<Solution>[] = [
  rule(
    'data.listed-files',
    'error',
    sources.packagingTool,
    'Correct the path: relative to the solution, forward slashes, in the casing of the file.',
    ({ json, paths, exactPaths, relative }) =>
      listedFiles(json).flatMap(({ pointer, path }) => {
        const warning = { pointer, level: 'warning' as const };
        if (/\\/.test(path)) return [{ ...warning, message: `${path} has backslashes` }];
        const inside = relative(path);
        if (exactPaths.has(inside)) return [];
        return paths.has(inside.toLowerCase())
          ? [{ ...warning, message: `${path} is there in another casing` }]
          : [{ pointer, message: `there is no file ${path}` }];
      }),
  ),
  rule(
    'data.unlisted-playbook',
    'warning',
    sources.packagingTool,
    'List the file in "Playbooks" (custom connectors first), or remove it from the folder.',
    ({ json, exactPaths, relative, playbookPaths }) => {
      const listed = new Set(listedFiles(json).map(({ path }) => relative(path).toLowerCase()));
      return [...exactPaths]
        .filter((path) => playbookPaths.has(path) && !listed.has(path.toLowerCase()))
        .map((path) => ({
          pointer: pointerOf(json, 'Playbooks'),
          message: `${path} lies in the solution and is not listed`,
        }));
    },
  ),
  rule(
    'data.order',
    'warning',
    sources.packagingTool,
    'List function apps first, then custom connectors, then playbooks: a dependency is found only if the connector came earlier.',
    ({ json, connectorPaths, relative }) => {
      const playbooks = listAt(json, nameIn(json, 'Playbooks') ?? 'Playbooks').map((one) => relative(`${one}`));
      const lastConnector = playbooks.findLastIndex((path) => connectorPaths.has(path));
      const firstPlaybook = playbooks.findIndex((path) => !connectorPaths.has(path));
      return firstPlaybook >= 0 && firstPlaybook < lastConnector
        ? [
            {
              pointer: `${pointerOf(json, 'Playbooks')}/${lastConnector}`,
              message: 'the connector is listed after a playbook',
            },
          ]
        : [];
    },
  ),
  rule(
    'data.playbook-folder',
    'error',
    sources.packagingTool,
    'Give each playbook a folder of its own: the folder is its content id, for good.',
    ({ json, relative }) => {
      const direct = listedFiles(json).filter(({ path }) => /^Playbooks\/[^/]+\.json$/i.test(relative(path)));
      return direct.map(({ pointer, path }) => ({
        pointer,
        message: `${path} lies directly in Playbooks, so its content id is "Playbooks"`,
        // One such playbook can be deployed; two would both declare the same resource.
        ...(direct.length > 1 ? {} : { level: 'warning' as const }),
      }));
    },
  ),
  rule(
    'data.file-names',
    'warning',
    sources.reviewGuide,
    'Call the file azuredeploy.json, in folders without blanks, each name of letters, digits, "_", "-" and "." and at most 80 characters.',
    ({ json, relative }) =>
      listedFiles(json)
        .filter(({ path }) => /^Playbooks\//i.test(relative(path)))
        .flatMap(({ pointer, path }) => {
          const parts = relative(path).split('/');
          return [
            ...(parts.at(-1) === 'azuredeploy.json'
              ? []
              : [{ pointer, message: `${path} is not called azuredeploy.json` }]),
            ...parts
              .filter((part) => !/^[\w.-]{1,80}$/.test(part))
              .map((part) => ({ pointer, message: `"${part}" is not a name that reviewers accept` })),
          ];
        }),
  ),
];

interface ListedFile {
  readonly pointer: string;
  readonly path: string;
}

function listedFiles(json: JsonObject): ListedFile[] {
  return Object.entries(json).flatMap(([name, value]) =>
    Array.isArray(value) && !/^(StaticDataConnectorIds|dependentDomainSolutionIds)$/i.test(name)
      ? value.flatMap((path, index) =>
          typeof path === 'string' ? [{ pointer: `${pointerStep(name)}/${index}`, path }] : [],
        )
      : [],
  );
}

import { publishedRepository, rawAddress } from '../../../domain/repository.ts';
import { textAt } from '../../json-walk.ts';
import { folderOf, joinedPath } from '../../paths.ts';
import type { SubjectRule, Violation } from '../../rule.ts';
import { sources } from '../../sources.ts';
import { lineOf, linePointer, type TextFile, type Tree } from '../../tree.ts';

/** A readme with the folder it explains. */
export interface Readme extends TextFile {
  /** Path of its template; undefined if there is none in the folder. */
  readonly template: string | undefined;
  readonly tree: Tree;
}

/** Sections that the review bot looks for, by their headings. */
const PARTS: readonly (readonly [part: string, heading: RegExp])[] = [
  ['prerequisites', /pre-?requisites?|before you (start|begin)/i],
  ['deployment', /deploy/i],
  ['post-deployment', /post[- ]?deployment|after (the )?deployment|configur/i],
  ['usage or trigger', /usage|trigger|how (it works|to use)|\buse\b|when it runs/i],
  ['troubleshooting', /troubleshoot|known issues|when something|if something/i],
];
const DEPLOY_LINK = /https:\/\/portal\.azure\.(com|us)\/#create\/Microsoft\.Template\/uri\/([^)\s"'>]*)/g;
const RELATIVE_LINK = /!?\[[^\]]*\]\((\.{0,2}\/?[^)\s:#]+)(?:#[^)\s]*)?\)/g;

/** The guide beside a playbook or connector. */
export const readmeRules: readonly SubjectRule<Readme>[] = [
  {
    id: 'readme.parts',
    level: 'warning',
    source: sources.reviewGuide,
    help: 'Give the guide a title and parts on prerequisites, deployment, post-deployment, usage and troubleshooting.',
    check: ({ text, template }) => {
      if (template === undefined) return [];
      const headings = text.split(/\r?\n/).filter((line) => /^#{1,6}\s/.test(line));
      const missing = PARTS.filter(([, heading]) => !headings.some((line) => heading.test(line))).map(([part]) => part);
      return [
        ...(/^#\s+\S/m.test(text) ? [] : [{ pointer: '', message: 'the guide has no title' }]),
        ...missing.map((part) => ({ pointer: '', message: `the guide has no part on ${part}` })),
      ];
    },
  },
  {
    id: 'readme.deploy-link',
    level: 'warning',
    source: sources.playbookGuide,
    help: 'Percent-encode the whole raw.githubusercontent.com address of the template: %2F for a slash, %20 for a blank.',
    check: (readme) => deployLinks(readme).flatMap((link) => deployLinkProblems(link, readme)),
  },
  {
    id: 'readme.deploy-buttons',
    level: 'warning',
    source: sources.playbookGuide,
    help: 'Add both buttons: Deploy to Azure (portal.azure.com) and Deploy to Azure Gov (portal.azure.us).',
    check: (readme) => {
      if (readme.template === undefined) return [];
      const clouds = new Set(deployLinks(readme).map(({ cloud }) => cloud));
      return ['com', 'us']
        .filter((cloud) => !clouds.has(cloud))
        .map((cloud) => ({ pointer: '', message: `there is no link to portal.azure.${cloud}` }));
    },
  },
  {
    id: 'readme.broken-link',
    level: 'warning',
    source: sources.validations,
    help: 'Add the file or correct the path.',
    check: ({ path, text, tree }) =>
      [...text.matchAll(RELATIVE_LINK)]
        .filter(({ 1: target = '' }) => !exists(tree, path, target))
        .map(({ 1: target = '', index }) => ({
          pointer: linePointer(lineOf(text, index)),
          message: `there is no file ${decoded(target) ?? target}`,
        })),
  },
];

interface DeployLink {
  readonly cloud: string;
  readonly target: string;
  readonly line: number;
}

function deployLinks({ text }: TextFile): DeployLink[] {
  return [...text.matchAll(DEPLOY_LINK)].map(({ 1: cloud = '', 2: target = '', index }) => ({
    cloud,
    target,
    line: lineOf(text, index),
  }));
}

function deployLinkProblems({ target, line }: DeployLink, { template, tree }: Readme): Violation[] {
  const pointer = linePointer(line);
  const address = decoded(target);
  if (address === undefined) {
    const broken = /%(?![0-9a-f]{2})..?/i.exec(target)?.[0] ?? '%';
    return [{ pointer, message: `the address is badly encoded at "${broken}"` }];
  }
  if (/[/:]/.test(target)) return [{ pointer, message: 'the address is not percent-encoded as a whole' }];
  if (!/^https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/.+\.json$/.test(address)) {
    return [{ pointer, message: `${address} is not a raw address of a template` }];
  }
  const repository = repositoryOf(tree, template);
  if (repository !== undefined && !address.startsWith(`${rawAddress(repository)}/`))
    return [{ pointer, message: `${address} must be in ${repository}` }];
  const own = /(?:^|\/)playbooks\/(?:.*\/)?([^/]+\/[^/]+)$/i.exec(template ?? '')?.[1];
  return own === undefined || address.endsWith(`/${own}`)
    ? []
    : [{ pointer, message: `${address} is another template than ${own}` }];
}

/**
 * Repository in which a guide's template is published: for a solution (with a data file), the one of all solutions; for `build`
 * output, the one in the config.
 */
function repositoryOf(tree: Tree, template: string | undefined): string | undefined {
  if (template === undefined) return undefined;
  const isInSolution = tree
    .ofKind('solution-data')
    .some(({ path }) => template.startsWith(path.replace(/(?:data\/)?[^/]*$/i, '')));
  if (isInSolution) return publishedRepository;
  const manifest = tree.ofKind('manifest').find(({ path }) => template.startsWith(`${folderOf(path)}playbooks/`));
  return textAt(manifest?.json, 'repository');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function exists(tree: Tree, from: string, target: string): boolean {
  const path = joinedPath(from, decoded(target) ?? target);
  return path === undefined || tree.exists(path);
}

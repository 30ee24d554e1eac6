import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { Files } from '../../src/generator/output.ts';
import { type CapturedIo, capturedIo } from '../support/captured-io.ts';
import { type ServedSandbox, startSandbox } from '../support/sandbox.ts';
import { partsOf } from './support/markdown.ts';
import { built, configurations, guidesIn, pages, read, root } from './support/pages.ts';
import { oddPlaceholders, powershellProblems, problemOf } from './support/programs.ts';
import { commandLines, variants } from './support/shell.ts';
import { commandsOn, type OwnCommand, parsed } from './support/tool.ts';

/* Every command that a page shows is parsed with the real commands; those that can run here do, and show what the page says. */

const builds = await Promise.all(Object.values(configurations).map(built));
const [defaults = new Map<string, string>() as Files] = builds;
const shown = [
  ...pages.map((page) => ({ page, files: defaults })),
  ...builds.flatMap((files) => guidesIn(files).map((page) => ({ page, files }))),
].map(({ page, files }) => ({ page, files, ...commandsOn(page) }));

const key = ({ words }: Pick<OwnCommand, 'words'>) => words.join(' ');
/** `<command>`, or nothing, means any of them, in the sentence that says how to call the tool. */
const own = new Map(
  shown
    .flatMap(({ own: commands }) => commands)
    .flatMap((each) => (['', '<command>'].includes(key(each)) ? [] : [[key(each), each]])),
);

interface Run {
  /** What the command says, on either stream. */
  readonly says: RegExp;
  /** Values of its placeholders. */
  readonly with?: Readonly<Record<string, string>>;
  readonly answers?: readonly string[];
  /** Files that it writes. */
  readonly writes?: readonly string[];
  /** The workspace is that of a target, called Contoso. */
  readonly isTarget?: true;
}

/** In an empty folder with what `build` wrote, our stories and the samples of the playbooks. */
const offline: Readonly<Record<string, Run>> = {
  init: { says: /^Next: look through the file/m, writes: ['signl4.yaml'] },
  'init <folder>': { says: /^own\/signl4\.yaml$/m, with: { '<folder>': 'own' }, writes: ['own/signl4.yaml'] },
  build: {
    says: /^\d+ files in dist: \d+ written/m,
    writes: ['dist/manifest.json', 'dist/playbooks/SIGNL4-Callback/azuredeploy.json'],
  },
  'build --format bicep': { says: /^\d+ files in dist: \d+ written/m, writes: ['dist/setup/azuredeploy.bicep'] },
  'build --config <file> --out <folder> --check --format bicep': {
    says: /^dist is up to date\.$/m,
    with: { '<file>': 'signl4.yaml', '<folder>': 'dist' },
  },
  verify: { says: /^No findings: \d+ files? checked with \d+ rules\.$/m },
  'verify dist': { says: /^No findings: \d+ files? checked with \d+ rules\.$/m },
  'verify dist --strict': { says: /^No findings: \d+ files? checked with \d+ rules\.$/m },
  'verify <folder>': { says: /^No findings: \d+ files? checked with \d+ rules\.$/m, with: { '<folder>': 'dist' } },
  'verify <solution-folder>': {
    says: /^No findings: \d+ files? checked with \d+ rules\.$/m,
    with: { '<solution-folder>': 'dist/solution/SIGNL4' },
  },
  'verify <file>': {
    says: /^No findings: \d+ files? checked with \d+ rules\.$/m,
    with: { '<file>': 'dist/automation-rules/azuredeploy.json' },
  },
  'package <solution-folder>': {
    says: /dist\/solution\/SIGNL4\/Package\/\d+\.\d+\.\d+\.zip$/m,
    with: { '<solution-folder>': 'dist/solution/SIGNL4' },
    writes: ['dist/solution/SIGNL4/Package/mainTemplate.json'],
  },
  'package <solution-folder> --out <folder>': {
    says: /packed\/\d+\.\d+\.\d+\.zip$/m,
    with: { '<solution-folder>': 'dist/solution/SIGNL4', '<folder>': 'packed' },
    writes: ['packed/mainTemplate.json', 'packed/createUiDefinition.json'],
  },
  'eval <expression>': { says: /^3$/m, with: { '<expression>': 'add(1, 2)' } },
  'run <file>': {
    says: /^. Run Cancelled/m,
    with: { '<file>': 'dist/playbooks/SIGNL4-Who-Is-On-Call/azuredeploy.json' },
  },
  'run azuredeploy.json --trigger incident.json --mocks mocks.json': {
    says: /Not_about_an_incident_here/,
    with: {
      'azuredeploy.json': 'dist/playbooks/SIGNL4-Callback/azuredeploy.json',
      'incident.json': 'playbooks/SIGNL4-Callback/samples/acknowledged.json',
    },
  },
  'run dist/playbooks/SIGNL4-Callback/azuredeploy.json --trigger playbooks/SIGNL4-Callback/samples/acknowledged.json --mocks mocks.json --parameters parameters.json':
    { says: /PUT +azuresentinel:\/Incidents +Set_active_and_assign/ },
  'simulate scenarios/false-alarm.yaml': { says: /^all \d+ hold after/m },
  'simulate <file>': { says: /^all \d+ hold after/m, with: { '<file>': 'scenarios/filter.yaml' } },
  'simulate scenarios/*.yaml --report stories.html': {
    says: /wrote stories\.html/,
    // A shell lists the files; two are enough here, test/simulator plays all.
    with: { 'scenarios/*.yaml': 'scenarios/filter.yaml scenarios/unicode.yaml' },
    writes: ['stories.html'],
  },
};

/** Against a sandbox in this process, one after the other: the whole way into Azure and out again. */
const inSandbox: readonly (readonly [string, Run])[] = [
  ['setup plan', { says: /^to do .*Microsoft Sentinel Automation Contributor/m }],
  ['deploy --what-if', { says: /\+ Microsoft\.Logic\/workflows\/SIGNL4-Send-Incident/ }],
  [
    'deploy',
    {
      // In the order that every guide has.
      says: inThisOrder(
        'deployed the SIGNL4 connector',
        'deployed SIGNL4-Send-Incident',
        'Microsoft Sentinel Responder for SIGNL4-Send-Incident',
        'Microsoft Sentinel Automation Contributor for Microsoft Sentinel',
        'Outbound webhook',
        'deployed the automation rules',
      ),
    },
  ],
  ['deploy SIGNL4-Send-Incident', { says: /deployed SIGNL4-Send-Incident/ }],
  ['deploy SIGNL4-Sync-Incident', { says: /deployed SIGNL4-Sync-Incident/ }],
  ['deploy SIGNL4-Callback', { says: /deployed SIGNL4-Callback/ }],
  ['deploy SIGNL4-Sweep', { says: /deployed SIGNL4-Sweep/ }],
  ['deploy SIGNL4-Send-Alert', { says: /deployed SIGNL4-Send-Alert/ }],
  ['deploy SIGNL4-Page-Entity', { says: /deployed SIGNL4-Page-Entity/ }],
  ['deploy SIGNL4-Who-Is-On-Call', { says: /deployed SIGNL4-Who-Is-On-Call/ }],
  ['deploy --overwrite', { says: /deployed SIGNL4-Send-Incident/ }],
  ['setup apply', { says: /^in place Outbound webhook/m }],
  ['setup check', { says: /^in place Outbound webhook/m }],
  ['diff', { says: /SIGNL4-Send-Incident: as generated/ }],
  ['pull', { says: /^nothing to bring back$/m }],
  ['pull --target contoso', { says: /^nothing to bring back$/m, isTarget: true }],
  ['doctor', { says: /^0 failures/m }],
  ['doctor --json', { says: /^\{\s+"ok": true,\s+"findings"/ }],
  [
    'setup apply --app --key-vault <vault>',
    { says: /^done .*Secret of the application/m, with: { '<vault>': 'contoso-vault' } },
  ],
  [
    'setup apply --app --key-vault <vault> --rotate-secret',
    { says: /^done .*Secret of the application/m, with: { '<vault>': 'contoso-vault' } },
  ],
  ['setup apply --app', { says: /^in place .*for the application/m }],
  ['setup apply --app --graph', { says: /^done .*Microsoft Graph permission SecurityIncident\.ReadWrite\.All$/m }],
  ['destroy --what-if', { says: /^ +- connector SIGNL4CustomConnector$/m }],
  ['destroy', { says: /^removed connector SIGNL4CustomConnector$/m, answers: ['yes'] }],
];

/** Until they are interrupted. */
const servers: Readonly<Record<string, RegExp>> = {
  demo: /http:\/\/127\.0\.0\.1:\d+/,
  sandbox: /^export SIGNL4_SANDBOX=/,
  'sandbox --json': /"url"/,
  'sandbox --lag role=60s directory=30s --trouble policy=Require a tag': /^export SIGNL4_SANDBOX=/,
  relay: /\{"listening":"http/,
  'relay --port 8080': /\{"listening":"http/,
};

/** Parsed here, played elsewhere: the file that plays it. */
const elsewhere: Readonly<Record<string, string>> = {
  'doctor --page': 'test/cli/doctor-page.test.ts',
  'deploy --what-if --overwrite --move': 'test/cli/move.test.ts',
  'deploy --move': 'test/cli/move.test.ts',
  'pull --resource-group <old-group-id>': 'test/cli/move.test.ts',
  'destroy --resource-group <old-group-id>': 'test/cli/move.test.ts',
  'deploy --all-targets': 'test/cli/targets.test.ts',
  'deploy --all-targets --from Fabrikam': 'test/cli/targets.test.ts',
  'doctor --all-targets': 'test/cli/targets.test.ts',
  'doctor --target Fabrikam': 'test/cli/targets.test.ts',
  'deploy SIGNL4-Defender-Incidents': 'test/cli/defender-playbooks.test.ts',
  'deploy SIGNL4-Defender-Callback': 'test/cli/defender-playbooks.test.ts',
  'deploy SIGNL4-Respond': 'test/cli/respond.test.ts',
  'relay dead-letters list': 'test/relay/cli.test.ts',
  'relay dead-letters replay': 'test/relay/cli.test.ts',
  'relay dead-letters drop': 'test/relay/cli.test.ts',
  'relay dead-letters list --url <relay>': 'test/relay/operate.test.ts',
  'relay dead-letters replay --all --url <relay>': 'test/relay/operate.test.ts',
};

/** Names of commands that have commands of their own; alone they print their help. */
const groups = ['relay dead-letters'];

describe('the commands of this tool', () => {
  it('are found', () => {
    expect(own.size).toBeGreaterThan(50);
  });

  it.each([...own].map(([name, command]) => [name, command] as const))(
    'are ones that it has: %s',
    async (name, command) => {
      if (groups.includes(name)) return;
      await expect(parsed(command.words), command.place).resolves.toBeUndefined();
    },
  );

  it('are all run, or played elsewhere, and none that no page shows', () => {
    const covered = [
      ...Object.keys(offline),
      ...inSandbox.map(([name]) => name),
      ...Object.keys(servers),
      ...Object.keys(elsewhere),
      ...groups,
    ];
    expect([...own.keys()].filter((name) => !covered.includes(name))).toEqual([]);
    expect(covered.filter((name) => !own.has(name))).toEqual([]);
  });

  it.each(Object.entries(elsewhere))('are played where the list says: %s', (name, file) => {
    const text = read(file);
    const [command = '', ...rest] = name.split(' ');
    const options = rest.filter((word) => word.startsWith('--') || word.startsWith('SIGNL4-'));
    expect(text).toContain(command === 'relay' ? 'dead-letters' : `${command}Command`);
    for (const option of options) expect(text, option).toContain(option);
  });
});

describe('a command that would be wrong', () => {
  it.each([
    [['biuld'], /unknown command/],
    [['deploy', '--whatif'], /unknown option/],
    [['setup', '--app'], /unknown option/],
    [['run'], /missing required argument/],
    [['pull', '--resource-group'], /argument missing/],
    [['init', 'a', 'b'], /too many arguments/],
  ])('is found: %j', async (words, message) => {
    await expect(parsed(words)).rejects.toThrow(message);
  });

  it('is found in blocks, in sentences and in lines of usage', () => {
    const text =
      '```\ncd x && A=1 signl4-sentinel deploy --wrong # why\n```\n`npx signl4-sentinel diff` `pull [--target <target>]` `setup plan|apply` `deploy`';
    const names = commandsOn({ path: 'a.md', text }).own.map(key);
    expect(names).toEqual(['deploy --wrong', 'diff', 'pull --target <target>', 'pull', 'setup plan', 'setup apply']);
  });
});

function inThisOrder(...lines: readonly string[]): RegExp {
  return new RegExp(lines.join('[^]*'));
}

/** The words of a command of the list, with the values of its placeholders. */
function wordsOf(name: string, run: Run): readonly string[] {
  return (own.get(name)?.words ?? []).flatMap((word) =>
    Object.hasOwn(run.with ?? {}, word)
      ? word === 'scenarios/*.yaml'
        ? (run.with?.[word] ?? '').split(' ')
        : [run.with?.[word] ?? '']
      : [word],
  );
}

function expectRan(io: CapturedIo, run: Run, folder: string): void {
  const said = [...io.printed, ...io.noted].join('\n');
  expect({ exits: io.exitCode(), said }).toEqual({ exits: 0, said: expect.stringMatching(run.says) });
  for (const file of run.writes ?? []) expect(existsSync(join(folder, file)), file).toBe(true);
}

describe('offline', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-commands-'));
    for (const name of ['scenarios', 'playbooks']) symlinkSync(join(root, name), join(folder, name));
    const [, example = ''] = read('docs/engine.md').split('## A whole example');
    const [parameters = '', mocks = ''] = partsOf({ path: '', text: example })
      .blocks.filter(({ language }) => language === 'json')
      .map(({ text }) => text);
    writeFileSync(join(folder, 'parameters.json'), parameters);
    writeFileSync(join(folder, 'mocks.json'), mocks);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.entries(offline))('%s', async (name, run) => {
    const io = capturedIo(folder, run.answers ? { answers: run.answers } : {});
    await runCli(wordsOf(name, run), io);
    expectRan(io, run, folder);
  });
});

/** The sandbox keeps the time of this machine. */
const clock = { now: () => Date.now(), sleep: (ms: number) => setTimeout(ms) };

describe('in the sandbox', () => {
  let folder = '';
  let sandbox: ServedSandbox;
  let config = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docs-sandbox-'));
    sandbox = await startSandbox();
    sandbox.azure.state.vaults.set('contoso-vault', new Map());
    config = await (await fetch(`${sandbox.url}/sandbox/signl4.yaml`)).text();
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  it.each(inSandbox)('%s', async (name, run) => {
    const target = `targets:\n  - name: contoso\n    ${config.trimEnd().replaceAll('\n', '\n    ')}\n`;
    writeFileSync(join(folder, 'signl4.yaml'), run.isTarget ? target : config);
    const io = capturedIo(folder, { env: sandbox.env, clock, ...(run.answers && { answers: run.answers }) });
    await runCli(wordsOf(name, run), io);
    expectRan(io, run, folder);
  });
});

describe('serving', () => {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it.each(Object.entries(servers))('%s, until it is interrupted', async (name, says) => {
    const folder = mkdtempSync(join(tmpdir(), 'docs-serve-'));
    try {
      writeFileSync(join(folder, 'signl4.yaml'), configurations.relay);
      const words = (own.get(name)?.words ?? []).filter((word) => word !== '--port' && word !== '8080');
      const secrets = { RELAY_KEY: 'k'.repeat(32), RELAY_SIGNL4_SECRET: 's'.repeat(32) };
      const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...words, '--port', '0'], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...secrets },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.push(child);
      const ended = once(child, 'exit');
      let text = '';
      for await (const chunk of child.stdout) {
        text += chunk;
        if (text.includes('\n') && says.test(text)) break;
      }
      expect(text).toMatch(says);
      child.kill('SIGINT');
      expect((await ended)[0]).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the commands of other programs', () => {
  const others = shown.flatMap(({ others: commands, files }) => commands.map((each) => ({ ...each, files })));

  it('are found', () => {
    expect(new Set(others.map(({ words }) => words[0]))).toContain('az');
    expect(others.length).toBeGreaterThan(100);
  });

  it('are ones that these programs have, about files and parameters that are there', () => {
    const problems = others.flatMap((command) => {
      // The validator of Azure-Sentinel is in that repository.
      if (command.words.includes('.script/local-validation/validate.js')) return [];
      const problem = problemOf(command);
      return problem === undefined ? [] : [`${command.place}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('are balanced in PowerShell, with cmdlets and parameters that exist', () => {
    const blocks = shown.flatMap(({ page }) =>
      partsOf(page).blocks.flatMap(({ language, text, line }) =>
        language === 'powershell' ? [{ place: `${page.path}:${line}`, text }] : [],
      ),
    );
    expect(blocks.length).toBeGreaterThan(0);
    expect(
      blocks.flatMap(({ place, text }) => powershellProblems(text).map((problem) => `${place}: ${problem}`)),
    ).toEqual([]);
  });

  it.each([
    ['az group make --name a', 'no command "group make"'],
    ['az login --tennant a', '--tennant'],
    [
      "az deployment group create --resource-group a --template-file azuredeploy.json --parameters Nope='1'",
      'no parameter Nope',
    ],
    ['az deployment group create --resource-group a --template-file nope.json', 'no template nope.json'],
    ['curl -k http://localhost:8080/health/ready', 'curl -k'],
    ["curl '<relay>/health/redy'", 'the relay has no /health/redy'],
    ['docker compose exec web ls', 'no service web'],
    ['docker compose exec relay node relay.mjs dead-letter list', 'relay.mjs has no command'],
    ['npm run buidl', 'no script "buidl"'],
    ['npx node tools/nope.ts', 'no tools/nope.ts'],
    ['bash ../setup/entra-app.sh --show', 'has no --show'],
    ['./entra-app.ps1 -Vault a', 'has no -Vault'],
    ['zip relay.zip relay.js', 'relay.js'],
    ['export SIGNL4_KEY=a', 'SIGNL4_KEY'],
    ['wget x', 'not in the table of programs'],
  ])('are found where they are wrong: %s', (line, problem) => {
    const page = { path: 'relay/readme.md', text: '' };
    const [command] = commandLines(line);
    expect(problemOf({ words: [], sets: [], ...command, place: 'here', page, files: defaults })).toContain(problem);
  });

  it('are not read where a quote is open', () => {
    expect(() => commandLines("echo 'open")).toThrow("a ' is not closed");
    expect(() => commandLines('echo $(a')).toThrow('a $( is not closed');
    expect(powershellProblems("Get-MgUser -Id 'x'\n{")).toEqual(['{ is not closed', 'Get-MgUser', 'Get-MgUser -Id']);
  });
});

describe('placeholders', () => {
  const index = read('docs/index.md');
  const listed = new Set(
    [...(index.split('## Placeholders')[1] ?? '').matchAll(/^\| ([^|]*) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/<[a-z-]+>/g)].map(([name]) => name),
    ),
  );

  it('are written in one way in every command, and listed in docs/index.md', () => {
    const used = new Set<string>();
    const odd = shown.flatMap(({ own: mine, others, page }) =>
      [...mine, ...others].flatMap(({ words, place }) => {
        if (page.path === 'CHANGELOG.md') return [];
        const text = words.join(' ');
        for (const [name] of text.matchAll(/<[a-z-]+>/g)) used.add(name);
        return oddPlaceholders(text).map((found) => `${place}: ${found}`);
      }),
    );
    expect(odd).toEqual([]);
    expect([...used].filter((name) => !listed.has(name))).toEqual([]);
  });

  it('that are listed are used on a page', () => {
    const all = shown.map(({ page }) => (page.path === 'docs/index.md' ? '' : page.text)).join('\n');
    expect([...listed].filter((name) => !all.includes(name))).toEqual([]);
  });

  it.each(['<Resource Group>', '<resource_group>', 'RELAY_KEY=…', 'KEY=...', '<GROUP>', 'YOUR-KEY'])(
    'in another form are found: %s',
    (text) => {
      expect(oddPlaceholders(`az login --tenant ${text}`)).toHaveLength(1);
    },
  );
});

describe('a shell line', () => {
  it('is taken apart as a shell does', () => {
    const lines = commandLines(
      `A=1 B='x y' run "a \\"b\\" $(inner one)" it\\'s > out.txt # not this\nnext \\\n  --flag '<like-this>' | last; : && end`,
    );
    expect(lines).toEqual([
      { words: ['inner', 'one'], sets: [] },
      { words: ['run', 'a "b" $(inner one)', "it's"], sets: ['A', 'B'] },
      { words: ['next', '--flag', '<like-this>'], sets: [] },
      { words: ['last'], sets: [] },
      { words: [':'], sets: [] },
      { words: ['end'], sets: [] },
    ]);
  });

  it('of usage has each of its forms', () => {
    expect(variants('build [--out <folder>] [--check]')).toEqual(['build --out <folder> --check', 'build']);
    expect(variants('setup plan|apply')).toEqual(['setup plan', 'setup apply']);
  });
});

it('the samples that blocks of docs/engine.md name are there', () => {
  expect(readFileSync(join(root, 'playbooks/SIGNL4-Callback/samples/acknowledged.json'), 'utf8')).toContain(
    'eventType',
  );
});

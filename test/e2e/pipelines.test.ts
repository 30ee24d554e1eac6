import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/generator/output.ts';
import { junitProblems } from '../support/junit.ts';
import { type ServedSandbox, startSandbox } from '../support/sandbox.ts';
import { azurePipeline, githubPipeline, type Pipeline, type Script } from './support/pipelines.ts';
import { finished, packedInto } from './support/process.ts';

/*
 * The example pipelines, step by step: their commands run in a repository as a customer has it, with the package from its tarball,
 * against the sandbox. Only what GitHub, Azure DevOps and the Azure CLI are asked for goes to stand-ins that write it down.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
let tarball = '';
let sandbox: ServedSandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pipelines-'));
  tarball = packedInto(folder);
  sandbox = await startSandbox();
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  for (const name of ['gh', 'az']) {
    const script = `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$CALLS"\n[ "${name}" = gh ] && cat "$CALLS.comments" 2>/dev/null\nexit 0\n`;
    writeFileSync(join(tools, name), script);
    chmodSync(join(tools, name), 0o755);
  }
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

let repository = '';
let calls = '';
beforeEach(async () => {
  repository = mkdtempSync(join(folder, 'repository-'));
  calls = `${repository}.calls`;
  writeFileSync(calls, '');
  const config = await (await fetch(`${sandbox.url}/sandbox/signl4.yaml`)).text();
  writeFileSync(join(repository, 'signl4.yaml'), config);
  mkdirSync(join(repository, 'stories'));
  copyFileSync(join(root, 'scenarios/false-alarm.yaml'), join(repository, 'stories/false-alarm.yaml'));
  execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), 'build'], { cwd: repository });
});

const tarballHash = () => sha256(readFileSync(tarball));

/** Runs one step as the agent would: its script in bash, in the repository. */
function step({ script, env }: Script, more: Readonly<Record<string, string>>) {
  const child = spawn('bash', ['-c', script], {
    cwd: repository,
    env: {
      PATH: [join(folder, 'tools'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      ...{ HOME: folder, npm_config_offline: 'true', npm_config_cache: join(folder, 'cache'), CALLS: calls },
      ...sandbox.env,
      ...more,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return finished(child);
}

/** Runs the named jobs of a pipeline; every step must succeed. */
async function runJobs(
  { env, jobs }: Pipeline,
  names: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<string> {
  let output = '';
  for (const name of names) {
    const job = jobs.find((one) => one.name === name);
    expect(job, name).toBeDefined();
    for (const script of job?.scripts ?? []) {
      const { code, out, err } = await step(script, { ...env, ...more });
      expect(code, `${name}, ${script.title}: ${err}`).toBe(0);
      output += out;
    }
  }
  return output;
}

const secrets = () => ({ apiKey: sandbox.env['SIGNL4_API_KEY'] ?? '', team: sandbox.env['SIGNL4_TEAM_SECRET'] ?? '' });

describe('the workflow for GitHub', () => {
  const values = (sum = tarballHash()) => ({
    'vars.SIGNL4_TOOL_URL': pathToFileURL(tarball).href,
    'vars.SIGNL4_TOOL_SHA256': sum,
    'secrets.SIGNL4_API_KEY': secrets().apiKey,
    'secrets.SIGNL4_TEAM_SECRET': secrets().team,
    'github.token': 'token',
    'github.event.pull_request.number': '7',
  });
  const runner = () => ({
    RUNNER_TEMP: mkdtempSync(join(folder, 'temp-')),
    GITHUB_SERVER_URL: 'https://github.com',
    ...{ GITHUB_REPOSITORY: 'contoso/soc', GITHUB_RUN_ID: '1' },
  });
  const pullRequest = ['check', 'what-if'];

  it('checks a pull request, and comments on it what would change: once, then in the same comment', async () => {
    await runJobs(githubPipeline(values()), pullRequest, runner());
    expect(JSON.parse(readFileSync(join(repository, 'verify.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(junitProblems(readFileSync(join(repository, 'simulate.xml'), 'utf8'))).toEqual([]);
    const comment = readFileSync(join(repository, 'what-if.md'), 'utf8');
    expect(comment.startsWith('<!-- signl4-sentinel what-if -->')).toBe(true);
    expect(comment).toContain('SIGNL4-Send-Incident');
    for (const secret of Object.values(secrets())) expect(comment).not.toContain(secret);
    expect(readFileSync(calls, 'utf8')).toContain(
      'gh api --method POST repos/contoso/soc/issues/7/comments --field body=@what-if.md --silent',
    );
    writeFileSync(`${calls}.comments`, '42\n');
    await runJobs(githubPipeline(values()), ['what-if'], runner());
    expect(readFileSync(calls, 'utf8')).toContain('gh api --method PATCH repos/contoso/soc/issues/comments/42 --field');
    expect(sandbox.azure.state.workflows.size).toBe(0);
  });

  it('deploys what is merged, and checks that it works', async () => {
    await runJobs(githubPipeline(values()), ['check', 'deploy'], runner());
    expect(sandbox.azure.state.workflows.size).toBeGreaterThan(5);
    expect(readFileSync(calls, 'utf8')).toContain(
      'az account get-access-token --scope https://management.azure.com/.default',
    );
  });

  it('stops at a tool that is not the one of the release, at an old dist, and at a story that does not hold', async () => {
    const [install, check, , stories] = githubPipeline(values()).jobs[0]?.scripts ?? [];
    const { env } = githubPipeline(values('0'.repeat(64)));
    if (!install || !check || !stories) throw new Error('the job check has other steps');
    const wrong = await step(install, { ...env, ...runner() });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('did NOT match') });
    expect(existsSync(join(repository, 'node_modules'))).toBe(false);
    await step(install, { ...githubPipeline(values()).env, ...runner() });
    appendFileSync(join(repository, 'signl4.yaml'), 'tag: Other\n');
    expect(await step(check, env)).toMatchObject({ code: 1, out: expect.stringContaining('differs  ') });
    writeFileSync(
      join(repository, 'stories/no.yaml'),
      'title: No\nsteps: [{ sweep: now }]\nexpect: [{ quietFor: 2h }, { playbook: { name: SIGNL4-Sweep, runs: 9 } }]\n',
    );
    expect(await step(stories, env)).toMatchObject({ code: 1 });
    expect(readFileSync(join(repository, 'simulate.xml'), 'utf8')).toContain('<failure ');
  });

  it('uses actions by commit, with inputs that they have, and rights for no more than each job does', () => {
    const { text, jobs } = githubPipeline(values());
    const inputs: Readonly<Record<string, readonly string[]>> = {
      'actions/checkout': ['persist-credentials'],
      'actions/setup-node': ['node-version'],
      'actions/upload-artifact': ['name', 'path'],
      'azure/login': ['client-id', 'tenant-id', 'subscription-id'],
      'github/codeql-action/upload-sarif': ['sarif_file', 'category'],
    };
    for (const { name, inputs: given } of jobs.flatMap(({ uses }) => uses)) {
      const [action = '', commit = ''] = name.split('@');
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${name} # v\\d+\\.\\d+\\.\\d+\\n`));
      expect(inputs[action], action).toEqual(expect.arrayContaining([...given]));
    }
    expect(text).not.toMatch(/pull_request_target|write-all|secrets: inherit|AZURE_CREDENTIALS|client-secret/);
    expect(
      text
        .match(/\$\{\{[^}]*\}\}/g)
        ?.filter((one) => !/^\$\{\{ (vars|secrets|github)\.|^\$\{\{ !cancelled\(\)/.test(one)),
    ).toEqual([]);
    // What others may write never lands in a script: only in variables.
    expect(jobs.flatMap(({ scripts }) => scripts).filter(({ script }) => script.includes('${{'))).toEqual([]);
  });
});

describe('the pipeline for Azure DevOps', () => {
  let posted: { method?: string | undefined; url?: string | undefined; body: string }[] = [];
  let threads: unknown = { value: [] };
  let server: Server;
  beforeAll(() => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        if (request.method !== 'GET') posted.push({ method: request.method, url: request.url, body });
        response.end(JSON.stringify(threads));
      });
    }).listen(0, '127.0.0.1');
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    posted = [];
    threads = { value: [] };
  });

  const values = () => ({
    'SIGNL4-API-KEY': secrets().apiKey,
    'SIGNL4-TEAM-SECRET': secrets().team,
    'System.AccessToken': 'token',
  });
  const agent = () => ({
    ...{ TOOL_URL: pathToFileURL(tarball).href, TOOL_SHA256: tarballHash() },
    AGENT_TEMPDIRECTORY: mkdtempSync(join(folder, 'temp-')),
    BUILD_ARTIFACTSTAGINGDIRECTORY: join(repository, 'staging'),
    SYSTEM_COLLECTIONURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/contoso/`,
    ...{ SYSTEM_TEAMPROJECT: 'SOC', SYSTEM_TEAMPROJECTID: 'project', BUILD_REPOSITORY_ID: 'repository' },
    ...{ SYSTEM_PULLREQUEST_PULLREQUESTID: '7', BUILD_BUILDID: '1' },
  });
  const address = '/contoso/project/_apis/git/repositories/repository/pullRequests/7/threads';

  it('checks a pull request, and comments on it what would change: once, then in the same comment', async () => {
    await runJobs(azurePipeline(values()), ['Check', 'WhatIf'], agent());
    const sarif = readFileSync(join(repository, 'staging/CodeAnalysisLogs/verify.sarif'), 'utf8');
    expect(JSON.parse(sarif)).toMatchObject({ version: '2.1.0' });
    expect(junitProblems(readFileSync(join(repository, 'simulate.xml'), 'utf8'))).toEqual([]);
    const comment = readFileSync(join(repository, 'what-if.md'), 'utf8');
    expect(posted).toMatchObject([{ method: 'POST', url: `${address}?api-version=7.1` }]);
    expect(JSON.parse(posted[0]?.body ?? '')).toEqual({
      status: 'closed',
      comments: [{ content: comment, commentType: 'text' }],
    });
    threads = {
      value: [
        { id: 1, comments: [{ content: 'Looks good.' }] },
        { id: 2, isDeleted: true, comments: [{ content: comment }] },
        { id: 3, comments: [{ content: comment }] },
      ],
    };
    await runJobs(azurePipeline(values()), ['WhatIf'], agent());
    expect(posted.at(-1)).toMatchObject({ method: 'PATCH', url: `${address}/3/comments/1?api-version=7.1` });
  });

  it('deploys what is merged, and checks that it works', async () => {
    await runJobs(azurePipeline(values()), ['Deploy'], agent());
    expect(sandbox.azure.state.workflows.size).toBeGreaterThan(5);
  });

  it('uses tasks with inputs that they have', () => {
    const inputs: Readonly<Record<string, readonly string[]>> = {
      'UseNode@1': ['version'],
      'PublishTestResults@2': ['testResultsFormat', 'testResultsFiles', 'testRunTitle'],
      'AzureCLI@2': [
        'azureSubscription',
        'addSpnToEnvironment',
        'keepAzSessionActive',
        'scriptType',
        'scriptLocation',
        'inlineScript',
      ],
    };
    const { text, jobs } = azurePipeline(values());
    for (const { name, inputs: given } of jobs.flatMap(({ uses }) => uses))
      expect(inputs[name], name).toEqual(expect.arrayContaining([...given]));
    // Azure Pipelines knows no anchors; a secret is never a part of a script.
    expect(text).not.toMatch(/: [&*]\w+/);
    for (const { script } of jobs.flatMap(({ scripts }) => scripts)) expect(script).not.toMatch(/\$\((SIGNL4|System)/);
  });
});

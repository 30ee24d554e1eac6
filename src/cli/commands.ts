import type { Command } from 'commander';
import type { Io } from './io.ts';

/** A command before it is loaded; the top-level `--help` needs nothing else. */
interface CommandEntry {
  readonly name: string;
  /** As in the command's own `description`. */
  readonly summary: string;
  /** Imports the command's file and its dependencies, so that only the command that runs is loaded. */
  readonly load: (io: Io) => Promise<Command>;
}

/** In the order in which people need them. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a commented signl4.yaml to start from',
    load: async (io) => (await import('./init.ts')).initCommand(io),
  },
  {
    name: 'build',
    summary: 'generate the connector, the playbooks and everything around them',
    load: async (io) => (await import('./build.ts')).buildCommand(io),
  },
  {
    name: 'verify',
    summary: 'check templates, playbooks, connectors and packages against the rules of reviewers and services',
    load: async (io) => (await import('./verify.ts')).verifyCommand(io),
  },
  {
    name: 'package',
    summary: 'write the Content Hub package of a Microsoft Sentinel solution folder',
    load: async (io) => (await import('./package.ts')).packageCommand(io),
  },
  {
    name: 'eval',
    summary: 'evaluate an expression of the Workflow Definition Language',
    load: async (io) => (await import('./eval.ts')).evalCommand(io),
  },
  {
    name: 'run',
    summary: 'run a workflow offline, its calls answered by mocks',
    load: async (io) => (await import('./run.ts')).runCommand(io),
  },
  {
    name: 'simulate',
    summary: 'play a story of incidents and people in a simulated world',
    load: async (io) => (await import('./simulate.ts')).simulateCommand(io),
  },
  {
    name: 'demo',
    summary: 'watch incidents reach a phone, on a web page of this computer',
    load: async (io) => (await import('./demo.ts')).demoCommand(io),
  },
  {
    name: 'sandbox',
    summary: 'serve a simulated Azure and SIGNL4 on this computer, for every other command to try',
    load: async (io) => (await import('./sandbox.ts')).sandboxCommand(io),
  },
  {
    name: 'deploy',
    summary: 'deploy relay, connector, playbooks, roles, webhook and automation rules to Azure',
    load: async (io) => (await import('./deploy.ts')).deployCommand(io),
  },
  {
    name: 'setup',
    summary: 'roles, permissions and the SIGNL4 webhook: plan, apply, check',
    load: async (io) => (await import('./setup.ts')).setupCommand(io),
  },
  {
    name: 'doctor',
    summary: 'check what is deployed, with a remedy for each finding',
    load: async (io) => (await import('./doctor.ts')).doctorCommand(io),
  },
  {
    name: 'diff',
    summary: 'compare the deployed playbooks with what would be generated',
    load: async (io) => (await import('./diff.ts')).diffCommand(io),
  },
  {
    name: 'pull',
    summary: 'bring edits made in the designer back into signl4.yaml and patches/',
    load: async (io) => (await import('./pull.ts')).pullCommand(io),
  },
  {
    name: 'destroy',
    summary: 'remove what deploy and setup made, and nothing else; asks first',
    load: async (io) => (await import('./destroy.ts')).destroyCommand(io),
  },
  {
    name: 'relay',
    summary: 'run the relay: enriches incidents, takes what people do in SIGNL4 back into Sentinel',
    load: async (io) => (await import('./relay.ts')).relayCommand(io),
  },
];

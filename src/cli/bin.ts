#!/usr/bin/env node
/*
 * Entry point of the package. An older Node could not even load the rest and would not say why, so the version is checked first.
 * In the repository, npm scripts run the right Node.
 */
const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) >= NEEDED) await import('./main.ts');
else {
  process.stderr.write(
    `error: signl4-sentinel needs Node ${NEEDED} or newer; this is Node ${process.versions.node} (${process.execPath})\n  Install it from https://nodejs.org, or put another "node" first on the path.\n`,
  );
  process.exitCode = 1;
}

export {};

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Whole-process time of the released bundle's `build` against `node -e 0`, run in turn, as the median of the ratios.
 * Aim: at most 4.
 */

const ROUNDS = 15;
const root = fileURLToPath(new URL('../', import.meta.url));
const bundle = join(root, 'lib/bin/signl4-sentinel.mjs');
const folder = mkdtempSync(join(tmpdir(), 'signl4-bench-'));

function milliseconds(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const build = [bundle, 'build', '--out', join(folder, 'dist'), '--json'];
milliseconds(build);
const rounds = Array.from({ length: ROUNDS }, () => ({ build: milliseconds(build), node: milliseconds(['-e', '0']) }));
rmSync(folder, { recursive: true });

const ratios = rounds.map((round) => round.build / round.node);
console.log(`node -e 0   ${median(rounds.map(({ node }) => node)).toFixed(0)} ms (median of ${ROUNDS})`);
console.log(`build       ${median(rounds.map(({ build }) => build)).toFixed(0)} ms`);
console.log(
  `ratio       ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
);

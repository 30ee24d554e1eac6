import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a Dockerfile of one stage says, and the files beside it. @throws for an instruction that is not known here */
export function readDockerfile(path: string) {
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const instructions = lines.map((line) => /^(\w+)\s+(.*)$/.exec(line)?.slice(1) ?? [line, '']);
  const known = ['FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD'];
  const unknown = instructions.find(([name = '']) => !known.includes(name));
  if (unknown) throw new Error(`${unknown[0]} is not known to this test`);
  const all = (name: string) => instructions.flatMap(([found, rest = '']) => (found === name ? [rest] : []));
  const one = (name: string) => all(name)[0] ?? '';
  const beside = (name: string) => readFileSync(join(dirname(path), name), 'utf8');
  return {
    from: one('FROM'),
    user: one('USER'),
    volumes: all('VOLUME'),
    copies: all('COPY').map(copy),
    env: Object.fromEntries(
      all('ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split('=', 2))),
    ) as Record<string, string>,
    command: JSON.parse(one('CMD')) as string[],
    healthcheck: JSON.parse(one('HEALTHCHECK').replace(/^.*?CMD\s+/, '')) as string[],
    ignored: beside('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
    compose: beside('compose.yaml'),
  };
}

function copy(rest: string) {
  const words = rest.split(/\s+/);
  const mode = /^--chmod=(\d+)$/.exec(words.find((word) => word.startsWith('--chmod')) ?? '')?.[1] ?? '644';
  return { sources: words.filter((word) => !word.startsWith('--')).slice(0, -1), mode: Number.parseInt(mode, 8) };
}

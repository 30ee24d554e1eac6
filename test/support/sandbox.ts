import type { Azure } from '../../src/simulator/azure/azure.ts';
import { createSandbox, sandboxEnvironment } from '../../src/simulator/azure/sandbox.ts';
import { systemClock } from '../../src/simulator/clock.ts';
import type { Handler } from '../../src/simulator/http.ts';
import { serveOn } from '../../src/simulator/listen.ts';

/** What `signl4-sentinel sandbox` serves, on a free port. */
export interface ServedSandbox {
  readonly azure: Azure;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startSandbox(): Promise<ServedSandbox> {
  let handle: Handler = async () => new Response(null, { status: 503 });
  const { port, close } = await serveOn((request) => handle(request));
  const url = `http://127.0.0.1:${port}`;
  const { azure, fetch } = createSandbox(systemClock, url);
  handle = fetch;
  return { azure, url, env: sandboxEnvironment(azure, url), close };
}

import { type Context, Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { streamSSE } from 'hono/streaming';
import { requestBody, runBody } from '../page/run-list.ts';
import { actions } from './actions.ts';
import { demoPage } from './page.ts';
import { pressOnce } from './press.ts';
import { regions } from './regions.ts';
import type { DemoSession } from './session.ts';

/** Files that the page loads; `text` gives them by their path in the repository. */
const files: Readonly<Record<string, readonly [path: string, type: string]>> = {
  '/page.css': ['templates/simulator/page.css', 'text/css; charset=utf-8'],
  '/demo.css': ['templates/simulator/demo.css', 'text/css; charset=utf-8'],
  '/demo.js': ['templates/simulator/demo.js', 'text/javascript; charset=utf-8'],
};

/** Comments that keep the stream open through proxies. */
const HEARTBEAT_MS = 15_000;

/**
 * The demo as a web app: the page, what its buttons do (`/do/…`), what folds out (`/inside/…`) and the stream of changes.
 * It answers to this computer's own names only, so that no other website can reach it through the browser.
 * @param text - The text of a file of the package
 * @param commandLine - How the tool was started, for remedies that propose a command
 */
export function createDemo(session: DemoSession, text: (path: string) => string, commandLine?: string): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
      },
      referrerPolicy: 'same-origin',
    }),
  );
  app.use(async (context, next) => {
    const { hostname } = new URL(`http://${context.req.header('host') ?? ''}`);
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
      return context.text('This page is for this computer only.', 403);
    return next();
  });

  const press = pressOnce(session, commandLine);
  app.get('/', async ({ html, req }) => {
    await session.settled();
    const { area = '', message = '', refused } = req.query();
    return html(await demoPage(session, { area, message, ok: refused === undefined }));
  });
  for (const [path, [file, type]] of Object.entries(files))
    app.get(path, ({ body }) => body(text(file), 200, { 'content-type': type, 'cache-control': 'no-cache' }));

  app.post('/do/:action', async (context) => {
    const { req } = context;
    const origin = req.header('origin');
    if (origin !== undefined && origin !== `http://${req.header('host')}`)
      return context.text('This comes from elsewhere.', 403);
    const action = actions[req.param('action')];
    if (!action) return context.text('There is no such button.', 404);
    const form = await req.formData();
    const outcome = await press(req.param('action'), action, form);
    const { message, ok, problems } = outcome;
    if (req.header('accept')?.includes('application/json')) return context.json(outcome);
    const area = req.query('area') ?? '';
    if (problems.length > 0) {
      const wrong = { config: String(form.get('config') ?? ''), problems };
      return context.html(await demoPage(session, { area, message, ok, wrong }), 422);
    }
    const told = new URLSearchParams({ area, message, ...(!ok && { refused: '' }) });
    return context.redirect(`/?${told}#${area}`, 303);
  });

  app.get('/inside/run/:order', async ({ req, html, notFound }) => {
    const run = session.environment.history.runs[Number(req.param('order'))];
    return run ? html(await runBody(run)) : notFound();
  });
  app.get('/inside/request/:order', async ({ req, html, notFound }) => {
    const request = session.environment.world.log.entries[Number(req.param('order'))];
    return request ? html(await requestBody(request)) : notFound();
  });
  app.get('/changes', (context) => changes(context, session));
  return app;
}

/** Sends regions that differ from what was sent last; the clock on its own, once a second. */
function changes(context: Context, session: DemoSession): Response {
  return streamSSE(context, async (stream) => {
    const sent = new Map<string, string>();
    let wake = () => {};
    const stop = session.onChange(() => wake());
    stream.onAbort(() => {
      stop();
      wake();
    });
    let lastWord = Date.now();
    while (!stream.aborted && !stream.closed) {
      await session.settled();
      const fresh: Record<string, string> = {};
      for (const [id, render] of Object.entries(regions)) {
        const markup = String(await render(session));
        if (sent.get(id) !== markup) fresh[id] = markup;
        sent.set(id, markup);
      }
      if (Object.keys(fresh).length > 0) await stream.writeSSE({ data: JSON.stringify(fresh) });
      else if (Date.now() - lastWord > HEARTBEAT_MS) await stream.write(': still here\n\n');
      else {
        await pause(1_000);
        continue;
      }
      lastWord = Date.now();
      await pause(100);
    }
    stop();

    /** Until something changes, but not longer. */
    function pause(ms: number): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  });
}

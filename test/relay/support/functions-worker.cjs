/*
 * Stands in for the worker of the Functions host, which no registry has: the module `@azure/functions-core` that the worker
 * brings. The library @azure/functions registers its functions and its programming model here as in Azure; invocations come
 * over the process's channel in the shapes of the host's protocol (azure-functions-language-worker-protobuf).
 */
const functions = new Map();
let model;

module.exports = {
  version: '4.1037.0',
  hostVersion: '4.1037.0',
  registerFunction(metadata, handler) {
    functions.set(metadata.name, { metadata, handler });
    return { dispose() {} };
  },
  setProgrammingModel(chosen) {
    model = chosen;
  },
  getProgrammingModel: () => model,
  registerHook: () => ({ dispose() {} }),
  log() {},
  Disposable: class {
    static from() {
      return { dispose() {} };
    }
    dispose() {}
  },
};

process.on('message', async ({ nr, name, request }) => {
  try {
    if (name === undefined) {
      process.send({ nr, answer: [...functions.values()].map(({ metadata }) => metadata) });
      return;
    }
    const { metadata, handler } = functions.get(name);
    const core = { invocationId: `invocation-${nr}`, metadata, request, log() {}, state: undefined };
    const invocation = model.getInvocationModel(core);
    const { context, inputs } = await invocation.getArguments();
    const result = await invocation.invokeFunction(context, inputs, handler);
    process.send({ nr, answer: await invocation.getResponse(context, result) });
  } catch (error) {
    process.send({ nr, failure: String(error?.stack ?? error) });
  }
});

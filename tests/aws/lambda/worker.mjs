// One environment of a function: loads its bundle once and runs one invocation at a time, as Lambda does. Only JSON comes
// in and goes out.
import { parentPort, workerData } from 'node:worker_threads';

const { file, handler, functionName, clockSkewMs } = workerData;

if (clockSkewMs !== 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...args) {
      if (args.length === 0) super(Real.now() + clockSkewMs);
      else super(...args);
    }
    static now() {
      return Real.now() + clockSkewMs;
    }
  };
}

let loaded;
try {
  loaded = { run: (await import(file))[handler] };
  if (typeof loaded.run !== 'function') throw new Error(`${file} exports no function ${handler}`);
} catch (error) {
  loaded = { error };
}

parentPort.postMessage('ready');

parentPort.on('message', async ({ requestId, event, timeoutMs }) => {
  const deadline = performance.now() + timeoutMs;
  try {
    if (loaded.error) throw loaded.error;
    const result = await loaded.run(JSON.parse(event), {
      awsRequestId: requestId,
      functionName,
      functionVersion: '1',
      invokedFunctionArn: `arn:aws:lambda:eu-central-1:111111111111:function:${functionName}`,
      memoryLimitInMB: '512',
      logGroupName: `/aws/lambda/${functionName}`,
      logStreamName: 'local',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()),
    });
    parentPort.postMessage({ requestId, result: JSON.stringify(result ?? null) });
  } catch (error) {
    parentPort.postMessage({
      requestId,
      error: {
        errorType: error?.name ?? typeof error,
        errorMessage: String(error?.message ?? error),
        trace: String(error?.stack ?? '').split('\n'),
      },
    });
  }
});

// The long half of the fault matrix, `npm run faults`; the short half runs with the other tests.

export default {
  files: ['packages/conformance/src/faults/*.faults.ts', 'packages/core-server/src/brokers/*.faults.ts'],
  extensions: { ts: 'module' },
  workerThreads: false,
  concurrency: 2,
  timeout: '5m',
}

// ava runs the .ts files as they are, each test file in a process of its own. Threads of one process would be as fast,
// but share V8's cache of WebAssembly's calls into JavaScript (Node's fetch parses HTTP in WebAssembly), and where that
// cache trips over itself (`Check failed: jit_page.has_value()`) the whole run ends.

export default {
  files: [
    'packages/*/src/**/*.test.ts',
    'packages/*/test/**/*.test.ts',
    'example-bot/actions/**/*.test.ts',
    'tools/**/*.test.ts',
  ],
  extensions: { ts: 'module' },
  workerThreads: false,
  concurrency: 2,
  timeout: '5m',
}

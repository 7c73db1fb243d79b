// ava runs the .ts files as they are; each test file in a worker thread of Node 24.

export default {
  files: [
    'packages/*/src/**/*.test.ts',
    'packages/*/test/**/*.test.ts',
    'example-bot/actions/**/*.test.ts',
    'tools/**/*.test.ts',
  ],
  extensions: { ts: 'module' },
  concurrency: 2,
  timeout: '5m',
}

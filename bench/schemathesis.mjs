// schemathesis, a tester of APIs in Python, against /openapi.json of a served bot for two minutes: it makes requests of the
// document's schemas, right and wrong ones, and complains of every 5xx and of every answer that the document does not have.
// It is installed through pip into a folder of its own when it is first needed; SECONDS bounds the run.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '4.32.5'
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
  'unsupported_method',
]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const project = join(root, 'packages', 'conformance', 'bots', 'http-api')
const home = process.env.SCHEMATHESIS_HOME ?? join(homedir(), '.cache', `schemathesis-${VERSION}`)
const port = Number(process.env.PORT ?? 5895)
const seconds = process.env.SECONDS ?? '120'

/** `{requests, failures}` and what failed by its kind, with the operations that were tried. */
export async function measure() {
  const program = join(home, 'bin', 'schemathesis')
  if (!existsSync(program)) {
    await run('python3', ['-m', 'venv', home], root)
    await run(join(home, 'bin', 'pip'), ['--quiet', 'install', `schemathesis==${VERSION}`], root)
  }
  const copy = mkdtempSync(join(tmpdir(), 'tabula-schemathesis-'))
  let server
  try {
    cpSync(project, copy, { recursive: true })
    writeFileSync(join(copy, 'credentials.yml'), 'rest:\ncallback:\n  url: http://127.0.0.1:9/\nsocketio:\n')
    await run(bot, ['train', '--fixed-model-name', 'model'], copy)
    server = spawn(bot, ['run', '--enable-api', '--quiet', '--port', String(port)], {
      cwd: copy,
      stdio: 'ignore',
    })
    const url = `http://127.0.0.1:${port}/openapi.json`
    const report = join(copy, 'report.json')
    const args = ['run', url, '--checks', CHECKS.join(','), '--max-time', seconds, '--continue-on-failure']
    const status = await new Promise(resolve => {
      spawn(
        program,
        [
          ...args,
          '--wait-for-schema',
          '30',
          '--seed',
          '42',
          '--report',
          'json',
          '--report-json-path',
          report,
        ],
        { cwd: copy, stdio: ['ignore', 2, 2] },
      ).once('close', resolve)
    })
    return { version: VERSION, seconds: Number(seconds), checks: CHECKS, status, ...figuresOf(report) }
  } finally {
    server?.kill('SIGTERM')
    if (process.env.KEEP !== undefined) cpSync(copy, process.env.KEEP, { recursive: true })
    rmSync(copy, { recursive: true, force: true })
  }
}

function figuresOf(report) {
  const { operations, test_cases, phases, failures, errors } = JSON.parse(readFileSync(report, 'utf8'))
  return {
    operations: operations.tested,
    requests: test_cases.generated,
    phases: Object.fromEntries(Object.entries(phases).map(([name, { status }]) => [name, status])),
    failures: failures.map(({ title, count, operations }) => ({ title, count, operations })),
    errors: errors.length,
  }
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    spawn(command, args, { cwd, stdio: ['ignore', 2, 2] }).once('close', status => {
      if (status === 0) resolve()
      else reject(new Error(`${command} ${args.join(' ')} ended with status ${status}`))
    })
  })
}

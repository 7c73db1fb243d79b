// What `npm test` runs: every ava test, and beside them types, lint and format. The last line counts: N passed, M failed,
// K skipped.
// Tests that failed run once more when all others are through, and are told: many wait for clocks, and a machine may stall.

import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const environment = {
  ...process.env,
  PATH: `${bin}:${process.env.PATH ?? ''}`,
  FORCE_COLOR: '0',
  // each test file is a process that reads the same modules: compiled once, they start in two thirds of the time
  NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
}
/** How nice the checks are to the tests beside them. */
const BESIDE_TESTS = 15
const failed = []
const skipped = []
const testFiles = ['packages', 'example-bot', 'tools']
  .flatMap(filesIn)
  .filter(file => /\.(test|faults)\.ts$/.test(file))
let passed = 0

const only = process.argv.slice(2)
const checks = only.length === 0 ? checkAll() : null
await runAva(only)
await checks
const again = failed.flatMap(title => fileOf(title) ?? [])
if (again.length > 0) {
  process.stdout.write(`\nfailed once, played again:\n${again.map(({ title }) => `  ${title}\n`).join('')}`)
  failed.splice(0, Infinity, ...failed.filter(title => fileOf(title) === null))
  const files = new Set(again.map(({ file }) => file))
  await runAva([...configuration(), ...files, ...again.map(({ last }) => `--match=*${last}`)])
}

if (skipped.length > 0) process.stdout.write(`\nskipped:\n${skipped.map(title => `  ${title}\n`).join('')}`)
if (failed.length > 0) process.stdout.write(`\nfailed:\n${failed.map(title => `  ${title}\n`).join('')}`)
const counts = `${passed} passed, ${failed.length} failed`
process.stdout.write(`\n${skipped.length > 0 ? `${counts}, ${skipped.length} skipped` : counts}\n`)
process.exitCode = failed.length > 0 ? 1 : 0

/** Types, format and lint, one after the other, in the time that tests leave over: these wait a good deal. */
async function checkAll() {
  await check('types: tsc finds nothing', 'tsc', ['--noEmit', '-p', 'tsconfig.json'])
  await check('format: prettier finds nothing', 'prettier', ['--check', '--log-level=warn', '.'])
  await check('lint: eslint finds nothing', 'eslint', ['.', '--max-warnings=0'])
}

/** Runs a checker as one test: passed when its exit status is 0; its words are shown only when not. */
async function check(title, command, args) {
  const started = Date.now()
  const child = spawn(join(bin, command), args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (child.pid !== undefined) setPriority(child.pid, BESIDE_TESTS)
  let words = ''
  child.stdout.on('data', data => (words += String(data)))
  child.stderr.on('data', data => (words += String(data)))
  const status = await ended(child)
  if (status === 0) passed += 1
  else failed.push(title)
  process.stdout.write(
    `${status === 0 ? 'ok' : 'not ok'} ${title} (${Math.round((Date.now() - started) / 1000)} s)\n`,
  )
  if (status !== 0) process.stdout.write(`${words}\n`)
}

/** The file of a test that ava told as `folder › file › its title`, without what all files share; null where that names none. */
function fileOf(title) {
  const words = title.replaceAll('\\#', '#').split(' › ')
  for (let length = words.length - 1; length > 0; length -= 1) {
    const path = `/${words.slice(0, length).join('/')}`
    const file = testFiles.find(each => each.endsWith(`${path}.test.ts`) || each.endsWith(`${path}.ts`))
    if (file !== undefined) return { title, file, last: words.slice(length).join(' › ') }
  }
  return null
}

/** `--config FILE` of what was asked for. */
function configuration() {
  const place = only.indexOf('--config')
  return place < 0 ? [] : only.slice(place, place + 2)
}

/** Runs ava in TAP and counts its lines; a run that ends without a plan or a test is a failure of its own. */
async function runAva(files) {
  const child = spawn(join(bin, 'ava'), ['--tap', ...files], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /^(not ok|ok) \d+ - (.*?)(?: # (SKIP|TODO).*)?$/.exec(line)
    if (match === null) {
      if (!/^(TAP version|# |1\.\.|\s*$)/.test(line)) process.stdout.write(`${line}\n`)
      continue
    }
    seen += 1
    const [, outcome, title, mark] = match
    if (mark !== undefined) skipped.push(title)
    else if (outcome === 'ok') passed += 1
    else failed.push(title)
    if (outcome === 'not ok') process.stdout.write(`not ok ${title}\n`)
  }
  const status = await ended(child)
  if (seen === 0) failed.push('ava ran no test')
  else if (status !== 0 && failed.length === 0) failed.push(`ava ended with status ${status}`)
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(code ?? 1))
  })
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path)
    return [path]
  })
}

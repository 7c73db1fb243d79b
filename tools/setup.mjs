// Makes a fresh clone ready: dependencies, Node 24, the web files; with --test also Redis, PostgreSQL and Chromium.
// Plain JavaScript, so that an older Node (20) can run it before anything is installed.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SERVICES, findService } from './services.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.tabula-installed')

installDependencies()
checkNode24()
await buildWebFiles()
if (process.argv.includes('--test')) seeToServices()

/** Runs `npm ci` where the lock file is not the one that was installed last. */
function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('installing dependencies (npm ci) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund']
  const done = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (done.status !== 0) fail('npm ci did not succeed: see its words above.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** The project's own Node must be 24: npm scripts find it first on their path. */
function checkNode24() {
  const own = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const asked = spawnSync(own, ['--version'], { encoding: 'utf8' })
  const version = asked.status === 0 ? asked.stdout.trim() : null
  if (version?.startsWith('v24.')) return
  if (Number(process.versions.node.split('.')[0]) >= 24) return
  fail(
    `The project runs on Node 24. Its own copy (the package "node") ${version === null ? 'is not there' : `is ${version}`}, ` +
      `and this is ${process.version}. If npm is told to skip install scripts (ignore-scripts), allow them and run: npm ci`,
  )
}

async function buildWebFiles() {
  const web = join(root, 'packages', 'web')
  const dist = join(web, 'dist')
  const newest = Math.max(...files(join(web, 'src')).map(modified), modified(join(web, 'build.mjs')))
  const built = files(dist)
  if (built.length > 0 && Math.min(...built.map(modified)) >= newest) return
  say('building the web files …')
  const { buildWeb } = await import(pathToFileURL(join(web, 'build.mjs')).href)
  await buildWeb()
}

/** Looks for what tests need, and installs it through apt where that is possible; else says what will be skipped. */
function seeToServices() {
  const missing = () => SERVICES.filter(service => findService(service.name) === null)
  const wanted = missing()
  if (wanted.length === 0) return
  const packages = wanted.map(service => service.apt)
  if (canUseApt()) {
    say(`installing ${packages.join(', ')} through apt …`)
    apt(['update', '-qq'])
    apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  }
  const still = missing()
  if (still.length === 0) return
  const names = still.map(service => service.name).join(', ')
  const help = `Install them yourself (Debian: apt-get install ${still.map(s => s.apt).join(' ')}) or point ${still.map(s => s.setting).join(', ')} at the programs.`
  if (process.env.CI === 'true') fail(`${names} cannot be had here, and a CI run needs them. ${help}`)
  say(`${names} cannot be had here: tests that need them will be skipped, by name. ${help}`)
}

function canUseApt() {
  return process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0
}

function apt(args) {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  if (spawnSync('apt-get', args, options).status !== 0) say(`apt-get ${args.join(' ')} did not succeed`)
}

function files(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
}

function modified(file) {
  return statSync(file).mtimeMs
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}

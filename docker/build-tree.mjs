// Lays out the files of the image: what runs, and nothing of what builds or tests. The Dockerfile runs it, and a test that
// starts every role from the tree. Plain JavaScript: node docker/build-tree.mjs FOLDER [--link-modules]

import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWeb } from '../packages/web/build.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const PACKAGES = ['protocol', 'ml', 'nlu', 'dialogue', 'model', 'action-sdk', 'core-server', 'trainer-cli']

/** Writes the tree; with `linkModules` it takes the dependencies of this checkout in place of an installation of its own. */
export async function buildTree(folder, { linkModules = false } = {}) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of PACKAGES) copyPackage(name, folder)
  copyBot(folder)
  await buildWeb(join(folder, 'packages', 'web', 'dist'))
  writeManifest(folder)
  if (linkModules) linkDependencies(folder)
  else {
    run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], folder)
    dropWhatIsOnlyRead(join(folder, 'node_modules'))
  }
  const bot = join(folder, 'packages', 'trainer-cli', 'bin', 'bot.mjs')
  run(process.execPath, [bot, 'train', '--fixed-model-name', 'shop'], join(folder, 'example-bot'))
}

/** What a package would publish, but for what is built. */
function copyPackage(name, folder) {
  const from = join(root, 'packages', name)
  const { files } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'))
  for (const part of ['package.json', ...files]) {
    if (part !== 'dist' && existsSync(join(from, part)))
      cpSync(join(from, part), join(folder, 'packages', name, part), { recursive: true, filter: isNeeded })
  }
}

/** Without endpoints.yml: it says where things are on a developer's machine, and would win over what a deployment says. */
function copyBot(folder) {
  cpSync(join(root, 'example-bot'), join(folder, 'example-bot'), {
    recursive: true,
    filter: file =>
      isNeeded(file) && !['models', '.tabula', '.rasa', 'tests', 'endpoints.yml'].includes(basename(file)),
  })
}

function isNeeded(file) {
  return !/\.test\.ts$/.test(file) && !['node_modules', 'fixtures', 'dist'].includes(basename(file))
}

/** The workspace's own manifest and lock file, without what only developers need. */
function writeManifest(folder) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { start: _start, create_db } = manifest.scripts
  const own = { ...manifest, scripts: { create_db } }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`)
  for (const file of ['package-lock.json', '.npmrc', 'LICENSE']) cpSync(join(root, file), join(folder, file))
  // The lock file names these workspaces too.
  for (const name of ['web', 'conformance'])
    cpSync(join(root, 'packages', name, 'package.json'), join(folder, 'packages', name, 'package.json'))
}

/** Types, source maps and the like of dependencies: no program opens them, and they are a third of the bytes. */
function dropWhatIsOnlyRead(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /(\.map|\.d\.[cm]?ts|\.md|\.markdown|\.tsbuildinfo)$/i.test(entry.name))
      rmSync(join(entry.parentPath, entry.name))
  }
}

/** Each dependency as a link, but our own packages as those of the tree. */
function linkDependencies(folder) {
  linkAll(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const name of PACKAGES) {
    const own = join(root, 'packages', name, 'node_modules')
    if (existsSync(own)) linkAll(own, join(folder, 'packages', name, 'node_modules'))
  }
  mkdirSync(join(folder, 'node_modules', '@tabula'), { recursive: true })
  for (const name of PACKAGES)
    symlinkSync(join(folder, 'packages', name), join(folder, 'node_modules', '@tabula', name))
}

function linkAll(from, to) {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (name === '@tabula' || name.startsWith('.')) continue
    symlinkSync(join(from, name), join(to, name))
  }
}

function run(command, args, cwd) {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status} in ${relative(root, cwd)}`)
}

const [, program, folder, flag] = process.argv
if (program !== undefined && fileURLToPath(import.meta.url) === resolve(program)) {
  if (folder === undefined) throw new Error('node docker/build-tree.mjs FOLDER')
  await buildTree(resolve(folder), { linkModules: flag === '--link-modules' })
}

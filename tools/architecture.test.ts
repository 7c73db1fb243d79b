// Holds the table of package directions, and what may live where: a wrong import fails here with its file.

import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Who may import whom, besides itself. */
const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  ml: [],
  nlu: ['protocol', 'ml'],
  dialogue: ['protocol', 'ml'],
  model: ['nlu', 'dialogue', 'protocol', 'ml'],
  'action-sdk': ['protocol'],
  'core-server': ['model', 'dialogue', 'nlu', 'protocol'],
  'trainer-cli': ['model', 'protocol', 'core-server', 'action-sdk'],
  web: [],
  conformance: ['protocol', 'ml', 'nlu', 'dialogue', 'model', 'core-server', 'action-sdk', 'trainer-cli'],
  'example-bot': ['action-sdk'],
}

/** Libraries that belong to some packages alone. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  koa: ['core-server', 'action-sdk'],
  ioredis: ['core-server'],
  knex: ['core-server'],
}

interface Import {
  readonly file: string
  readonly owner: string
  readonly target: string
}

const imports = readImports()

test('a package imports only packages that stand below it', t => {
  t.true(imports.length > 100, 'the search found the imports of the code')
  const wrong = imports.filter(({ owner, target }) => {
    const name = packageName(target)
    return name !== null && name !== owner && !(DIRECTIONS[owner] ?? []).includes(name)
  })
  t.deepEqual(wrong, [])
})

test('a package is imported through its index alone', t => {
  const wrong = imports.filter(({ target }) => /^@tabula\/[^/]+\//.test(target))
  t.deepEqual(wrong, [])
})

test('HTTP, Redis and SQL libraries stay in the packages that own them', t => {
  const wrong = imports.filter(({ owner, target, file }) => {
    const allowed = ONLY_IN[target.split('/')[0] ?? '']
    return allowed !== undefined && !allowed.includes(owner) && !file.endsWith('.test.ts')
  })
  t.deepEqual(wrong, [])
})

test('the engine of dialogue and the numbers reach for no file, network, clock or chance', t => {
  const impure = /^node:|^(undici|ws|fs|http)$/
  const wrong = imports.filter(
    ({ owner, target, file }) => ['dialogue', 'ml'].includes(owner) && impure.test(target) && !isTest(file),
  )
  t.deepEqual(wrong, [])
  const calls = sources()
    .filter(file => /packages\/(dialogue|ml)\/src\//.test(file) && !isTest(file))
    .filter(file => /\b(Date\.now|Math\.random|performance\.now|setTimeout)\b|new Date\(\)/.test(read(file)))
  t.deepEqual(calls, [])
})

test('only the composition roots read the environment', t => {
  const allowed =
    /packages\/(core-server\/src\/(main|config\/)|trainer-cli\/|web\/build|conformance\/)|^(tools|bench)\//
  const readers = sources().filter(
    file => !isTest(file) && !allowed.test(file) && read(file).includes('process.env'),
  )
  t.deepEqual(readers, [])
})

test('the lock file names no registry, so that a clone installs from its own', t => {
  t.false(/"resolved": "(https?|git)/.test(readFileSync(join(root, 'package-lock.json'), 'utf8')))
})

test('every package has the name, version, licence and author of the project', t => {
  for (const name of Object.keys(DIRECTIONS)) {
    const folder = name === 'example-bot' ? name : join('packages', name)
    const manifest: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    t.like(manifest, {
      name: `@tabula/${name}`,
      version: '0.1.0',
      license: 'Apache-2.0',
      author: 'The Tabula authors',
    })
  }
})

function packageName(target: string): string | null {
  return /^@tabula\/([^/]+)/.exec(target)?.[1] ?? null
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/test/')
}

function sources(): string[] {
  return ['packages', 'example-bot', 'tools', 'bench'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
      .map(entry => relative(root, join(entry.parentPath, entry.name)))
      .filter(file => !/(^|\/)(node_modules|dist|fixtures|generated)\//.test(file)),
  )
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function readImports(): Import[] {
  const pattern = /(?:from|import)\s*\(?\s*'([^'.][^']*)'/g
  return sources()
    .filter(file => file.startsWith('packages/') || file.startsWith('example-bot/'))
    .flatMap(file => {
      const owner = file.startsWith('example-bot/') ? 'example-bot' : (file.split('/')[1] ?? '')
      return [...read(file).matchAll(pattern)].map(match => ({ file, owner, target: match[1] ?? '' }))
    })
}

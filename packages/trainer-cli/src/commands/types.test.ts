import test from 'ava'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Console } from '../console.ts'
import { types } from './types.ts'

function consoleIn(folder: string): Console {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  return { environment: {}, folder, stdin, stdout, stderr, isTerminal: false }
}

test('the types of the shop’s assistant are those of its domain', async t => {
  const folder = join(import.meta.dirname, '..', '..', '..', '..', 'example-bot')
  t.is(await types({ out: 'actions/bot.ts', check: true }, consoleIn(folder)), 0)
})

test('the types follow the domain, and a check tells when they do not', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-types-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const console = consoleIn(folder)
  await writeFile(join(folder, 'config.yml'), 'recipe: default.v1\nlanguage: en\n')
  await writeFile(join(folder, 'domain.yml'), 'version: "3.1"\nintents: [greet]\n')
  const out = 'actions/bot.ts'
  t.is(await types({ out, check: true }, console), 1)
  t.is(await types({ out }, console), 0)
  t.is(await types({ out, check: true }, console), 0)
  t.regex(await readFile(join(folder, out), 'utf8'), /'greet'/)
  await writeFile(join(folder, 'domain.yml'), 'version: "3.1"\nintents: [greet, bye]\n')
  t.is(await types({ out, check: true }, console), 1)
})

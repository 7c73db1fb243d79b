import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { readAssistants } from './read-assistants.ts'

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-assistants-'))
  writeFileSync(join(folder, 'assistants.yml'), text)
  writeFileSync(join(folder, 'endpoints.yml'), 'tracker_store:\n  type: redis\n  key_prefix: ${PREFIX}\n')
  const environment = { PREFIX: 'shop' }
  return { folder, read: readAssistants('assistants.yml', { folder, environment }) }
}

test('a file names assistants with paths of its own folder, and variables are filled in', async t => {
  const { folder, read: reading } = read(
    'default: shop\nassistants:\n  shop: {model: models, endpoints: endpoints.yml, auth_token: secret}\n',
  )
  t.deepEqual(await reading, {
    default: 'shop',
    each: {
      shop: {
        model: join(folder, 'models'),
        endpoints: { tracker_store: { type: 'redis', key_prefix: 'shop' } },
        authToken: 'secret',
      },
    },
  })
})

const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
  'a key too many': ['assistents: {}\n', /'assistents'; assistants and default are known/],
  'no assistants': ['default: shop\n', /needs `assistants:`/],
  'an assistant without a model': ['assistants:\n  shop: {}\n', /'shop' needs `model:`/],
  'a key that no assistant has': ['assistants:\n  shop: {model: m, port: 1}\n', /'port'; model, endpoints/],
  'a file that is missing': [
    'assistants:\n  shop: {model: m, endpoints: no.yml}\n',
    /names no\.yml, which is missing/,
  ],
  'a list for a path': ['assistants:\n  shop: {model: [m]}\n', /model of 'shop' must be text/],
}
for (const [name, [text, message]] of Object.entries(wrong))
  test(`a file of assistants that cannot work is refused with the reason: ${name}`, async t => {
    await t.throwsAsync(read(text).read, { message })
  })

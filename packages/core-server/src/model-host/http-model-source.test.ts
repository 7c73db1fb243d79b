import { createHash } from 'node:crypto'
import test from 'ava'
import { answering } from '../../test/tiny-models.ts'
import { createHttpModelSource } from './http-model-source.ts'
import type { ModelSource } from './model-source.ts'

const BODY = Buffer.from('a model')

function sourceOf(url: string): ModelSource {
  return createHttpModelSource({ url: `${url}/models/live`, headers: {}, cafile: null })
}

test('a model server is asked with the known version, and a model comes with its name', async t => {
  const asked: (string | undefined)[] = []
  const url = await answering(t, (request, response) => {
    asked.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"1"', filename: '20260101-x.tar.gz' }).end(BODY)
  })
  const source = sourceOf(url)
  const fetched = await source.fetch(null)
  t.deepEqual(fetched, { name: '20260101-x.tar.gz', bytes: BODY, fingerprint: '"1"' })
  t.is(await source.fetch('"1"'), null)
  t.deepEqual(asked, [undefined, '"1"'])
  await source.close()
})

test('a name with folders in it stays a name', async t => {
  const url = await answering(t, (_request, response) => {
    response.writeHead(200, { etag: '"1"', filename: '../../etc/passwd' }).end(BODY)
  })
  t.is((await sourceOf(url).fetch(null))?.name, 'passwd')
})

for (const status of [204, 404])
  test(`${status} keeps the model that serves`, async t => {
    const url = await answering(t, (_request, response) => response.writeHead(status).end())
    t.is(await sourceOf(url).fetch('"1"'), null)
  })

test('an answer without an ETag is not taken, as in Rasa', async t => {
  const url = await answering(t, (_request, response) => response.writeHead(200).end(BODY))
  t.is(await sourceOf(url).fetch(null), null)
})

test('security row 45: a model with a wrong digest, or cut off on its way, is refused', async t => {
  const digest = (bytes: Buffer): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
  let headers: Record<string, string> = { etag: '"1"', 'content-digest': digest(Buffer.from('another')) }
  const url = await answering(t, (_request, response) => {
    response.writeHead(200, headers)
    if (headers['content-length'] === undefined) response.end(BODY)
    else response.write(BODY, () => response.destroy())
  })
  t.like(await t.throwsAsync(sourceOf(url).fetch(null)), { code: 'model.digest' })
  headers = { etag: '"1"', 'content-digest': digest(BODY) }
  t.truthy(await sourceOf(url).fetch(null))
  headers = { etag: '"1"', 'content-length': '100000' }
  await t.throwsAsync(sourceOf(url).fetch(null))
})

test('a model server that fails is an error that names it', async t => {
  const url = await answering(t, (_request, response) => response.writeHead(500).end())
  const error = await t.throwsAsync(sourceOf(url).fetch(null))
  t.regex(error.message, /\/models\/live answered 500/)
})

// The clouds stand as servers on loopback that answer as their protocols say; their own libraries ask them.

import test from 'ava'
import { answering } from '../../test/tiny-models.ts'
import { archiveKey, openStorage } from './remote-storage.ts'

const BODY = Buffer.from('a model')

test.before(() => {
  // The library reads its keys from here, and would look for a machine's role without them.
  process.env['AWS_ACCESS_KEY_ID'] = 'key'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'secret'
})

test('aws: a model in S3 is fetched once, and not again while it is the same', async t => {
  const paths: (string | undefined)[] = []
  const url = await answering(t, (request, response) => {
    paths.push(request.url?.split('?')[0])
    if (request.headers['if-none-match'] === '"e1"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"e1"', 'content-length': BODY.length }).end(BODY)
  })
  const source = await openStorage('aws', {
    key: archiveKey('shop'),
    environment: { BUCKET_NAME: 'bots', AWS_ENDPOINT_URL: url },
  })
  t.deepEqual(await source.fetch(null), { name: 'shop.tar.gz', bytes: BODY, fingerprint: '"e1"' })
  t.is(await source.fetch('"e1"'), null)
  t.is(paths[0], '/bots/shop.tar.gz')
  await source.close()
})

test('gcs: a model in Google’s storage is fetched once, and not again while it is the same', async t => {
  const url = await answering(t, (request, response) => {
    const isMedia = request.url?.includes('alt=media') === true
    if (isMedia) response.writeHead(200, { 'content-length': BODY.length }).end(BODY)
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ name: 'shop.tar.gz', etag: 'e1', size: String(BODY.length) }))
  })
  const source = await openStorage('gcs', {
    key: 'shop.tar.gz',
    environment: { BUCKET_NAME: 'bots', STORAGE_EMULATOR_HOST: url },
  })
  t.deepEqual(await source.fetch(null), { name: 'shop.tar.gz', bytes: BODY, fingerprint: 'e1' })
  t.is(await source.fetch('e1'), null)
})

test('azure: a model in a container is fetched once, and not again while it is the same', async t => {
  const url = await answering(t, (request, response) => {
    if (request.headers['if-none-match'] === '"e1"') response.writeHead(304).end()
    else response.writeHead(200, { etag: '"e1"', 'content-length': BODY.length }).end(BODY)
  })
  const source = await openStorage('azure', {
    key: 'shop.tar.gz',
    environment: {
      AZURE_CONTAINER: 'bots',
      AZURE_ACCOUNT_NAME: 'acme',
      AZURE_ACCOUNT_KEY: Buffer.from('key').toString('base64'),
      AZURE_BLOB_ENDPOINT: `${url}/acme`,
    },
  })
  t.deepEqual(await source.fetch(null), { name: 'shop.tar.gz', bytes: BODY, fingerprint: '"e1"' })
  t.is(await source.fetch('"e1"'), null)
})

test('a storage that is not known, or lacks a setting, says what would be right', async t => {
  const settings = { key: 'shop.tar.gz', environment: {} }
  const unknown = await t.throwsAsync(openStorage('dropbox', settings))
  t.regex(unknown.message, /aws, gcs, azure/)
  const missing = await t.throwsAsync(openStorage('aws', settings))
  t.regex(missing.message, /BUCKET_NAME/)
})

test('a model that is not there is an error that names the place', async t => {
  const url = await answering(t, (_request, response) => response.writeHead(404).end())
  const source = await openStorage('aws', {
    key: 'shop.tar.gz',
    environment: { BUCKET_NAME: 'bots', AWS_ENDPOINT_URL: url },
  })
  t.regex((await t.throwsAsync(source.fetch(null))).message, /s3:\/\/bots\/shop\.tar\.gz/)
})

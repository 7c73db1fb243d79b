// Swaps under load, over the whole server: what users would meet while a bot is trained anew.

import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { caller, recordingLog } from '../../test/serve.ts'
import { answering, temporaryFolder, trainTiny } from '../../test/tiny-models.ts'
import { compose } from '../compose.ts'
import { dialogueEngine } from '../processor/rasa-dialogue.ts'

const PARTS = { engine: dialogueEngine, log: recordingLog(), maxActions: 10 }

test('fault row 39: models swapped under load fail no request, and no answer mixes two of them', async t => {
  const folder = await temporaryFolder(t)
  const files = [await trainTiny(folder, 'a'), await trainTiny(folder, 'b')]
  await writeFile(join(folder, 'models', 'corrupt.tar.gz'), 'no archive')
  await copyFile(files[0] ?? '', join(folder, 'models', 'first.tar.gz'))
  const server = await compose(
    {
      model: join(folder, 'models', 'first.tar.gz'),
      port: 0,
      interface: '127.0.0.1',
      enableApi: true,
      credentials: { rest: null },
    },
    PARTS,
  )
  t.teardown(() => server.stop())
  const call = caller(server.urls.server)
  let isOver = false
  const seen = new Set<string>()
  const people = Array.from({ length: 10 }, async (_, person) => {
    for (let message = 0; !isOver; message += 1) {
      const body = { sender: `${person}-${message % 3}`, message: '/greet' }
      const answer = await call('POST', '/webhooks/rest/webhook', body)
      t.is(answer.status, 200)
      const letters = (answer.body as { text: string }[]).map(({ text }) => text)
      t.true(['a one,a two', 'b one,b two'].includes(letters.join()), letters.join())
      seen.add(letters.join())
    }
  })
  for (let swap = 0; swap < 20; swap += 1) {
    const loaded = await call('PUT', '/model', { model_file: files[swap % 2] })
    t.is(loaded.status, 204)
    t.is((await call('PUT', '/model', { model_file: join(folder, 'models', 'corrupt.tar.gz') })).status, 400)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  isOver = true
  await Promise.all(people)
  t.is(seen.size, 2)
})

test('a canary is started, widened, promoted and rolled back over the API', async t => {
  const folder = await temporaryFolder(t)
  const [live, tried] = [await trainTiny(folder, 'a'), await trainTiny(folder, 'b')]
  const server = await compose(
    { model: live, port: 0, interface: '127.0.0.1', enableApi: true, credentials: { rest: null } },
    PARTS,
  )
  t.teardown(() => server.stop())
  const call = caller(server.urls.server)
  const say = async (): Promise<unknown> =>
    (
      (await call('POST', '/webhooks/rest/webhook', { sender: 'ann', message: '/greet' })).body as unknown[]
    )[0]
  t.is((await call('DELETE', '/models/canary')).status, 409)
  t.is((await call('PUT', '/models/canary', { model_file: tried, share: 2 })).status, 400)
  t.is((await call('PUT', '/models/canary', { model_file: 'nothing.tar.gz', share: 1 })).status, 400)
  t.like((await call('PUT', '/models/canary', { model_file: tried, share: 1 })).body, {
    live: { model_file: 'a.tar.gz' },
    canary: { model_file: 'b.tar.gz', share: 1 },
  })
  t.like(await say(), { text: 'b one' })
  t.is((await call('DELETE', '/models/canary')).status, 200)
  t.like(await say(), { text: 'a one' })
  await call('PUT', '/models/canary', { model_file: tried, share: 0.5 })
  t.like((await call('POST', '/models/canary/promote')).body, {
    live: { model_file: 'b.tar.gz' },
    canary: null,
  })
  t.like(await say(), { text: 'b one' })
  t.like((await call('POST', '/models/rollback')).body, { live: { model_file: 'a.tar.gz' } })
  t.like((await call('GET', '/models')).body, { previous: { model_file: 'b.tar.gz' } })
})

test('a server starts on the model of a model server, and without one where that is away', async t => {
  const folder = await temporaryFolder(t)
  const { readFile } = await import('node:fs/promises')
  const bytes = await readFile(await trainTiny(folder, 'a'))
  const url = await answering(t, (_request, response) =>
    response.writeHead(200, { etag: '"1"', filename: 'served.tar.gz' }).end(bytes),
  )
  const startOn = async (address: string) => {
    const server = await compose(
      {
        model: folder,
        endpoints: { models: { url: address, wait_time_between_pulls: null } },
        port: 0,
        interface: '127.0.0.1',
        enableApi: true,
        credentials: { rest: null },
      },
      PARTS,
    )
    t.teardown(() => server.stop())
    return caller(server.urls.server)
  }
  t.like((await (await startOn(`${url}/m`))('GET', '/status')).body, { model_file: 'served.tar.gz' })
  t.is((await (await startOn('http://127.0.0.1:9/m'))('GET', '/status')).status, 409)
})

test('with nlu: in endpoints.yml another server understands, and nothing is understood where it is away', async t => {
  const folder = await temporaryFolder(t)
  const asked: string[] = []
  const url = await answering(t, (request, response) => {
    asked.push(request.url ?? '')
    request.resume()
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ text: 'x', intent: { name: 'greet', confidence: 0.9 }, entities: [] }))
  })
  const startWith = async (address: string) => {
    const server = await compose(
      {
        model: await trainTiny(folder, 'a'),
        endpoints: { nlu: { url: address } },
        port: 0,
        interface: '127.0.0.1',
        enableApi: true,
        credentials: { rest: null },
      },
      PARTS,
    )
    t.teardown(() => server.stop())
    return caller(server.urls.server)
  }
  const call = await startWith(`${url}/base/`)
  const answer = await call('POST', '/webhooks/rest/webhook', { sender: 'ann', message: 'anything' })
  t.like((answer.body as unknown[])[0], { text: 'a one' })
  t.deepEqual(asked, ['/base/model/parse'])
  const parsed = await (await startWith('http://127.0.0.1:9'))('POST', '/model/parse', { text: 'anything' })
  t.like(parsed.body, { intent: { name: '', confidence: 0 }, entities: [] })
})

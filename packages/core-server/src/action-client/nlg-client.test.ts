import test from 'ava'
import { caller, recordingLog } from '../../test/serve.ts'
import { answering, temporaryFolder, trainTiny } from '../../test/tiny-models.ts'
import { compose } from '../compose.ts'
import { dialogueEngine } from '../processor/rasa-dialogue.ts'

test('an NLG server says the responses, and where it is away the domain’s own words stand in', async t => {
  const folder = await temporaryFolder(t)
  const model = await trainTiny(folder, 'a')
  const asked: unknown[] = []
  let status = 200
  const url = await answering(t, (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      asked.push(JSON.parse(body))
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ text: 'said elsewhere' }))
    })
  })
  const log = recordingLog()
  const server = await compose(
    {
      model,
      endpoints: { nlg: { url } },
      port: 0,
      interface: '127.0.0.1',
      credentials: { rest: null },
    },
    { engine: dialogueEngine, log, maxActions: 10 },
  )
  t.teardown(() => server.stop())
  const say = async (): Promise<string[]> => {
    const answer = await caller(server.urls.server)('POST', '/webhooks/rest/webhook', {
      sender: 'ann',
      message: '/greet',
    })
    return (answer.body as { text: string }[]).map(({ text }) => text)
  }
  t.deepEqual(await say(), ['said elsewhere', 'said elsewhere'])
  t.like(asked[0], { response: 'utter_one', id: null, arguments: {}, channel: { name: 'collector' } })
  status = 500
  t.deepEqual(await say(), ['a one', 'a two'])
  t.true(log.entries.some(({ code }) => code === 'nlg.failed'))
})

import test from 'ava'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider, ProviderReply, ProviderRequest } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { testChannel } from './channel-contract.ts'
import { createWebexteams } from './webexteams.ts'
import { hmac } from './webhook.ts'

/** What people have written, by message id: the webhook names it, and the API gives it. */
type Written = Map<string, { readonly text: string; readonly roomId: string; readonly personId: string }>

/** The messages and people APIs as documented; a message has at most 7,439 bytes. */
const webex =
  (written: Written) =>
  ({ path, method, headers, body }: ProviderRequest): ProviderReply | undefined => {
    if (headers.authorization !== 'Bearer bot-token') return { status: 401 }
    if (path === '/v1/people/me') return { body: { id: 'bot' } }
    if (method === 'GET') {
      const message = written.get(decodeURIComponent(path.replace('/v1/messages/', '')))
      return message === undefined ? { status: 404 } : { body: message }
    }
    if (path !== '/v1/messages') return undefined
    const { roomId, text = '', files } = body
    const isWhole = typeof roomId === 'string' && (text !== '' || files !== undefined)
    return { status: isWhole && Buffer.byteLength(String(text)) <= 7439 ? 200 : 400 }
  }

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  access_token: 'bot-token',
  secret: 'hook-secret',
  api_url: `${provider.url}/v1`,
})

function post(served: ServedChannel, body: unknown, secret = 'hook-secret'): Promise<Answer> {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body)
  return served.call('POST', '/webhooks/webexteams/webhook', bytes, {
    'content-type': 'application/json',
    'x-spark-signature': hmac('sha1', secret, bytes),
  })
}

const named = (id: string): object => ({ resource: 'messages', event: 'created', data: { id, roomId: 'r' } })
const sent = ({ requests }: FakeProvider): ProviderRequest[] =>
  requests.filter(({ method }) => method === 'POST')

testChannel(test, async t => {
  const written: Written = new Map()
  const provider = await fakeProvider(t, webex(written))
  return {
    name: 'webexteams',
    create: createWebexteams,
    provider,
    settings: settingsOf(provider),
    limit: 7439,
    deliver: (served, { text, sender, id }) => {
      written.set(id, { text, roomId: sender, personId: 'ann' })
      return post(served, named(id))
    },
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, named('id-1'), 'another'),
    texts: () => sent(provider).map(({ body }) => String(body['text'])),
  }
})

test('security row 24: the bot does not answer itself, and a fixed room takes all answers', async t => {
  const written: Written = new Map([
    ['own', { text: 'x', roomId: 'r1', personId: 'bot' }],
    ['ann', { text: 'hi', roomId: 'r1', personId: 'ann' }],
  ])
  const provider = await fakeProvider(t, webex(written))
  const served = await serveChannel(
    t,
    createWebexteams,
    { ...settingsOf(provider), room: 'r9' },
    {
      respond: (_message, send) =>
        send({ text: 'yes', image: 'https://x.test/i.png', custom: { markdown: '*m*', text: 'm' } }),
    },
  )
  t.is((await post(served, named('own'))).text, 'OK')
  t.is((await post(served, named('ann'))).text, '')
  t.is((await post(served, named('gone'))).status, 200)
  t.is((await served.call('POST', '/webhooks/webexteams/webhook', named('ann'))).status, 401)
  t.deepEqual(
    sent(provider).map(({ body }) => body),
    [
      { roomId: 'r9', text: 'yes' },
      { roomId: 'r1', markdown: '*m*', text: 'm' },
      { roomId: 'r9', files: ['https://x.test/i.png'] },
    ],
  )
})

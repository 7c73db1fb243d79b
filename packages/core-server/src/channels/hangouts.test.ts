import test from 'ava'
import type { ExecutionContext } from 'ava'
import { readFile } from 'node:fs/promises'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { ServedChannel } from '../../test/channel-host.ts'
import { fakeProvider } from '../../test/fake-provider.ts'
import type { FakeProvider } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import { signingKey, signToken } from '../../test/signing-keys.ts'
import { testChannel } from './channel-contract.ts'
import { createHangouts } from './hangouts.ts'
import { at, textAt } from './webhook.ts'

const FIXTURES = join(import.meta.dirname, '../../test/fixtures')
const certificate = await readFile(join(FIXTURES, 'localhost.cert.pem'), 'utf8')
const privateKey = createPrivateKey(await readFile(join(FIXTURES, 'localhost.key.pem')))
const google = { id: 'k1', privateKey, publicKey: createPublicKey(privateKey) }
const ISSUER = 'chat@system.gserviceaccount.com'

const settingsOf = (provider: FakeProvider): Record<string, unknown> => ({
  project_id: '1234',
  certs_url: `${provider.url}/certs`,
})

async function post(
  served: ServedChannel,
  body: unknown,
  { signer = google, issuer = ISSUER, audience = '1234', expires = 600 } = {},
): Promise<Answer> {
  const token = await signToken(signer, { issuer, audience, expires })
  return served.call('POST', '/webhooks/hangouts/webhook', body, {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
  })
}

/**
 * Events held against Google's reference of Event, Message, Space and User: `type` of a space is the deprecated name of
 * `spaceType`, and `common.invokedFunction` the new one of `action.actionMethodName`. The token, for an app whose audience
 * is its project's number, is Chat's own: issuer chat@system.gserviceaccount.com, signed by a certificate that is
 * published by its kid.
 */
const space = { name: 'spaces/1', type: 'ROOM', spaceType: 'SPACE', displayName: 'Team' }
const human = (displayName: string): object => ({
  ...{ name: 'users/12345', displayName, email: 'ann@example.com', type: 'HUMAN' },
})
const message = (text: string, sender = 'Ann', id = 'm1'): object => ({
  type: 'MESSAGE',
  eventTime: '2026-11-02T19:02:59.910959Z',
  message: {
    ...{ name: `spaces/1/messages/${id}`, text, argumentText: text, sender: human(sender) },
    ...{ createTime: '2026-11-02T19:02:59.910959Z', thread: { name: 'spaces/1/threads/1' }, space },
  },
  user: human(sender),
  space,
})

async function google_(t: ExecutionContext): Promise<FakeProvider> {
  return fakeProvider(t, ({ path }) => (path === '/certs' ? { body: { k1: certificate } } : undefined))
}

/** Every text of a reply, on cards or not. */
function textsOf({ body }: Answer): readonly string[] {
  const text = textAt(body, 'text')
  if (text !== undefined) return [text]
  const cards = at(body, 'cards')
  return JSON.stringify(cards ?? [])
    .split('"text":"')
    .slice(1)
    .map(part => part.slice(0, part.indexOf('"')))
}

testChannel(test, async t => {
  const provider = await google_(t)
  return {
    name: 'hangouts',
    create: createHangouts,
    provider,
    settings: settingsOf(provider),
    isSynchronous: true,
    deliver: (served, { text, sender, id }) => post(served, message(text, sender, id)),
    send: (served, bytes) => post(served, bytes),
    forge: served => post(served, message('x'), { signer: signingKey('k1') }),
    texts: (_provider, answers) => answers.flatMap(textsOf),
  }
})

async function opened(
  t: ExecutionContext,
  answers: readonly BotMessage[] = [{ text: 'yes' }],
): Promise<ServedChannel> {
  const provider = await google_(t)
  return serveChannel(t, createHangouts, settingsOf(provider), {
    async respond(_message, send) {
      for (const answer of answers) await send(answer)
    },
  })
}

test('security row 24: tokens of another issuer, project or time are a 401; without a project_id it is open, with a warning', async t => {
  const served = await opened(t)
  for (const wrong of [{ issuer: 'x' }, { audience: '99' }, { expires: -600 }]) {
    t.is((await post(served, message('x'), wrong)).status, 401)
  }
  t.is((await served.call('POST', '/webhooks/hangouts/webhook', message('x'))).status, 401)
  t.is(served.seen.length, 0)
  const open = await serveChannel(t, createHangouts, {}, {})
  t.like(open.log.entries[0], { code: 'hangouts.open' })
  t.is((await open.call('POST', '/webhooks/hangouts/webhook', message('x'))).status, 200)
})

test('events are heard in Rasa’s words, with the room in the metadata', async t => {
  const served = await opened(t)
  const user = human('Ann')
  const newSpace = { ...space, type: undefined }
  for (const event of [
    message('hi'),
    { type: 'CARD_CLICKED', action: { actionMethodName: '/yes' }, user, space },
    { type: 'CARD_CLICKED', common: { invokedFunction: '/no' }, user, space },
    { type: 'ADDED_TO_SPACE', user, space },
    { type: 'ADDED_TO_SPACE', user, space: newSpace },
    { type: 'ADDED_TO_SPACE', user, space: { name: 'spaces/2', spaceType: 'DIRECT_MESSAGE' } },
    { type: 'ADDED_TO_SPACE', user, space: { type: 'DM' } },
    { type: 'REMOVED_FROM_SPACE', user, space },
  ]) {
    t.is((await post(served, event)).status, 200)
  }
  t.deepEqual(
    served.seen.map(({ text }) => text),
    ['hi', '/yes', '/no', '/room_added', '/room_added', '/bot_removed', '/bot_removed', '/bot_removed'],
  )
  t.deepEqual(served.seen[0]?.metadata, { room: 'Team' })
})

test('all that a turn says is one reply: a text, or cards as soon as there is one', async t => {
  t.deepEqual((await post(await opened(t, [{ text: 'a' }, { text: 'b' }]), message('x'))).body, {
    text: 'a b',
  })
  t.deepEqual((await post(await opened(t, []), message('x'))).body, {})
  const mixed = await opened(t, [
    { text: 'a' },
    { text: 'b', buttons: [{ title: 'B', payload: '/b' }] },
    { text: 'c' },
  ])
  const paragraph = (text: string): object => ({ textParagraph: { text } })
  const card = (...widgets: object[]): object => ({ sections: [{ widgets }] })
  t.deepEqual((await post(mixed, message('x'))).body, {
    cards: [
      card(paragraph('a')),
      card(paragraph('b'), {
        buttons: [{ textButton: { text: 'B', onClick: { action: { actionMethodName: '/b' } } } }],
      }),
      card(paragraph('c')),
    ],
  })
})

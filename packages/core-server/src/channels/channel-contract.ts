// What every channel must hold to, whichever provider is behind it: run by each one's own test file, against a fake of the
// provider that refuses what the provider's documentation says it refuses.

import type { ExecutionContext, TestFn } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { serveChannel } from '../../test/channel-host.ts'
import type { HostParts, ServedChannel } from '../../test/channel-host.ts'
import type { FakeProvider } from '../../test/fake-provider.ts'
import type { Answer } from '../../test/serve.ts'
import type { CreateChannel } from './channel.ts'

export interface ChannelFixture {
  readonly name: string
  readonly create: CreateChannel
  readonly provider: FakeProvider
  readonly settings: Readonly<Record<string, unknown>>
  /** A message as the provider delivers it, signed; the same id is the same message. */
  deliver(served: ServedChannel, message: { text: string; sender: string; id: string }): Promise<Answer>
  /** The webhook called with these bytes, signed as the provider would sign them. */
  send(served: ServedChannel, bytes: string): Promise<Answer>
  /** A message that does not come from the provider, though it looks so. */
  forge(served: ServedChannel): Promise<Answer>
  /** Texts that users see: of the provider's requests, or of the answer to the delivery. */
  texts(provider: FakeProvider, answers: readonly Answer[]): readonly string[]
  /** The sender as the bot knows it; the provider's own id where it is left out. */
  readonly senderId?: (sender: string) => string
  /** Characters of one message, where the provider bounds them. */
  readonly limit?: number
  /** Whether the answer to the request is the reply: then nothing can be acknowledged before. */
  readonly isSynchronous?: boolean
}

const ALL_PARTS: readonly BotMessage[] = [
  { text: 'plain' },
  { text: 'two\n\nparts' },
  { text: 'pick', buttons: [{ title: 'Yes', payload: '/yes' }, { title: 'No' }] },
  { text: 'many', buttons: Array.from({ length: 8 }, (_, n) => ({ title: `B${n}`, payload: `/b${n}` })) },
  { text: 'long', buttons: [{ title: 't'.repeat(100), payload: `/p{"k":"${'x'.repeat(100)}"}` }] },
  {
    text: 'quick',
    quick_replies: Array.from({ length: 15 }, (_, n) => ({ title: `Q${n}`, payload: `/q${n}` })),
  },
  { text: 'far', buttons: [{ title: 'F', payload: `/p{"k":"${'x'.repeat(2500)}"}` }] },
  { text: 'far', quick_replies: [{ title: 'F', payload: `/p{"k":"${'x'.repeat(1200)}"}` }] },
  { text: null, image: 'https://example.test/i.png' },
  { text: null, attachment: { title: 'a file', url: 'https://example.test/f' } },
  { text: null, elements: [{ title: 'T', subtitle: 'S', buttons: [{ title: 'E', payload: '/e' }] }] },
]

/** Declares the contract's tests. */
export function testChannel(test: TestFn, open: (t: ExecutionContext) => Promise<ChannelFixture>): void {
  const served = async (
    t: ExecutionContext,
    parts: HostParts,
  ): Promise<ChannelFixture & { served: ServedChannel }> => {
    const fixture = await open(t)
    return { ...fixture, served: await serveChannel(t, fixture.create, fixture.settings, parts) }
  }
  const echo: HostParts = {
    async respond(message, send) {
      await send({ text: `re: ${message.text ?? ''}` })
    },
  }
  const said = { text: 'hello', sender: 'u-17', id: 'id-1' }

  test('a message reaches the bot with text, sender and channel, and its answer the user', async t => {
    const fixture = await served(t, echo)
    const answer = await fixture.deliver(fixture.served, said)
    t.true(answer.status < 300, answer.text)
    const [seen] = fixture.served.seen
    t.like(seen, {
      text: 'hello',
      senderId: fixture.senderId?.('u-17') ?? 'u-17',
      inputChannel: fixture.name,
    })
    t.deepEqual(fixture.texts(fixture.provider, [answer]), ['re: hello'])
    t.deepEqual((await fixture.served.call('GET', `/webhooks/${fixture.name}/`)).body, { status: 'ok' })
  })

  test('who is not the provider is refused, and the bot hears nothing', async t => {
    const fixture = await served(t, echo)
    const answer = await fixture.forge(fixture.served)
    t.true([400, 401, 403].includes(answer.status), String(answer.status))
    t.like(answer.body, { status: 'failure' })
    t.is(fixture.served.seen.length, 0)
  })

  test('fault row 32: a message that is delivered four times at once, and once more later, is answered once', async t => {
    const fixture = await served(t, echo)
    const { served: channel } = fixture
    const answers = await Promise.all([1, 2, 3, 4].map(() => fixture.deliver(channel, said)))
    answers.push(await fixture.deliver(channel, said))
    for (const { status } of answers) t.true(status < 300)
    t.is(channel.seen.length, 1)
    if (fixture.isSynchronous !== true) t.deepEqual(fixture.texts(fixture.provider, answers), ['re: hello'])
    await fixture.deliver(channel, { ...said, id: 'id-2' })
    t.is(channel.seen.length, 2)
  })

  test('a turn that fails is the provider’s no business: it is told so, and the next message is answered', async t => {
    let count = 0
    const fixture = await served(t, {
      async respond(_message, send) {
        count += 1
        if (count === 1) throw new Error('broken')
        await send({ text: 'well' })
      },
    })
    t.true((await fixture.deliver(fixture.served, said)).status < 300)
    t.true(fixture.served.log.entries.some(({ code }) => code === 'channel.turn-failed'))
    const answer = await fixture.deliver(fixture.served, { ...said, id: 'id-2' })
    t.deepEqual(fixture.texts(fixture.provider, [answer]), ['well'])
  })

  test('whatever the bot says is sent within what the provider takes', async t => {
    const fixture = await served(t, {
      async respond(_message, send) {
        for (const message of ALL_PARTS) await send(message)
      },
    })
    const answer = await fixture.deliver(fixture.served, said)
    t.true(answer.status < 300, answer.text)
    const undelivered = fixture.served.log.entries.filter(({ level }) => level === 'error')
    t.deepEqual(undelivered, [])
    t.true(fixture.texts(fixture.provider, [answer]).join(' ').includes('plain'))
  })

  test('a text that is longer than a message goes out whole, in several', async t => {
    const words = Array.from({ length: 4000 }, (_, n) => `word${n}😀`).join(' ')
    // However slow the machine, all of it is said before the provider is told that the message was taken.
    const patient = { acknowledgeAfter: 60_000 }
    const fixture = await served(t, { ...patient, respond: (_message, send) => send({ text: words }) })
    const answer = await fixture.deliver(fixture.served, said)
    const texts = fixture.texts(fixture.provider, [answer])
    t.is(texts.join(' '), words)
    const { limit } = fixture
    if (limit !== undefined) t.true(texts.length > 1 && texts.every(text => text.length <= limit))
    t.deepEqual(
      fixture.served.log.entries.filter(({ level }) => level === 'error'),
      [],
    )
  })

  test('bad bodies, signed or not, are a clear 4xx or passed over, and the next message is answered', async t => {
    const fixture = await served(t, echo)
    const deep = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`
    const bodies = [
      '',
      '{',
      '[]',
      '7',
      'null',
      '"x"',
      '{}',
      deep,
      '{"__proto__":{"x":1}}',
      '{"event":7,"entry":7}',
    ]
    for (const bytes of bodies) {
      const answer = await fixture.send(fixture.served, bytes)
      t.true(answer.status < 500, `${bytes.slice(0, 20)}: ${answer.status}`)
    }
    t.is((await fixture.send(fixture.served, 'x'.repeat(1_000_001))).status, 413)
    t.false('x' in {})
    const before = fixture.served.seen.length
    t.true((await fixture.deliver(fixture.served, said)).status < 300)
    t.is(fixture.served.seen.length, before + 1)
  })

  test('a long turn is acknowledged in time, and its answer comes when it is there', async t => {
    let finish = (): void => undefined
    const finished = new Promise<void>(resolve => (finish = resolve))
    const fixture = await served(t, {
      acknowledgeAfter: 30,
      async respond(_message, send) {
        await finished
        await send({ text: 'late' })
      },
    })
    if (fixture.isSynchronous === true) {
      finish()
      const answer = await fixture.deliver(fixture.served, said)
      t.deepEqual(fixture.texts(fixture.provider, [answer]), ['late'])
      return
    }
    t.true((await fixture.deliver(fixture.served, said)).status < 300)
    // The provider repeats though it was told; the turn under way is the same.
    t.true((await fixture.deliver(fixture.served, said)).status < 300)
    t.deepEqual(fixture.texts(fixture.provider, []), [])
    finish()
    while (fixture.texts(fixture.provider, []).length === 0)
      await new Promise(resolve => setTimeout(resolve, 5))
    t.deepEqual(fixture.texts(fixture.provider, []), ['late'])
    t.is(fixture.served.seen.length, 1)
  })

  test('a provider that is busy is asked again, and one that refuses ends nothing', async t => {
    const fixture = await served(t, echo)
    if (fixture.isSynchronous === true) {
      t.pass()
      return
    }
    let refusals = 0
    fixture.provider.answerWith(() => {
      refusals += 1
      return refusals === 1 ? { status: 503 } : undefined
    })
    t.true((await fixture.deliver(fixture.served, said)).status < 300)
    t.true(refusals > 1)
    t.deepEqual(new Set(fixture.texts(fixture.provider, [])), new Set(['re: hello']))
    fixture.provider.answerWith(() => ({ status: 400, body: { ok: false, error: 'no' } }))
    t.true((await fixture.deliver(fixture.served, { ...said, id: 'id-2' })).status < 300)
    fixture.provider.answerWith(null)
    t.true((await fixture.deliver(fixture.served, { ...said, id: 'id-3' })).status < 300)
    t.true(fixture.served.log.entries.every(({ code }) => code !== 'channel.turn-failed'))
  })
}

import test from 'ava'
import { eventually, startShop } from '../../test/shop.ts'

test('a person takes over, answers, and gives back; the visitor sees all of it, and the summary says so', async t => {
  const shop = await startShop(t)
  const reviewer = await shop.as('reviewer')
  const { sender, token } = (await shop.call('POST', '/visitors')).body as {
    readonly sender: string
    readonly token: string
  }
  const visitor = { authorization: `Bearer ${token}` }
  await shop.say(sender, 'a human please')
  t.like((await reviewer('POST', `/conversations/${sender}/pause`, { hours: 1 })).body, { paused: true })
  t.like((await reviewer('POST', `/conversations/${sender}/reply`, { text: 'I am Kim.' })).body, {
    last_text: 'I am Kim.',
    last_from: 'human',
  })
  const { messages, paused } = (await shop.call('GET', '/visitors/me/messages', undefined, visitor)).body as {
    readonly messages: readonly { readonly from: string; readonly text: string }[]
    readonly paused: boolean
  }
  t.true(paused)
  t.deepEqual(
    messages.map(({ from, text }) => [from, text]),
    [
      ['user', 'a human please'],
      ['bot', 'a human please'],
      ['human', 'I am Kim.'],
    ],
  )
  t.like((await reviewer('POST', `/conversations/${sender}/resume`)).body, {
    paused: false,
    resumes_at: null,
  })
  t.is((await reviewer('POST', '/conversations/nobody/pause', {})).status, 404)
  const rated = await shop.call(
    'POST',
    '/visitors/me/rating',
    { score: 5, vote: 'down' },
    { ...visitor, 'content-type': 'application/json' },
  )
  t.is(rated.status, 204, rated.text)
  const one = await eventually(
    () => reviewer('GET', `/conversations/${encodeURIComponent(sender)}`),
    ({ body }) => (body as { readonly conversation: { readonly csat: unknown } }).conversation.csat === 5,
  )
  t.like(one.body, { conversation: { csat: 5, thumbs_down: true } })
})

test('a page that looks on is told of a change within a moment, and of the events of the one it shows', async t => {
  const shop = await startShop(t)
  const viewer = await shop.as('viewer')
  await shop.say('ann', 'before')
  await viewer('GET', '/conversations/ann')
  const { body: session } = await shop.call('POST', '/auth/login', {
    email: 'viewer@test.com',
    password: "the viewer's password",
  })
  const stream = await fetch(`${shop.url}/live?sender=ann`, {
    headers: { authorization: (session as { readonly token: string }).token },
  })
  t.is(stream.headers.get('content-type'), 'text/event-stream')
  let told = ''
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) {
      told += Buffer.from(chunk).toString()
      if (told.includes('event: conversation') && told.includes('event: events')) return
    }
  })()
  await shop.say('ann', 'after')
  await reading
  t.regex(told, /event: conversation\ndata: \{"sender":"ann"/)
  t.regex(told, /"text":"after"/)
  await stream.body?.cancel().catch(() => undefined)
})

test('what is described is what is served: a document of OpenAPI 3.1 with each route and its errors', async t => {
  const shop = await startShop(t)
  const { body } = await shop.call('GET', '/openapi.json')
  const { openapi, paths } = body as {
    readonly openapi: string
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { readonly responses: object; readonly security: unknown[] }>>>
    >
  }
  t.is(openapi, '3.1.0')
  t.true(Object.keys(paths).length > 25)
  t.deepEqual(paths['/auth/login']?.['post']?.security, [])
  t.true('401' in (paths['/conversations']?.['get']?.responses ?? {}))
  for (const path of ['/', '/docs']) t.regex((await shop.call('GET', path)).text, /swagger-ui-bundle\.js/)
  t.is((await shop.call('GET', '/docs/assets/package.json')).status, 404)
  t.is((await shop.call('GET', '/docs/assets/__proto__')).status, 404)
})

test('a visitor who has just come hears what is said next, also before anybody has looked', async t => {
  const shop = await startShop(t)
  const { sender, token } = (await shop.call('POST', '/visitors')).body as {
    readonly sender: string
    readonly token: string
  }
  const stream = await fetch(`${shop.url}/visitors/me/live`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const heard = (async () => {
    let told = ''
    for await (const chunk of stream.body ?? []) {
      told += Buffer.from(chunk).toString()
      if (told.includes('"from":"bot"')) return told
    }
    return told
  })()
  await shop.say(sender, 'is anybody there?')
  t.regex(await heard, /event: message\ndata: .*is anybody there/)
})

import test from 'ava'
import { createHmac } from 'node:crypto'
import { connect } from 'node:net'
import { ADMIN, eventually, logIn, startShop, withToken } from '../../test/shop.ts'
import type { TestShop } from '../../test/shop.ts'
import { demoSettings } from '../config/shop-settings.ts'
import { HASH_COST } from '../users/password.ts'
import { createShopRouter, OPEN_PAGES } from './shop-app.ts'
import { shopRoutes } from './shop-routes.ts'
import type { ShopParts } from './shop-parts.ts'

/** The route table alone: no handler of it is called. */
const ROUTES = shopRoutes({} as ShopParts)

function signed(
  claims: Readonly<Record<string, unknown>>,
  key: string,
  header: object = { alg: 'HS256' },
): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`
}

async function walk(shop: TestShop, headers: Record<string, string>): Promise<Map<string, number>> {
  const statuses = new Map<string, number>()
  for (const { method, path } of ROUTES) {
    const target = path.replaceAll(/\{\w+\}/g, 'x')
    const answer = await shop.call(method.toUpperCase(), target, method === 'get' ? undefined : '{}', headers)
    statuses.set(`${method} ${path}`, answer.status)
  }
  return statuses
}

test('security row 1: every route but the open ones wants a token, and takes no wrong one', async t => {
  const secretKey = 'a key of more than thirty-two bytes'
  const shop = await startShop(t, { secretKey })
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: 'x', iat: now, exp: now + 600, role: 'admin', version: 1, scope: true }
  const wrong = {
    none: '',
    'not a token': 'Bearer x',
    'another key': `Bearer ${signed(claims, 'another key of more than 32 bytes')}`,
    expired: `Bearer ${signed({ ...claims, exp: now - 60 }, secretKey)}`,
    'no end': `Bearer ${signed({ ...claims, exp: undefined }, secretKey)}`,
    'alg none': `Bearer ${signed(claims, secretKey, { alg: 'none' })}`,
    'a key in its header': `Bearer ${signed(claims, 'x', { alg: 'HS256', kid: '../x', jku: 'http://127.0.0.1:1' })}`,
    'a user who is not there': `Bearer ${signed(claims, secretKey)}`,
    'a role that is none': `Bearer ${signed({ ...claims, role: 'root' }, secretKey)}`,
  }
  for (const [name, authorization] of Object.entries(wrong)) {
    const statuses = await walk(shop, authorization === '' ? {} : { authorization })
    for (const { method, path, access } of ROUTES) {
      const status = statuses.get(`${method} ${path}`)
      if (access === 'open') t.not(status, 401, `${method} ${path}: ${name}`)
      else t.is(status, 401, `${method} ${path}: ${name}`)
    }
  }
})

test('security row 1: a route that is not in the table of the API is one of the open pages', t => {
  const router = createShopRouter(
    new Map(),
    ROUTES,
    () => Promise.reject(new Error('nobody')),
    async () => [],
  )
  const paths = new Set(ROUTES.map(({ path }) => path.replaceAll(/\{(\w+)\}/g, ':$1')))
  for (const { path } of router.stack) {
    const text = typeof path === 'string' ? path : path.source.replaceAll('\\/', '/').replace('^', '')
    const isOpen = OPEN_PAGES.some(open =>
      typeof open.path === 'string' ? open.path === text : open.path.test(text),
    )
    t.true(paths.has(text) || isOpen, text)
  }
})

test('security row 8: each role may do what it is for and no more; a visitor reads nothing of others', async t => {
  const shop = await startShop(t)
  await shop.say('ann', 'hello')
  const rank = { viewer: 1, reviewer: 2, admin: 3 }
  for (const role of ['viewer', 'reviewer'] as const) {
    const call = await shop.as(role)
    for (const { method, path, access } of ROUTES) {
      if (access === 'open' || access === 'visitor' || path === '/live') continue
      const { status } = await call(
        method.toUpperCase(),
        path.replaceAll(/\{\w+\}/g, 'x'),
        method === 'get' ? undefined : '{}',
      )
      if (rank[access] > rank[role]) t.is(status, 403, `${role}: ${method} ${path}`)
      else t.not(status, 403, `${role}: ${method} ${path}`)
    }
  }
  const { body } = await shop.call('POST', '/visitors')
  const { token, sender } = body as { readonly token: string; readonly sender: string }
  const visitor = withToken(shop.call, token)
  t.is((await visitor('GET', '/conversations')).status, 403)
  await shop.say(sender, 'it is me')
  const own = await visitor('GET', '/visitors/me/messages')
  t.like(own.body, { sender, paused: false, more: false })
  t.is((own.body as { readonly messages: readonly unknown[] }).messages.length, 2)
})

test('a page’s server vouches for whom it knows: without its key or with another hash nobody is anybody', async t => {
  const visitorKey = 'a key of more than thirty-two bytes, for pages'
  const shop = await startShop(t, { visitorKey })
  await shop.say('customer-7', 'mine')
  const hash = (id: string, key = visitorKey): string => createHmac('sha256', key).update(id).digest('hex')
  const ask = (user_id: string, user_hash: string, to = shop) =>
    to.call('POST', '/visitors/known', { user_id, user_hash })
  for (const wrong of [hash('customer-8'), hash('customer-7', 'x'), '0'.repeat(64)])
    t.is((await ask('customer-7', wrong)).status, 403)
  t.is((await ask('customer-7', 'short')).status, 400)
  const known = await ask('customer-7', hash('customer-7'))
  t.is(known.status, 201)
  const { sender, token } = known.body as { readonly sender: string; readonly token: string }
  t.is(sender, 'customer-7')
  const own = await withToken(shop.call, token)('GET', '/visitors/me/messages')
  t.regex(own.text, /mine/)
  const without = await startShop(t)
  t.is((await ask('customer-7', hash('customer-7', ''), without)).status, 403)
})

test('security row 9: a body cannot set what it is not asked for', async t => {
  const shop = await startShop(t)
  const admin = await shop.as('admin')
  const viewer = { email: 'v@test.com', password: 'long enough', role: 'viewer' }
  const made = await admin('POST', '/users', viewer)
  t.is(made.status, 201)
  const { id } = made.body as { readonly id: string }
  for (const body of [
    { ...viewer, email: 'w@test.com', id: 'x' },
    { ...viewer, role: 'root' },
  ])
    t.is((await admin('POST', '/users', body)).status, 400)
  for (const body of [{ role: 'admin', version: 9 }, { __proto__x: 1 }, {}])
    t.is((await admin('PATCH', `/users/${id}`, body)).status, 400)
  const login = await shop.call('POST', '/auth/login', { ...viewer })
  t.is(login.status, 400, 'a login takes email and password alone')
  t.is((await admin('POST', '/users', { ...viewer, email: 'V@test.com' })).status, 409)
})

test('security row 12: the sixth bad login is refused for a while, and the owner gets in from elsewhere', async t => {
  const shop = await startShop(t, { trustedProxies: 1 })
  const attempt = (password: string, from: string) =>
    shop.call(
      'POST',
      '/auth/login',
      { email: ADMIN.email, password },
      { 'content-type': 'application/json', 'x-forwarded-for': from },
    )
  for (let count = 0; count < 5; count += 1) t.is((await attempt('wrong', '192.0.2.1')).status, 401)
  const sixth = await attempt(ADMIN.password, '192.0.2.1')
  t.is(sixth.status, 429)
  t.true(Number(sixth.headers.get('retry-after')) > 800)
  t.is((await attempt(ADMIN.password, '192.0.2.2')).status, 200)
})

test('security row 13: an unknown user is told the same as a wrong password, after the same work', async t => {
  const shop = await startShop(t, { loginsPerAccount: 100, hashCost: HASH_COST })
  const times = async (email: string): Promise<{ readonly text: string; readonly median: number }> => {
    const taken: number[] = []
    let text = ''
    for (let count = 0; count < 5; count += 1) {
      const started = performance.now()
      const answer = await shop.call('POST', '/auth/login', { email, password: 'wrong' })
      taken.push(performance.now() - started)
      t.is(answer.status, 401)
      text = answer.text
    }
    return { text, median: taken.sort((left, right) => left - right)[2] ?? 0 }
  }
  await times('warm@test.com')
  const [known, unknown] = [await times(ADMIN.email), await times('nobody@test.com')]
  t.is(known.text, unknown.text)
  // How close they are is for the bench to say; a hash that is left out would be a hundred times faster.
  t.true(unknown.median > known.median / 3, `${known.median} and ${unknown.median} ms`)
})

test('security row 14: of many logins at once a few are at work, some wait, and the rest come again', async t => {
  const shop = await startShop(t, { loginsPerAccount: 1000, loginsPerAddress: 1000, hashCost: HASH_COST })
  const logins = await Promise.all(
    Array.from({ length: 60 }, () =>
      shop.call('POST', '/auth/login', { email: ADMIN.email, password: 'wrong' }),
    ),
  )
  const statuses = logins.map(({ status }) => status)
  t.true(statuses.filter(status => status === 503).length >= 20)
  t.is(
    statuses.filter(status => status === 401).length + statuses.filter(status => status === 503).length,
    60,
  )
  t.true(Number(logins.find(({ status }) => status === 503)?.headers.get('retry-after')) > 0)
})

test('security row 15: passwords that are too long, or hold a NUL, are refused before they cost a hash', async t => {
  const shop = await startShop(t)
  for (const password of ['x'.repeat(900_000), 'a\u0000b', '', 7, null])
    t.is((await shop.call('POST', '/auth/login', { email: ADMIN.email, password })).status, 400)
})

test('security row 16: a disabled user, a new role and a new password end tokens; the last admin stays', async t => {
  const shop = await startShop(t)
  const admin = await shop.as('admin')
  const viewer = await shop.as('viewer')
  t.is((await viewer('GET', '/conversations')).status, 200)
  const { users } = (await admin('GET', '/users')).body as {
    readonly users: readonly { readonly id: string; readonly role: string; readonly email: string }[]
  }
  const idOf = (role: string): string => users.find(user => user.role === role)?.id ?? ''
  t.is((await admin('PATCH', `/users/${idOf('viewer')}`, { disabled: true })).status, 200)
  t.is((await viewer('GET', '/conversations')).status, 401)
  t.is(
    (await shop.call('POST', '/auth/login', { email: 'viewer@test.com', password: "the viewer's password" }))
      .status,
    401,
  )
  t.is((await admin('PATCH', `/users/${idOf('admin')}`, { role: 'viewer' })).status, 409)
  t.is(
    (await admin('POST', '/auth/password', { current_password: 'wrong', new_password: 'long enough' }))
      .status,
    401,
  )
  const change = { current_password: ADMIN.password, new_password: 'long enough' }
  t.is((await admin('POST', '/auth/password', change)).status, 204)
  t.is((await admin('GET', '/users')).status, 401)
  t.truthy(await logIn(shop.call, { email: ADMIN.email, password: 'long enough' }))
})

test('security row 36: senders and searches are text, whatever language they are written in', async t => {
  const shop = await startShop(t)
  const admin = await shop.as('admin')
  const senders = ["a' OR 1=1 --", '%', '{a}', '$gt', '__proto__', 'a/b c', '日本🙂']
  for (const sender of senders) t.is((await shop.say(sender, 'find me')).status, 200, sender)
  const list = await eventually(
    () => admin('GET', '/conversations?q=find'),
    ({ body }) => (body as { readonly total: number }).total === senders.length,
  )
  t.is((list.body as { readonly total: number }).total, senders.length)
  for (const sender of senders) {
    const one = await admin('GET', `/conversations/${encodeURIComponent(sender)}`)
    t.is((one.body as { readonly conversation: { readonly sender: string } }).conversation.sender, sender)
    const found = await admin('GET', `/conversations?sender=${encodeURIComponent(sender)}`)
    t.is((found.body as { readonly total: number }).total, 1, sender)
  }
})

test('security row 39: what a spreadsheet would run comes out of CSV as text', async t => {
  const shop = await startShop(t)
  const admin = await shop.as('admin')
  await shop.say('=cmd', '=HYPERLINK("http://x")')
  await shop.say('=cmd', '+1')
  await shop.say('=cmd', '@sum')
  const file = await admin('GET', `/conversations/${encodeURIComponent('=cmd')}/export?format=csv`)
  t.regex(file.headers.get('content-type') ?? '', /^text\/csv/)
  t.regex(file.text, /"'=HYPERLINK\(""http:\/\/x""\)"/)
  for (const line of file.text.split('\r\n')) t.notRegex(line, /(^|,)"?[=+@-]/)
  const list = await eventually(
    () => admin('GET', '/conversations?format=csv'),
    ({ text }) => text.includes('cmd'),
  )
  t.regex(list.text, /"'=cmd"/)
})

test('security rows 46 and 47: what is no request is answered 400 or cut off, and others are served', async t => {
  const shop = await startShop(t)
  const { port } = new URL(shop.url)
  const raw = (text: string): Promise<string> =>
    new Promise(resolve => {
      let answer = ''
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
      socket.on('data', data => (answer += data.toString()))
      socket.on('error', () => {
        resolve(answer)
      })
      socket.on('close', () => {
        resolve(answer)
      })
    })
  const head = 'POST /conversations/webhook HTTP/1.1\r\nHost: x\r\n'
  for (const broken of [
    `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    'BREW / HTTP/9\r\n\r\n',
  ])
    t.regex(await raw(broken), /^HTTP\/1\.1 400 /)
  t.is((await shop.call('GET', '/livez')).status, 200)
})

test('security row 48: another origin reads nothing unless it is listed, and never with a star and credentials', async t => {
  const shop = await startShop(t, { origins: ['https://shop.example'] })
  const from = async (origin: string): Promise<Headers> =>
    (await shop.call('GET', '/livez', undefined, { origin })).headers
  t.is((await from('https://shop.example')).get('access-control-allow-origin'), 'https://shop.example')
  for (const origin of [
    'null',
    'https://shop.example.evil',
    'https://evilshop.example',
    'http://shop.example',
    'https://shopXexample',
  ])
    t.is((await from(origin)).get('access-control-allow-origin'), null, origin)
})

test('security row 50: errors tell no path and no stack; an erased person is nowhere any more', async t => {
  const shop = await startShop(t)
  const admin = await shop.as('admin')
  const broken = await shop.call('POST', '/conversations/webhook', '{"sender":')
  t.is(broken.status, 400)
  t.notRegex(broken.text, /\/[a-z]+\/[a-z-]+\.ts|at [A-Z]/)
  const person = 'person-to-erase'
  await shop.say(person, 'my number is 4711')
  t.is((await admin('GET', `/conversations/${person}`)).status, 200)
  t.is((await (await shop.as('viewer'))('DELETE', `/conversations/${person}`)).status, 403)
  t.is((await admin('DELETE', `/conversations/${person}`)).status, 204)
  for (const path of ['', '/reasons', '/export'])
    t.is((await admin('GET', `/conversations/${person}${path}`)).status, 404)
  t.is(((await admin('GET', '/conversations?q=4711')).body as { readonly total: number }).total, 0)
  const audit = await admin('GET', '/audit')
  t.false(audit.text.includes(person))
  t.regex(audit.text, /conversation\.erase/)
  t.is((await admin('DELETE', `/conversations/${person}`)).status, 404)
  await shop.say(person, 'a new beginning')
  const one = await admin('GET', `/conversations/${person}`)
  t.is((one.body as { readonly conversation: { readonly turns: number } }).conversation.turns, 1)
})

test('security row 5: a short key is refused outside the demo, with a word on how to make one', async t => {
  const { readShopSettings } = await import('../config/shop-settings.ts')
  for (const SECRET_KEY of [undefined, 'your-super-secure-secret', 'x'.repeat(31)]) {
    const error = t.throws(() => readShopSettings({ SECRET_KEY }, 'api', ':memory:'), {
      code: 'settings.secret-key',
    })
    t.regex(error.message, /openssl rand/)
  }
  t.is(readShopSettings({ SECRET_KEY: 'x'.repeat(32) }, 'api', ':memory:').isDemo, false)
  t.true(demoSettings().isDemo)
})

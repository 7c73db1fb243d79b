import test from 'ava'
import type { ExecutionContext } from 'ava'
import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Router } from '@koa/router'
import { SignJWT, UnsecuredJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { recordingLog, serve } from '../../test/serve.ts'
import type { Call } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import { createGuard, protectRoutes } from './auth.ts'
import type { AuthSettings } from './auth.ts'
import { createApp } from './create-app.ts'
import { createJwtVerifier, JWT_METHODS } from './jwt.ts'
import { sendJson } from './json-answer.ts'

const SECRET = 'a secret of more than thirty-two bytes'
const admin = { user: { username: 'root', role: 'admin' } }
const ann = { user: { username: 'ann', role: 'user' } }

async function guarded(t: ExecutionContext, settings: AuthSettings): Promise<Call> {
  const router = new Router()
  for (const path of ['/status', '/version', '/webhooks/rest/webhook', '/metrics'])
    router.get(path, ctx => {
      sendJson(ctx, 'in')
    })
  router.get(/^\/conversations\/(.*)\/tracker\/?$/, ctx => {
    sendJson(ctx, 'in')
  })
  protectRoutes(router, createGuard(settings))
  const app = createApp({ log: recordingLog(), router }).callback()
  return serve(t, (request, response) => void app(request, response))
}

function keysOf(method: string): { readonly publicPem: string; readonly privateKey: KeyObject } {
  const curves: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }
  const namedCurve = curves[method]
  const { publicKey, privateKey } =
    namedCurve === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve })
  return { publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), privateKey }
}

async function sign(
  claims: JWTPayload,
  key: string | KeyObject = SECRET,
  alg = 'HS256',
  header = {},
): Promise<string> {
  const signing = typeof key === 'string' ? new TextEncoder().encode(key) : key
  return new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(signing)
}

const bearer = (token: string): HeadersInit => ({ authorization: `Bearer ${token}` })
const now = (): number => Math.floor(Date.now() / 1000)

test('each method that Rasa names lets its own tokens in, and those of no other key', async t => {
  for (const method of JWT_METHODS) {
    const isShared = method.startsWith('HS')
    const keys = isShared ? null : keysOf(method)
    const call = await guarded(t, { jwt: { secret: keys?.publicPem ?? SECRET, method } })
    const right = await sign(admin, keys?.privateKey ?? SECRET, method)
    const wrong = await sign(
      admin,
      isShared ? 'another secret of thirty-two bytes!!!' : keysOf(method).privateKey,
      method,
    )
    t.is((await call('GET', '/status', undefined, bearer(right))).status, 200, method)
    t.is((await call('GET', '/status', undefined, bearer(wrong))).status, 401, method)
  }
})

test('security row 2: a token cannot choose its algorithm: none, and a public key as a shared secret, are refused', async t => {
  const { publicPem, privateKey } = keysOf('RS256')
  const call = await guarded(t, { jwt: { secret: publicPem, method: 'RS256' } })
  const none = new UnsecuredJWT(admin).encode()
  const confused = await sign(admin, publicPem, 'HS256')
  const otherHash = await sign(admin, privateKey, 'RS384')
  const otherPadding = await sign(admin, privateKey, 'PS256')
  for (const token of [none, confused, otherHash, otherPadding, `${none}x`, 'x.y.z']) {
    t.is((await call('GET', '/status', undefined, bearer(token))).status, 401)
  }
  const hs = await guarded(t, { jwt: { secret: SECRET } })
  t.is((await hs('GET', '/status', undefined, bearer(none))).status, 401)
  t.is((await hs('GET', '/status', undefined, bearer(await sign(admin, SECRET, 'HS512')))).status, 401)
})

test('security row 3: kid, jku and x5u in a token are not followed', async t => {
  let hits = 0
  const listener = createServer((_request, response) => {
    hits += 1
    response.end('{}')
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  t.teardown(() => listener.close())
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/keys`
  const call = await guarded(t, { jwt: { secret: SECRET } })
  const header = { kid: '../../dev/null', jku: url, x5u: url }
  const own = await sign(admin, SECRET, 'HS256', header)
  const foreign = await sign(admin, 'the attacker has a secret of his own', 'HS256', header)
  t.is((await call('GET', '/status', undefined, bearer(own))).status, 200)
  t.is((await call('GET', '/status', undefined, bearer(foreign))).status, 401)
  t.is(hits, 0)
})

test('security row 4: expired, not yet valid, and for somebody else are refused; without exp only where it is asked for', async t => {
  const loose = await guarded(t, { jwt: { secret: SECRET } })
  const strict = await guarded(t, {
    jwt: { secret: SECRET, issuer: 'idp', audience: 'bot', requiresExpiry: true },
  })
  const late = now() + 600
  const cases: [JWTPayload, number, number][] = [
    [{ ...admin }, 200, 401],
    [{ ...admin, exp: now() - 600 }, 401, 401],
    [{ ...admin, exp: 'soon' as unknown as number }, 401, 401],
    [{ ...admin, nbf: late }, 401, 401],
    [{ ...admin, aud: 'shop' }, 401, 401],
    [{ ...admin, iss: 'idp', aud: 'shop', exp: late }, 401, 401],
    [{ ...admin, iss: 'other', aud: 'bot', exp: late }, 401, 401],
    [{ ...admin, iss: 'idp', aud: ['bot', 'shop'], exp: late }, 401, 200],
    [{ ...admin, iss: 'idp', aud: 'bot' }, 401, 401],
  ]
  for (const [claims, looseStatus, strictStatus] of cases) {
    const token = bearer(await sign(claims))
    const label = JSON.stringify(claims)
    t.is((await loose('GET', '/status', undefined, token)).status, looseStatus, label)
    t.is((await strict('GET', '/status', undefined, token)).status, strictStatus, label)
  }
})

test('security row 6: a user reads only the conversation of its very name', async t => {
  const call = await guarded(t, { jwt: { secret: SECRET } })
  const token = bearer(await sign(ann))
  const at = async (id: string): Promise<number> =>
    (await call('GET', `/conversations/${id}/tracker`, undefined, token)).status
  t.is(await at('ann'), 200)
  for (const other of ['bob', '%61nn', 'ann%2f..%2fbob', 'ann/../bob', 'ann%00', 'аnn', 'Ann', 'ann/x', '']) {
    t.not(await at(other), 200, other)
  }
  // A path that names none means the conversation that all share, not that of a user without a name.
  const nameless = bearer(await sign({ user: { username: '', role: 'user' } }))
  t.is((await call('GET', '/conversations//tracker', undefined, nameless)).status, 403)
})

test('security rows 7, 8: who is not a user with a name is nobody, and a user reads no other route', async t => {
  const call = await guarded(t, { jwt: { secret: SECRET } })
  const status = async (claims: JWTPayload, path: string): Promise<number> =>
    (await call('GET', path, undefined, bearer(await sign(claims)))).status
  for (const username of [['ann'], { name: 'ann' }, 7, '__proto__']) {
    t.is(await status({ user: { username, role: 'user' } }, '/conversations/ann/tracker'), 401)
  }
  t.is(await status({ user: 'ann' }, '/conversations/ann/tracker'), 401)
  t.is(await status(JSON.parse('{"user":{"__proto__":{"role":"admin"}}}') as JWTPayload, '/status'), 401)
  t.is(await status({}, '/conversations/ann/tracker'), 403)
  t.is(await status({ user: { role: 'user' } }, '/conversations/ann/tracker'), 403)
  t.is(await status({ user: { username: 'ann', role: 'root' } }, '/conversations/ann/tracker'), 403)
  for (const path of ['/status', '/metrics']) t.is(await status(ann, path), 403)
  t.like((await call('GET', '/status', undefined, bearer(await sign(ann)))).body, { reason: 'NotAuthorized' })
})

test('with a token and JWT both on, either lets a caller in', async t => {
  const call = await guarded(t, { authToken: 'sécret', jwt: { secret: SECRET } })
  t.is((await call('GET', '/status?token=s%C3%A9cret')).status, 200)
  t.is((await call('GET', '/status', undefined, bearer(await sign(admin)))).status, 200)
  t.is((await call('GET', '/status?token=wrong', undefined, bearer(await sign(admin)))).status, 200)
  for (const path of ['/status', '/status?token=wrong', '/status?token='])
    t.like((await call('GET', path)).body, { reason: 'NotAuthenticated', code: 401 })
  for (const path of ['/version', '/webhooks/rest/webhook']) t.is((await call('GET', path)).status, 200)
  t.is((await call('GET', '/nothing')).status, 404)
})

test('security row 5: keys that cannot protect stop the start with a word', t => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const weak = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const cases: [string, string, RegExp][] = [
    ['', 'HS256', /empty/],
    ['x', 'none', /no method none/],
    [keysOf('RS256').publicPem, 'HS256', /PEM/],
    ['x', 'RS256', /needs a public key/],
    [weak, 'RS256', /1024 bits/],
    [keysOf('ES384').publicPem, 'ES256', /does not fit ES256/],
    [keysOf('ES256').publicPem, 'RS256', /does not fit RS256/],
    ['-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----', 'RS256', /no readable PEM/],
  ]
  for (const [secret, method, message] of cases) {
    t.throws(() => createJwtVerifier({ secret, method }, '--jwt-secret'), { code: 'jwt.settings', message })
  }
})

test('security row 5: a secret that can be guessed stops the start where it is a setting of our own', async t => {
  for (const credentials of [
    { rest: { jwt_key: 'short' } },
    { callback: { url: 'http://127.0.0.1:9/', jwt_key: 'short' } },
  ]) {
    const options = { model: echoModel(), port: 0, interface: '127.0.0.1', credentials }
    const starting = compose(options, { engine: echoEngine, log: recordingLog(), maxActions: 10 })
    await t.throwsAsync(starting, { code: 'jwt.short-secret', message: /jwt_key is shorter than 32 bytes/ })
  }
})

test('security row 5: one in a setting of Rasa’s is warned of; Rasa’s deployments have such ones', async t => {
  const log = recordingLog()
  const credentials = {
    rest: { jwt_key: SECRET },
    socketio: { jwt_key: 'short' },
  }
  const server = await compose(
    { model: echoModel(), port: 0, interface: '127.0.0.1', jwt: { secret: 'thisismysecret' }, credentials },
    { engine: echoEngine, log, maxActions: 10 },
  )
  t.teardown(() => server.stop())
  t.deepEqual(
    log.entries.filter(({ code }) => code === 'jwt.short-secret').map(({ place }) => place),
    ['credentials.yml: socketio: jwt_key', '--jwt-secret'],
  )
})

test('security row 10: secrets are compared in one place, in constant time', async t => {
  const src = join(import.meta.dirname, '..')
  const files = (await readdir(src, { recursive: true })).filter(file => /(?<!\.test)\.ts$/.test(file))
  t.true(files.length > 50)
  const compares = /(?:token|secret|signature|password|digest)\w*\s*[!=]==(?!\s*(?:undefined|null|'\w*'))/i
  for (const file of files) {
    const found = compares.exec(await readFile(join(src, file), 'utf8'))
    t.is(found, null, `${file}: ${found?.[0] ?? ''}`)
  }
})

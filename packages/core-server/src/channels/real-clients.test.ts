// Clients that nobody here wrote, against a whole server: socket.io-client of three generations, and the npm widgets in a
// real browser.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { SignJWT } from 'jose'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { browserPath, openPage } from '../../test/other-site.ts'
import { recordingLog } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import type { Settings } from '../config/server-options.ts'

const require = createRequire(import.meta.url)

/** What the three generations have in common. */
interface AnySocket {
  readonly id: string
  on(event: string, listener: (value: unknown) => void): void
  emit(event: string, value?: unknown): void
  close(): void
}
type Connect = (url: string, options: object) => AnySocket

const CLIENTS = ['socket.io-client-2', 'socket.io-client-3', 'socket.io-client'] as const

async function started(t: ExecutionContext, socketio: Settings = {}): Promise<string> {
  const server = await compose(
    {
      model: echoModel(),
      port: 0,
      interface: '127.0.0.1',
      cors: '*',
      enableApi: true,
      credentials: { socketio: { session_persistence: true, ...socketio } },
    },
    { engine: echoEngine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  return server.urls.server
}

function connector(name: (typeof CLIENTS)[number]): Connect {
  const loaded = require(name) as Connect & { readonly io?: Connect }
  return loaded.io ?? loaded
}

function next(socket: AnySocket, event: string): Promise<unknown> {
  return new Promise(resolve => {
    socket.on(event, resolve)
  })
}

for (const name of CLIENTS) {
  for (const transports of [['websocket'], ['polling', 'websocket']]) {
    test(`${name} over ${transports.join(' and ')} gets its session, its answers, and finds them again`, async t => {
      const url = await started(t)
      const connect = connector(name)
      const open = (): AnySocket => {
        const socket = connect(url, { transports, forceNew: true, reconnection: false })
        t.teardown(() => {
          socket.close()
        })
        return socket
      }
      const socket = open()
      await next(socket, 'connect')
      const confirmed = next(socket, 'session_confirm')
      socket.emit('session_request', { session_id: null })
      const session = await confirmed
      t.regex(String(session), /^[0-9a-f]{32}$/)
      const answer = next(socket, 'bot_uttered')
      socket.emit('user_uttered', { message: 'hello', customData: { language: 'en' }, session_id: session })
      // Old widgets count the keys: a text has that one and no other.
      t.deepEqual(await answer, { text: 'hello' })
      socket.close()
      const again = open()
      await next(again, 'connect')
      const same = next(again, 'session_confirm')
      again.emit('session_request', { session_id: session })
      t.is(await same, session)
      const later = next(again, 'bot_uttered')
      again.emit('user_uttered', { message: 'still here', session_id: session })
      t.deepEqual(await later, { text: 'still here' })
      const tracker = await fetch(`${url}/conversations/${String(session)}/tracker`)
      const { events } = (await tracker.json()) as { events: { event: string }[] }
      t.is(events.filter(({ event }) => event === 'user').length, 2)
    })
  }
  test(`security row 25: ${name} is let in with its token alone`, async t => {
    const url = await started(t, { webhook_token: 'tök' })
    const connect = connector(name)
    const attempt = async (token: string): Promise<string> => {
      const options = { auth: { token }, query: { token }, transports: ['websocket'], forceNew: true }
      const socket = connect(url, { ...options, reconnection: false })
      t.teardown(() => {
        socket.close()
      })
      // Version 2 calls a refusal an error.
      return Promise.race([
        next(socket, 'connect').then(() => 'in'),
        next(socket, 'connect_error').then(() => 'refused'),
        next(socket, 'error').then(() => 'refused'),
      ])
    }
    t.is(await attempt('wrong'), 'refused')
    t.is(await attempt('tök'), 'in')
  })
}

test('security row 25: a session belongs to the user of its token, also after a restart', async t => {
  const secret = 'a secret of thirty-two bytes, or more'
  const tokenOf = async (username: string): Promise<string> =>
    new SignJWT({ user: { username, role: 'user' } })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret))
  const connect = connector('socket.io-client')
  const open = async (url: string, username: string): Promise<AnySocket> => {
    const options = { auth: { token: await tokenOf(username) }, transports: ['websocket'], forceNew: true }
    const socket = connect(url, { ...options, reconnection: false })
    t.teardown(() => {
      socket.close()
    })
    await next(socket, 'connect')
    return socket
  }
  const sessionOf = async (socket: AnySocket, asked: unknown): Promise<unknown> => {
    const confirmed = next(socket, 'session_confirm')
    socket.emit('session_request', { session_id: asked })
    return confirmed
  }
  const url = await started(t, { jwt_key: secret })
  const ann = await open(url, 'ann')
  const session = await sessionOf(ann, null)
  t.is(await sessionOf(ann, session), session)
  const kept = await sessionOf(ann, 'of-another-server')
  t.is(kept, 'of-another-server')
  for (const server of [url, await started(t, { jwt_key: secret })]) {
    const bob = await open(server, 'bob')
    // Whoever asks for a session of somebody else is given a new one, and says nothing in the other.
    t.not(await sessionOf(bob, session), session)
    bob.emit('user_uttered', { message: 'I am ann', session_id: session })
    const own = await sessionOf(bob, null)
    const heard = next(bob, 'bot_uttered')
    bob.emit('user_uttered', { message: 'I am bob', session_id: own })
    t.deepEqual(await heard, { text: 'I am bob' })
    const again = await open(server, 'ann')
    t.is(await sessionOf(again, session), session)
    const tracker = await fetch(`${server}/conversations/${String(session)}/tracker`)
    t.notRegex(await tracker.text(), /I am ann/)
  }
  t.not(await sessionOf(await open(url, 'bob'), kept), kept)
})

const inBrowser = browserPath === null && process.env['CI'] !== 'true' ? test.skip : test

inBrowser('the widget rasa-webchat shows what the bot says', async t => {
  t.timeout(60_000)
  const url = await started(t)
  const script = await readFile(require.resolve('rasa-webchat/lib/index.js'), 'utf8')
  const settings = { socketUrl: url, initPayload: '/greet', title: 'Bot', embedded: true }
  const page = await openPage(t, {
    '/': `<!doctype html><div id="webchat"></div><script src="/widget.js"></script><script>
      WebChat.default({...${JSON.stringify(settings)}, params: {storage: 'session'}}, null)</script>`,
    '/widget.js': script,
  })
  // The widget says its first payload by itself.
  await page.getByText('/greet', { exact: true }).waitFor()
  await page.locator('.rw-new-message').fill('is anybody there?')
  await page.locator('.rw-new-message').press('Enter')
  await page.locator('.rw-response').getByText('is anybody there?', { exact: true }).waitFor()
  t.is(await page.locator('.rw-client').count(), 1)
})

inBrowser('the client code of angular-chat-widget-rasa hears the bot', async t => {
  t.timeout(60_000)
  const url = await started(t, { session_persistence: false })
  const bundle = await build({
    stdin: {
      contents: `
        import 'rxjs-compat'
        import { ChatService } from 'angular-chat-widget-rasa/esm2015/lib/chatbot-rasa.service.js'
        const chat = new ChatService()
        chat.connect(${JSON.stringify(url)})
        chat.getMessages().subscribe(message => {
          document.body.append(Object.assign(document.createElement('p'), { textContent: JSON.stringify(message) }))
        })
        chat.socket.on('session_confirm', () => chat.sendMessage('hello from angular'))`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    mainFields: ['es2015', 'browser', 'module', 'main'],
    alias: { 'socket.io-client': 'socket.io-client-2' },
    logLevel: 'error',
  })
  const page = await openPage(t, {
    '/': '<!doctype html><body><script src="/app.js"></script>',
    '/app.js': bundle.outputFiles[0]?.text ?? '',
  })
  await page.getByText('{"text":"hello from angular"}').waitFor()
  t.pass()
})

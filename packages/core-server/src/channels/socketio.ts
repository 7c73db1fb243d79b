// Rasa's socket.io channel, for clients of socket.io 2 to 4. socket.io itself is loaded only where the channel is on.

import type { Server as HttpServer } from 'node:http'
import { CodedError } from '@tabula/protocol'
import type { BotMessage, JsonValue, UserMessage } from '@tabula/protocol'
import { Server } from 'socket.io'
import type { Namespace, Socket } from 'socket.io'
import { LIMITS } from '../config/limits.ts'
import { isRecord } from '../http/body.ts'
import { sendJson } from '../http/json-answer.ts'
import { inboxClosed } from '../inbox/inbox.ts'
import type { ChannelHost, DeliveringChannel, OutputChannel } from './channel.ts'
import { renderMessage, textParts } from './render-message.ts'
import type { Renderer } from './render-message.ts'
import { createRateCheck, newSession, SessionOwners } from './socket-guard.ts'
import { SocketReaders } from './socket-readers.ts'
import { LocalSocketRelay } from './socket-relay.ts'
import type { SocketRelay } from './socket-relay.ts'
import { SocketTalks } from './socket-talks.ts'
import { toUserMessage } from './user-message.ts'
import { createWebhookAccess, warnOfAccess } from './webhook-access.ts'
import type { Visitor } from './webhook-access.ts'

/** The channel's keys in credentials.yml with Rasa's defaults. */
interface SocketSettings {
  readonly userEvent: string
  readonly botEvent: string
  readonly namespace: string
  readonly isSessionKept: boolean
  readonly path: string
  readonly metadataKey: string
  /** Messages in ten seconds: who sends more is cut off. */
  readonly messageRate: number
}

export function createSocketio(
  settings: Readonly<Record<string, unknown>>,
  host: ChannelHost,
): DeliveringChannel {
  const options = readSettings(settings)
  const access = createWebhookAccess(settings, 'socketio')
  warnOfAccess(host, 'socketio', access)
  const server = new Server({
    path: options.path,
    allowEIO3: true,
    maxHttpBufferSize: LIMITS.socketMessageBytes,
    serveClient: false,
    cors: (request, callback) => {
      callback(null, corsOf('url' in request ? request.url : undefined, host.origins))
    },
  })
  const sockets = server.of(options.namespace)
  sockets.use((socket, next) => {
    access.admit(tokenOf(socket)).then(visitor => {
      visitors.set(socket, visitor ?? { kind: 'anyone' })
      next(visitor === null ? new Error('NotAuthenticated') : undefined)
    }, next)
  })
  const visitors = new WeakMap<Socket, Visitor>()
  const owners = new SessionOwners()
  let isAttached = false
  const talks = new SocketTalks(sockets)
  const relay = host.sockets ?? new LocalSocketRelay()
  const readers = new SocketReaders(socket => {
    host.log.warn({ code: 'socketio.unread' }, 'A socket that does not read its answers was cut off.')
    socket.conn.close(true)
  })
  relay.onMessage((room, event, payload) => {
    sockets.to(room).emit(event, payload)
    readers.told(socketsIn(sockets, room))
  })
  const output = createOutput(options.botEvent, async (recipient, event, payload) => {
    await readers.ready(socketsIn(sockets, recipient))
    await relay.send(recipient, event, payload)
  })
  sockets.on('connection', socket => {
    const visitor = visitors.get(socket) ?? { kind: 'anyone' }
    serve(socket, options, host, {
      channel,
      relay,
      talks,
      readers,
      mayUse: session => owners.mayUse(session, visitor),
      newSession: () => newSession(visitor),
      isTooFast: createRateCheck(options.messageRate),
    })
  })
  const channel: DeliveringChannel = {
    name: 'socketio',
    output: () => output,
    reach: () => output,
    mount(router) {
      router.get('/webhooks/socketio', ctx => {
        sendJson(ctx, { status: 'ok' })
      })
    },
    attach(httpServer: HttpServer) {
      server.attach(httpServer)
      isAttached = true
    },
    beginClose() {
      talks.beginClose()
    },
    async close() {
      relay.close()
      sockets.disconnectSockets(true)
      // Where the port was taken there is no engine yet.
      if (isAttached) server.engine.close()
    },
  }
  return channel
}

/**
 * Polling clients of version 2 always ask with credentials, which browsers do not let `*` answer. Nothing here looks at
 * cookies, so for them alone any origin is named back, as python-socketio does for all.
 */
function corsOf(
  url: unknown,
  origins: readonly string[],
): { readonly origin: string | boolean | string[]; readonly credentials?: boolean } {
  if (!origins.includes('*')) return { origin: [...origins], credentials: origins.length > 0 }
  const isVersion2 =
    new URL(typeof url === 'string' ? url : '/', 'http://localhost').searchParams.get('EIO') === '3'
  return isVersion2 ? { origin: true, credentials: true } : { origin: '*' }
}

/** Those of this process that are in the room. */
function socketsIn(sockets: Namespace, room: string): readonly Socket[] {
  return [...(sockets.adapter.rooms.get(room) ?? [])].flatMap(id => sockets.sockets.get(id) ?? [])
}

interface SocketParts {
  readonly channel: DeliveringChannel
  readonly relay: SocketRelay
  readonly talks: SocketTalks
  readonly readers: SocketReaders
  /** Whether this visitor may speak in the session. */
  readonly mayUse: (session: string) => boolean
  /** The id of a session that is this visitor's. */
  readonly newSession: () => string
  readonly isTooFast: () => boolean
}

function serve(
  socket: Socket,
  options: SocketSettings,
  host: ChannelHost,
  { channel, relay, talks, readers, mayUse, newSession, isTooFast }: SocketParts,
): void {
  const refuse = (code: string, message: string): void => {
    host.log.warn({ code }, message)
  }
  socket.on('session_request', (data: unknown, acknowledge: unknown) => {
    const asked = isRecord(data) ? data['session_id'] : undefined
    let session = isId(asked) ? asked : newSession()
    if (options.isSessionKept) {
      if (!mayUse(String(session))) {
        refuse('socketio.foreign-session', 'A session of another user was asked for; a new one is given.')
        session = newSession()
      }
      // Rasa's released server never joins the room under a current python-socketio, so its clients stay without answers.
      void socket.join(String(session))
    }
    // Rasa's own answer to a client that asks for one is empty: by this one our widget knows the server.
    answer(acknowledge, { tabula: 1 })
    socket.emit('session_confirm', session)
  })
  socket.on(options.userEvent, (data: unknown, acknowledge: unknown) => {
    if (isTooFast()) {
      refuse('socketio.flood', 'A socket that sent too many messages was cut off.')
      socket.disconnect(true)
      return
    }
    const body = isRecord(data) ? data : {}
    const session = body['session_id']
    if (options.isSessionKept && !isId(session)) {
      refuse('socketio.no-session', 'A message without a session_id was ignored.')
      return
    }
    const sender = options.isSessionKept ? String(session) : socket.id
    if (options.isSessionKept && !mayUse(sender)) {
      refuse('socketio.foreign-session', 'A message in a session of another user was refused.')
      return
    }
    const text = typeof body['message'] === 'string' ? body['message'] : ''
    const message = toUserMessage({
      text: text.slice(0, LIMITS.textLength),
      sender,
      channel: 'socketio',
      metadata: readMetadata(body[options.metadataKey]),
    })
    if (!talks.begin(socket)) {
      answer(acknowledge, refusalOf(inboxClosed()))
      return
    }
    // An event of its own: widgets that do not know it pay no heed.
    socket.emit('bot_typing', { typing: true })
    void handleOnce(host, channel, message, body['message_id'])
      .then(async answersOf => {
        // Who waits for the acknowledgement has the answers by then.
        await relay.settled()
        socket.emit('bot_typing', { typing: false })
        await readers.tell(socket, async () => {
          answer(acknowledge, { ok: true, ...(answersOf === null ? {} : { answers: await answersOf() }) })
        })
      })
      .catch((error: unknown) => {
        const isLater = error instanceof CodedError && error.status === 503
        host.log[isLater ? 'warn' : 'error'](
          { code: 'socketio.turn-failed', err: error },
          'A message was not handled.',
        )
        socket.emit('bot_typing', { typing: false })
        answer(acknowledge, refusalOf(error))
      })
      .finally(() => {
        talks.end(socket)
      })
  })
}

const LONGEST_ID = 255

/** Handles the message; of one that was delivered before, what finds what it was answered with: null otherwise. */
async function handleOnce(
  host: ChannelHost,
  channel: DeliveringChannel,
  message: UserMessage,
  named: unknown,
): Promise<(() => Promise<readonly JsonValue[]>) | null> {
  const id = typeof named === 'string' && named !== '' && named.length <= LONGEST_ID ? named : null
  const { isRepeat, done } = await host.take(channel, { message, id, address: {} })
  // Where it is handled elsewhere meanwhile, its answers may reach a socket that is no more: who asks again gets them.
  if ((await done) === 'waits' && id !== null) throw stillWaits()
  if (!isRepeat || id === null) return null
  return async () => {
    const said: JsonValue[] = []
    const remember = createRenderer(payload => void said.push(payload))
    for (const reply of await host.repliesTo(channel, message, id)) await renderMessage(remember, reply)
    return said
  }
}

function stillWaits(): CodedError {
  const message = 'The message is stored and waits for its turn; asked again, it is answered.'
  return new CodedError('message.waits', message, { status: 503, details: { retryAfter: 1 } })
}

/** What became of the message, for a client that asks; it may send again what was refused for a time. */
function refusalOf(error: unknown): JsonValue {
  if (!(error instanceof CodedError)) return { ok: false, error: 'failed' }
  const { retryAfter } = error.details
  return {
    ok: false,
    error: error.code,
    ...(typeof retryAfter === 'number' ? { retry_after: retryAfter } : {}),
  }
}

function answer(acknowledge: unknown, body: JsonValue): void {
  if (typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [body])
}

/** Where clients put it: `auth: {token}` since version 3, the query before. */
function tokenOf({ handshake }: Socket): string | null {
  const { token = handshake.query['token'] } = handshake.auth as { token?: unknown }
  return typeof token === 'string' ? token.replace(/^Bearer +/i, '') : null
}

function createOutput(event: string, send: SocketRelay['send']): OutputChannel {
  return {
    name: 'socketio',
    async send(recipient: string, message: BotMessage) {
      await renderMessage(
        createRenderer(payload => send(recipient, event, payload)),
        message,
      )
    },
  }
}

function createRenderer(emit: (payload: JsonValue) => void | Promise<void>): Renderer {
  return {
    async text(text) {
      for (const part of textParts(text)) await emit({ text: part })
    },
    async buttons(text, buttons) {
      const parts = textParts(text ?? '')
      // A button without a payload sends its title; in Rasa it ends the turn.
      const replies = buttons.map(({ title = '', payload = title }) => ({
        content_type: 'text',
        title,
        payload,
      }))
      for (const [index, part] of parts.entries()) {
        await emit({ text: part, quick_replies: index === parts.length - 1 ? replies : [] })
      }
    },
    image: src => emit({ attachment: { type: 'image', payload: { src } } }),
    attachment: attachment => emit({ attachment }),
    async elements(elements) {
      for (const element of elements) {
        await emit({
          attachment: { type: 'template', payload: { template_type: 'generic', elements: element } },
        })
      }
    },
    // In Rasa a custom answer without `data` ends the turn; here it arrives as it is.
    custom(custom) {
      const data = isRecord(custom) && 'data' in custom ? custom['data'] : custom
      return emit(data as JsonValue)
    },
  }
}

function readSettings(settings: Readonly<Record<string, unknown>>): SocketSettings {
  const text = (key: string, fallback: string): string => {
    const value = settings[key]
    return typeof value === 'string' && value !== '' ? value : fallback
  }
  const namespace = text('namespace', '/')
  return {
    userEvent: text('user_message_evt', 'user_uttered'),
    botEvent: text('bot_message_evt', 'bot_uttered'),
    namespace: namespace.startsWith('/') ? namespace : `/${namespace}`,
    isSessionKept: settings['session_persistence'] === true || settings['session_persistence'] === 'true',
    path: text('socketio_path', '/socket.io'),
    metadataKey: text('metadata_key', 'metadata'),
    messageRate: Number(settings['messages_per_10_seconds'] ?? LIMITS.socketMessages),
  }
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

/** Metadata may come as JSON in a text. */
function readMetadata(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

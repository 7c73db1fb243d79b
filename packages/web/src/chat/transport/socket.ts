// Over Socket.IO, in the events of Rasa's channel. Loaded only where a socket is used.

import { io } from 'socket.io-client'
import { isRecord } from '../messages/values.ts'
import type { Identity, Sent, Transport, TransportEvents, WireMessage } from './transport.ts'

export interface SocketSettings {
  readonly server: string
  readonly path: string
  readonly userEvent: string
  readonly botEvent: string
  readonly metadataKey: string
  readonly identity: Identity
  readonly token: () => string
  readonly customData: Readonly<Record<string, unknown>> | null
}

export interface OpenSocket extends Transport {
  /** Whether the server has said that it is ours. */
  readonly isTabula: boolean
}

/** How long a connected server has to say that it has a message: an old one says nothing, and has it all the same. */
const SILENT_ACCEPT = 1_500
const CONFIRM = 3_000
const OPENING = 6_000

/** A connected socket; null where the server has none. */
export async function openSocket(
  settings: SocketSettings,
  events: TransportEvents,
): Promise<OpenSocket | null> {
  const { origin, pathname } = new URL(settings.server)
  const socket = io(origin, {
    path: `${pathname.replace(/\/$/, '')}${settings.path}`,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 30_000,
    timeout: OPENING,
    autoConnect: false,
    auth: give => {
      const token = settings.token()
      give(token === '' ? {} : { token })
    },
  })
  let isTabula = settings.identity.isTabula
  let isReady = false

  socket.on(settings.botEvent, (message: unknown) => {
    events.received(message)
  })
  socket.on('bot_typing', (state: unknown) => {
    events.typing(isRecord(state) ? state['typing'] !== false : state !== false)
  })
  const request = async (): Promise<void> => {
    const confirmed = new Promise(resolve => {
      socket.once('session_confirm', resolve)
      setTimeout(resolve, CONFIRM)
    })
    const session = { session_id: settings.identity.sender, customData: settings.customData ?? {} }
    socket.emit('session_request', session, (answer: unknown) => {
      if (isRecord(answer) && answer['tabula'] !== undefined) isTabula = true
    })
    await confirmed
    isReady = socket.connected
    events.online(isReady)
  }
  socket.on('disconnect', reason => {
    isReady = false
    events.online(false)
    // A server that ends the connection is not called again by the client itself.
    if (reason === 'io server disconnect') socket.connect()
  })
  const hurry = (): void => {
    if (!socket.connected && document.visibilityState === 'visible') socket.connect()
  }
  const close = (): void => {
    removeEventListener('online', hurry)
    document.removeEventListener('visibilitychange', hurry)
    socket.disconnect()
  }
  const isOpen = await new Promise<boolean>(resolve => {
    let failures = 0
    socket.once('connect', () => {
      resolve(true)
    })
    socket.on('connect_error', error => {
      failures += 1
      // A server that refuses the token is there; one that cannot be reached twice may have no socket.
      if (isTokenRefused(error)) events.refusedToken()
      if (failures > 1) resolve(false)
    })
    setTimeout(() => {
      resolve(socket.connected)
    }, OPENING * 2)
    socket.connect()
  })
  if (!isOpen) {
    close()
    return null
  }
  socket.on('connect', () => void request())
  addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
  await request()
  return {
    get isTabula() {
      return isTabula
    },
    send: message => (isReady ? emit(message) : Promise.resolve({ kind: 'offline' })),
    close,
  }

  function emit({ id, text, metadata }: WireMessage): Promise<Sent> {
    return new Promise(resolve => {
      const settle = (sent: Sent): void => {
        clearTimeout(timer)
        socket.off('disconnect', lost)
        resolve(sent)
      }
      const lost = (): void => {
        settle({ kind: 'lost' })
      }
      const timer = setTimeout(() => {
        settle({ kind: 'accepted', answers: [], isOver: false })
      }, SILENT_ACCEPT)
      socket.on('disconnect', lost)
      const body = {
        message: text,
        session_id: settings.identity.sender,
        message_id: id,
        customData: settings.customData ?? {},
        ...(metadata === null ? {} : { [settings.metadataKey]: metadata }),
      }
      socket.emit(settings.userEvent, body, (answer: unknown) => {
        settle(readAcceptance(answer))
      })
    })
  }
}

/**
 * Both answer when the turn is over. Rasa says nothing; ours whether it was taken, and of a message that was sent before
 * what it was answered with.
 */
function readAcceptance(answer: unknown): Sent {
  if (!isRecord(answer) || answer['ok'] !== false) {
    const answers =
      isRecord(answer) && Array.isArray(answer['answers']) ? (answer['answers'] as unknown[]) : []
    return { kind: 'accepted', answers, isOver: true }
  }
  const wait = answer['retry_after']
  if (typeof wait === 'number') return { kind: 'wait', milliseconds: Math.max(1, wait) * 1_000 }
  return { kind: 'refused', problem: 'refused' }
}

function isTokenRefused(error: Error): boolean {
  return /token|auth|reject|unauthori[sz]ed/i.test(error.message)
}

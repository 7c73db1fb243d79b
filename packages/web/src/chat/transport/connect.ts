// Finds out what the server is, who the visitor is there, and how the two reach each other.

import type { WidgetOptions } from '../../widget/options.ts'
import type { Conversation } from '../conversation.ts'
import { randomId } from '../random-id.ts'
import { overRest } from './rest.ts'
import type { Identity, Transport, TransportEvents } from './transport.ts'
import { fetchHistory, knownVisitor, newVisitor } from './visitor-api.ts'

const OURS = '/conversations/webhook'
const RASAS = '/webhooks/rest/webhook'

export interface Connected {
  readonly identity: Identity
  readonly transport: Transport
}

/** What vouches for a user is no token itself: one is got for it. */
export function isHash(token: string): boolean {
  return /^[0-9a-f]{64}$/i.test(token)
}

/** A user that the page names, the visitor of a stored conversation, or a new one. Throws where nothing can be reached. */
export async function identify(
  options: WidgetOptions,
  { sender, token }: Conversation,
  givenToken: string,
  refused: () => void,
): Promise<Identity> {
  const { server, userId } = options
  if (userId !== '' && isHash(givenToken)) {
    const known = await knownVisitor(server, userId, givenToken)
    if (known !== null) return known
    refused()
  } else if (userId !== '' && givenToken !== '')
    return { sender: userId, token: givenToken, isTabula: await isOurs(server, givenToken) }
  // Ours takes nobody's word for who they are: whom no server vouches for is a visitor like others. Rasa takes it.
  if (sender !== null && (token !== null || userId === '')) return { sender, token, isTabula: token !== null }
  const visitor = await newVisitor(server)
  return visitor ?? { sender: userId === '' ? `web-${randomId()}` : userId, token: null, isTabula: false }
}

/**
 * Connects as the options say. `auto`: REST where the server has told who the visitor is, for it also tells what is said;
 * else a socket of our own inference server, else Rasa's REST where it answers, else Rasa's socket.
 */
export async function connect(
  options: WidgetOptions,
  identity: Identity,
  reads: { readonly token: () => string; readonly last: () => number },
  events: TransportEvents,
): Promise<Connected> {
  const { server, transport: wanted, restPath } = options
  const path = restPath !== '' ? restPath : identity.isTabula && identity.token !== null ? OURS : RASAS
  const rest = (): Connected => ({
    identity,
    transport: overRest({ server, path, identity, ...reads }, events),
  })
  if (wanted === 'rest' || (wanted === 'auto' && identity.isTabula)) return rest()
  const { openSocket } = await import('./socket.ts')
  const { socketPath, userEvent, botEvent, metadataKey, customData } = options
  const settings = {
    server,
    path: socketPath,
    userEvent,
    botEvent,
    metadataKey,
    identity,
    customData,
    ...reads,
  }
  const socket = await openSocket(settings, events)
  if (socket === null) {
    if (wanted === 'auto' && (await isThere(server, path))) return rest()
    throw new Error(`There is no socket at ${server}${socketPath}.`)
  }
  const found = { ...identity, isTabula: socket.isTabula }
  if (wanted === 'auto' && !found.isTabula && (await isThere(server, path))) {
    // An old server forgets who a socket was when it comes back; over REST it does not.
    socket.close()
    return rest()
  }
  return { identity: found, transport: socket }
}

async function isOurs(server: string, token: string): Promise<boolean> {
  if (token === '') return false
  try {
    return (await fetchHistory(server, token, null)) !== null
  } catch {
    return false
  }
}

/** Rasa's REST channel says that it is there where its webhook's address ends before the last part. */
async function isThere(server: string, path: string): Promise<boolean> {
  try {
    const response = await fetch(`${server}${path.replace(/webhook$/, '')}`, {
      signal: AbortSignal.timeout(5_000),
    })
    return response.ok
  } catch {
    return false
  }
}

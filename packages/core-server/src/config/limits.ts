// Every bound of the server in one table, so that a refusal can name the number that it follows from.

import { closestName, CodedError } from '@tabula/protocol'

const USUAL = {
  /** Bytes of a request's body. */
  bodyBytes: 1_000_000,
  /** Bytes of a body of training data, and trainings that may be under way or wait. */
  trainingBodyBytes: 20_000_000,
  trainings: 8,
  urlBytes: 8_192,
  headerBytes: 16_384,
  headerCount: 100,
  /** Milliseconds for the headers, for the whole request, and for an idle connection (above a balancer's 60 s). */
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 65_000,
  /**
   * Connections that the system keeps until they are taken: one a round of the event loop, which is long under load. Beyond
   * them, or the system's own bound, clients are cut off instead of told when to come.
   */
  waitingConnections: 4_096,
  /** Milliseconds for an answer: Rasa's default. */
  responseTimeout: 3_600_000,
  /** Characters of a message over a socket; over HTTP the door of @tabula/protocol counts bytes. */
  textLength: 65_536,
  /** Messages that may wait behind the one at work; and all that wait or are at work, of all senders. */
  waitingPerSender: 50,
  waitingInAll: 1_000,
  /** Milliseconds after which a provider is told that its message is here (Slack waits for 3 s). */
  acknowledgeAfter: 2_000,
  /** Bytes of all action calls under way, and connections to one server: what is beyond waits. */
  actionCallBytes: 100_000_000,
  actionConnections: 256,
  /** An action server's reply. */
  actionReplyBytes: 5_000_000,
  actionReplyEvents: 1_000,
  actionDeadline: 300_000,
  /** Milliseconds for a remote NLU server. */
  nluDeadline: 30_000,
  /** Calls in a row without an answer that open the circuit, and the milliseconds until it is tried again. */
  actionCircuitFailures: 5,
  actionCircuitPause: 1_000,
  actionCircuitLongestPause: 10_000,
  /** One file that a visitor sends. */
  visitorFileBytes: 5_000_000,
  /**
   * One message over a socket; what may wait in memory for one to read it, and for all together, before the conversation
   * waits too; and the milliseconds that it may then read nothing before it is cut off.
   */
  socketMessageBytes: 256_000,
  socketUnreadBytes: 1_000_000,
  socketsUnreadBytes: 64_000_000,
  socketUnreadPatience: 10_000,
  /** Messages of one socket in ten seconds, and sessions whose users are kept in mind. */
  socketMessages: 100,
  socketSessions: 100_000,
  /** Conversations, events in all of them and characters of what is said there, that are kept folded between turns. */
  cachedTrackers: 1_000,
  cachedEvents: 200_000,
  cachedBytes: 100_000_000,
  /** Passwords that are hashed at once, and callers that may wait for one. */
  hashesAtOnce: 2,
  waitingHashes: 32,
  /** Seconds that failed logins are counted over: of an account from one address, and of the address. */
  loginAccountWindow: 900,
  loginAddressWindow: 3_600,
  /** Milliseconds between two looks for pages that look on, and how many may look on at once. */
  liveInterval: 1_000,
  liveStreams: 10_000,
  /** Milliseconds in which the stores must answer for the server to be ready. */
  readyDeadline: 2_000,
  /** Milliseconds that turns under way get to finish when the server stops. */
  stopGrace: 20_000,
  /** Then those that no request waits for. */
  stopGraceOfRest: 2_000,
} as const

export type LimitName = keyof typeof USUAL

/** The bounds that hold in this process. */
export const LIMITS: Readonly<Record<LimitName, number>> = { ...USUAL }

export const LIMIT_NAMES = Object.keys(USUAL) as readonly LimitName[]

const PREFIX = 'TABULA_LIMIT_'

/** The environment's name of a bound: bodyBytes is TABULA_LIMIT_BODY_BYTES. */
export function limitSetting(name: LimitName): string {
  return `${PREFIX}${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}

/** Lays the environment's bounds over the usual ones, once, before a server is composed. Throws CodedError `settings.limit`. */
export function applyLimits(environment: Readonly<Record<string, string | undefined>>): void {
  const known = new Map(LIMIT_NAMES.map(name => [limitSetting(name), name]))
  for (const [setting, value] of Object.entries(environment)) {
    if (!setting.startsWith(PREFIX) || value === undefined || value === '') continue
    const name = known.get(setting)
    if (name === undefined) {
      const near = closestName(setting, [...known.keys()])
      throw wrong(`${setting} is no limit.${near === null ? '' : ` Did you mean ${near}?`}`)
    }
    const number = Number(value)
    if (!Number.isSafeInteger(number) || number < 1)
      throw wrong(`${setting} is '${value}'; it should be a whole number from 1 on.`)
    Object.assign(LIMITS, { [name]: number })
  }
}

function wrong(message: string): CodedError {
  return new CodedError('settings.limit', message, { status: 400 })
}

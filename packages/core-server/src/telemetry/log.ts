// The server's log: JSON lines for machines, short text on a terminal. Secrets and message texts stay out of it.

import pino from 'pino'
import type { Mask } from '../privacy/mask.ts'
import { currentRequest } from './request-id.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Each entry has a code to search for, as data, and a sentence. */
export interface Log {
  /** Whether lines of this level are written: for those that cost something to put together. */
  writes(level: Exclude<LogLevel, 'silent'>): boolean
  debug(data: LogData, message: string): void
  info(data: LogData, message: string): void
  warn(data: LogData, message: string): void
  error(data: LogData, message: string): void
}
export interface LogData {
  readonly code: string
  readonly err?: unknown
  readonly [key: string]: unknown
}

/** Bytes of a line at most: what users send must not fill a disk. */
const LONGEST_LINE = 2048

/**
 * A log onto standard error, or the sink: short text where that is a terminal, else one JSON object a line. What is
 * personal is masked, and senders are hashed where that is set.
 */
export function createLog(level: LogLevel, sink: LineSink = process.stderr, mask: Mask | null = null): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    formatters: {
      level: label => ({ level: label }),
      ...(mask === null ? {} : { log: (data: object) => masked(data, mask) }),
    },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin() {
      const request = currentRequest()
      return request === undefined ? {} : { request }
    },
  }
  const log = pino(options, {
    write(line) {
      sink.write(sink.isTTY === true ? asText(line) : bounded(line))
    },
  })
  return Object.assign(log, { writes: (level: pino.Level) => log.isLevelEnabled(level) })
}

function masked(data: object, mask: Mask): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]: [string, unknown]) => {
      if (key === 'sender' && typeof value === 'string') return [key, mask.sender(value)]
      return [key, mask.value(value instanceof Error ? pino.stdSerializers.err(value) : value)]
    }),
  )
}

/** The line, or what matters of it where it is too long: its texts are cut until it fits. */
function bounded(line: string): string {
  if (line.length * 3 <= LONGEST_LINE || Buffer.byteLength(line) <= LONGEST_LINE) return line
  const entry = JSON.parse(line) as Record<string, unknown>
  for (const length of [400, 100, 20]) {
    const cut = `${JSON.stringify({ ...cutTexts(entry, length), cut: true })}\n`
    if (Buffer.byteLength(cut) <= LONGEST_LINE) return cut
  }
  const { level, time, code, msg } = entry
  return `${JSON.stringify({ level, time, code, msg: String(msg).slice(0, 300), cut: true })}\n`
}

function cutTexts(value: Record<string, unknown>, length: number): Record<string, unknown> {
  const cut = (each: unknown): unknown => {
    if (typeof each === 'string') return each.length > length ? `${each.slice(0, length)}…` : each
    if (Array.isArray(each)) return each.slice(0, 20).map(cut)
    return isRecord(each) ? cutTexts(each, length) : each
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each)]))
}

export interface LineSink {
  readonly isTTY?: boolean
  write(line: string): unknown
}

function asText(line: string): string {
  const { time, level, code, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>
  const clock = typeof time === 'string' ? time.slice(11, 19) : ''
  const facts = Object.entries(rest).map(([name, value]) => ` ${name}=${printable(value)}`)
  const trouble = isRecord(err) ? `: ${printable(err['message'])}` : ''
  return `${clock} ${printable(level)} ${printable(msg)}${trouble}${facts.join('')} [${printable(code)}]\n`
}

/** One line of at most 300 characters, without control characters: what users wrote must not forge log lines. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 300)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

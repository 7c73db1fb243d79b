// The server's log: JSON lines for machines, short text on a terminal. Secrets and message texts stay out of it.

import pino from 'pino'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Each entry has a code to search for, as data, and a sentence. */
export interface Log {
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

/** A log onto standard error, or the sink: short text where that is a terminal, else one JSON object a line. */
export function createLog(level: LogLevel, sink: LineSink = process.stderr): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    formatters: { level: label => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return pino(options, {
    write(line) {
      sink.write(sink.isTTY === true ? asText(line) : line)
    },
  })
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

// Where log lines go besides standard error: a file (`--log-file`), and a syslog (`--use-syslog`), as Rasa's.

import { createSocket } from 'node:dgram'
import { createWriteStream } from 'node:fs'
import { connect } from 'node:net'
import type { LineSink } from './log.ts'

export interface LogTargets {
  /** Lines are appended to it. */
  readonly file?: string
  readonly syslog?: { readonly address: string; readonly port: number; readonly protocol: 'UDP' | 'TCP' }
}

/** Standard error and the targets. A target that fails says so once on standard error and is left out from then on. */
export function logSink({ file, syslog }: LogTargets = {}): LineSink {
  const sinks = [
    ...(file === undefined ? [] : [fileSink(file)]),
    ...(syslog === undefined ? [] : [syslogSink(syslog)]),
  ]
  if (sinks.length === 0) return process.stderr
  return {
    write(line) {
      process.stderr.write(line)
      for (const sink of sinks) sink.write(line)
      return true
    },
  }
}

function fileSink(file: string): LineSink {
  const stream = createWriteStream(file, { flags: 'a' })
  let isBroken = false
  stream.on('error', error => {
    isBroken = true
    complain('log.file', `The log file ${file} cannot be written to: ${error.message}`)
  })
  return { write: line => isBroken || stream.write(line) }
}

/** RFC 3164 as Python's handler sends it: `<priority>` of facility user, and the line, ended by a zero byte. */
function syslogSink({ address, port, protocol }: NonNullable<LogTargets['syslog']>): LineSink {
  const send = protocol === 'TCP' ? tcpSender(address, port) : udpSender(address, port)
  return {
    write(line) {
      send(Buffer.from(`<${USER + severityOf(line)}>${line.trimEnd()}\0`))
      return true
    },
  }
}

const USER = 8

const SEVERITIES: Readonly<Record<string, number>> = { debug: 7, info: 6, warn: 4, error: 3 }

function severityOf(line: string): number {
  return SEVERITIES[/"level":"(\w+)"/.exec(line)?.[1] ?? ''] ?? 6
}

function udpSender(address: string, port: number): (message: Buffer) => void {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  socket.unref()
  socket.on('error', error => {
    complain('log.syslog', `The syslog at ${address}:${port} is not reached: ${error.message}`)
  })
  return message => {
    socket.send(message, port, address)
  }
}

function tcpSender(address: string, port: number): (message: Buffer) => void {
  const socket = connect({ host: address, port }).unref()
  let isBroken = false
  socket.on('error', error => {
    isBroken = true
    complain('log.syslog', `The syslog at ${address}:${port} is not reached: ${error.message}`)
  })
  return message => {
    if (!isBroken) socket.write(message)
  }
}

function complain(code: string, message: string): void {
  process.stderr.write(
    `${JSON.stringify({ level: 'error', time: new Date().toISOString(), code, msg: message })}\n`,
  )
}

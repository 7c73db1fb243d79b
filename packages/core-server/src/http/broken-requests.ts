// What is no request at all (bad HTTP, headers without end, a sender that stalls) is answered in Rasa's error body too,
// and its connection closed: nothing that follows on it can be trusted.

import { STATUS_CODES } from 'node:http'
import type { Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { errorBody } from './error-body.ts'

const FAULTS: Readonly<Record<string, readonly [status: number, reason: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'RequestHeaderFieldsTooLarge', 'The headers are too large.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'PayloadTooLarge', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'RequestTimeout', 'The request did not arrive in time.'],
}

export function answerBrokenRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // After an earlier answer on the connection, or beside one, a second one would be taken for somebody else's.
    const hasAnswered = socket instanceof Socket && socket.bytesWritten > 0
    if (error.code === 'ECONNRESET' || !socket.writable || hasAnswered) {
      socket.destroy()
      return
    }
    const [status, reason, message] = FAULTS[error.code ?? ''] ?? [
      400,
      'BadRequest',
      'The request is no valid HTTP.',
    ]
    const body = JSON.stringify(errorBody({ status, reason, message }))
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
}

// Asks an NLG server for a response.

import { parseBotMessage, parseExactJson } from '@tabula/protocol'
import type { RemoteNlgEffect } from '@tabula/dialogue'
import type { BotMessage } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import type { EndpointClient } from './endpoint-client.ts'

/** The server's message, null where it gave none; undefined, with a word in the log, where it cannot be asked. */
export async function askNlg(
  client: EndpointClient,
  request: RemoteNlgEffect['request'],
  log: Log,
): Promise<BotMessage | null | undefined> {
  try {
    const text = await client.post(request, { deadline: LIMITS.actionDeadline })
    return text === '' ? null : parseBotMessage(parseExactJson(text))
  } catch (err) {
    log.error(
      { code: 'nlg.failed', err, response: request.response },
      "The NLG server gave no response; the domain's stands in.",
    )
    return undefined
  }
}

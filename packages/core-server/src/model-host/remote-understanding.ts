// `nlu:` of endpoints.yml: another server's /model/parse in the place of the model's own pipeline.

import { parseParseData } from '@tabula/protocol'
import type { ParseData } from '@tabula/protocol'
import type { EndpointClient } from '../action-client/endpoint-client.ts'
import { LIMITS } from '../config/limits.ts'
import type { Log } from '../telemetry/log.ts'
import type { ServedModel } from './served-model.ts'

/** Rasa's result where the server gave none. */
const NOTHING_UNDERSTOOD: ParseData = { text: '', intent: { name: '', confidence: 0 }, entities: [] }

/** The model with its understanding asked of the server; what fails there is logged, and nothing is understood, as in Rasa. */
export function withRemoteUnderstanding(model: ServedModel, client: EndpointClient, log: Log): ServedModel {
  const pipeline = {
    async parse(text: string): Promise<ParseData> {
      try {
        const answer = await client.post({ text }, { deadline: LIMITS.nluDeadline })
        const parsed: unknown = JSON.parse(answer)
        return parseParseData(parsed)
      } catch (err) {
        log.error({ code: 'nlu.failed', err }, 'The NLU server gave no result; nothing was understood.')
        return NOTHING_UNDERSTOOD
      }
    },
  }
  return { ...model, pipeline }
}

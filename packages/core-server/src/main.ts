// Where a server starts: only here is the environment read.

import { compose } from './compose.ts'
import { applyLimits } from './config/limits.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'
import { dialogueEngine } from './processor/rasa-dialogue.ts'
import { createMask } from './privacy/mask.ts'
import { readPrivacy } from './privacy/read-privacy.ts'
import { createLog, LOG_LEVELS } from './telemetry/log.ts'
import { logSink } from './telemetry/log-sinks.ts'
import { createMeter } from './telemetry/metrics.ts'
import type { LogLevel } from './telemetry/log.ts'

/** Rasa's limit of actions in a turn, where MAX_NUMBER_OF_PREDICTIONS does not say otherwise. */
const MAX_ACTIONS = 10

/**
 * A server whose ports answer. Throws CodedError: `server.port-taken`, and `endpoints.*` or `credentials.*` for settings
 * that cannot work; then nothing stays open.
 */
export async function start(options: ServerOptions): Promise<RunningServer> {
  applyLimits(process.env)
  const log = createLog(
    options.logLevel ?? levelOf(process.env['LOG_LEVEL']),
    logSink(options.logTargets),
    createMask(readPrivacy(options.endpoints?.['privacy'])),
  )
  if (isApiAlone(options)) {
    const { composeApi } = await import('./compose-api.ts')
    return composeApi(options, { log, environment: process.env })
  }
  const ducklingUrl = process.env['RASA_DUCKLING_HTTP_URL']
  // Only then: a server without understanding of its own does not load it.
  if (ducklingUrl !== undefined) (await import('@tabula/nlu')).setSurroundings({ ducklingUrl })
  const asked = Number(process.env['MAX_NUMBER_OF_PREDICTIONS'])
  const parts = {
    engine: dialogueEngine,
    log,
    environment: process.env,
    meter: createMeter({ defaults: true }),
    maxActions: Number.isInteger(asked) && asked > 0 ? asked : MAX_ACTIONS,
  }
  if (options.assistants === undefined) return compose(options, parts)
  return (await import('./compose-assistants.ts')).composeAssistants(options, parts)
}

function isApiAlone({ roles = [] }: ServerOptions): boolean {
  return roles.length === 1 && roles[0] === 'api'
}

/** LOG_LEVEL as Rasa names levels (INFO, WARNING); `info` where it names none. */
function levelOf(name: string | undefined): LogLevel {
  const lower = name?.toLowerCase().replace('warning', 'warn').replace('critical', 'error')
  return LOG_LEVELS.find(level => level === lower) ?? 'info'
}

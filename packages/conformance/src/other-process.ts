// What another process makes of the same: trains a project, or goes on with a conversation. Run with a request as JSON on stdin.

import { text } from 'node:stream/consumers'
import { type Effect, handleMessage, Tracker } from '@tabula/dialogue'
import { loadModel, readProject, trainModel } from '@tabula/model'
import { parseIntentMessage } from '@tabula/nlu'
import type { LoggedEvent } from '@tabula/protocol'

export type OtherProcessRequest =
  | { readonly kind: 'train'; readonly project: string; readonly config: string; readonly out: string }
  | {
      readonly kind: 'continue'
      readonly model: string
      readonly events: readonly LoggedEvent[]
      readonly texts: readonly string[]
    }

/** The file of the trained model. */
export async function trainIn(project: string, config: string, out: string): Promise<string> {
  const trained = await trainModel(await readProject({ root: project, config }), {
    out,
    cache: `${out}/cache`,
  })
  return trained.file
}

/** The conversation with these events after the messages; actions do nothing, and the clock counts messages. */
export async function continueWith(
  model: string,
  events: readonly LoggedEvent[],
  texts: readonly string[],
): Promise<Tracker> {
  const { domain, ensemble } = await loadModel(model)
  const known = { intents: new Set(domain.intents.keys()), entities: new Set(domain.entities.keys()) }
  const tracker = Tracker.fromEvents('ann', domain, events)
  let clock = events.at(-1)?.timestamp ?? 1000
  const context = {
    ...{ domain, policies: ensemble, now: () => (clock += 1), random: () => 0, newId: () => 'id' },
    ...{ modelId: 'm', assistantId: 'a', maxActions: 10, remoteNlg: false, outputChannel: 'rest' },
  }
  for (const said of texts) {
    const parsed = parseIntentMessage(said, known)
    const unknown = { text: said, intent: { name: null, confidence: 0 }, entities: [] }
    const message = { text: said, senderId: 'ann', inputChannel: 'rest' }
    const turn = handleMessage(context, tracker, message, parsed ?? unknown)
    let step = turn.next()
    while (step.done !== true) step = turn.next(outcomeOf(step.value))
    tracker.settle()
  }
  return tracker
}

function outcomeOf(effect: Effect) {
  return effect.kind === 'call_action'
    ? { kind: 'done' as const, reply: { events: [], responses: [] } }
    : undefined
}

if (import.meta.main) {
  const request = JSON.parse(await text(process.stdin)) as OtherProcessRequest
  const answer =
    request.kind === 'train'
      ? await trainIn(request.project, request.config, request.out)
      : (await continueWith(request.model, request.events, request.texts)).toWholeState('ALL')
  process.stdout.write(JSON.stringify(answer))
}

// Watches turns from outside: each contract that a turn passes is wrapped, so that whatever stands behind it is measured.

import { trace } from '@opentelemetry/api'
import type { Effectful, EffectResult } from '@tabula/dialogue'
import type { ActionRunner, UserMessage } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Inbox } from '../inbox/inbox.ts'
import type { ServedModel } from '../model-host/served-model.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'
import type { Log } from './log.ts'
import type { Meter } from './metrics.ts'
import {
  addStep,
  currentReport,
  roundedSteps,
  type Step,
  type TurnReport,
  withReport,
} from './turn-report.ts'

/** Runs the turn of a message. */
type Observe = (message: UserMessage, turn: () => Promise<void>) => Promise<void>

/** Spans go to whatever tracer the process has registered through @opentelemetry/api; none costs nothing. */
const tracer = trace.getTracer('tabula')

/** What runs each message's turn as one that is counted, timed, traced, and told in one line of the log. */
export function observeTurns(meter: Meter, log: Log): Observe {
  let open = 0
  meter.watch('tabula_turns_open', () => [{ value: open }])
  return (message, turn) =>
    tracer.startActiveSpan('turn', async span => {
      const report: TurnReport = { steps: {}, events: [], why: [] }
      const started = performance.now()
      let outcome = 'ok'
      open += 1
      try {
        await withReport(report, turn)
      } catch (error) {
        outcome = error instanceof CodedError && error.status < 500 ? 'refused' : 'failed'
        meter.count('tabula_errors_total', { code: error instanceof CodedError ? error.code : 'fault' })
        throw error
      } finally {
        open -= 1
        const milliseconds = performance.now() - started
        meter.count('tabula_turns_total', { channel: message.inputChannel ?? 'none', outcome })
        meter.time('tabula_turn_seconds', milliseconds / 1000)
        const line = lineOf(message, report, milliseconds, outcome)
        if (line.intent !== null) meter.count('tabula_intents_total', { intent: line.intent })
        span.setAttributes({ 'tabula.outcome': outcome, 'tabula.intent': line.intent ?? '' })
        span.end()
        log.info({ code: 'turn', ...line }, 'A turn.')
      }
    })
}

/** One line a turn: who, what was understood, what was done and why, and how long each step took. */
function lineOf(
  { senderId: sender, inputChannel: channel }: UserMessage,
  { steps, events, why }: TurnReport,
  milliseconds: number,
  outcome: string,
) {
  const user = events.find(event => event.event === 'user')
  const understood = user?.parse_data.intent
  return {
    sender,
    channel,
    outcome,
    intent: understood?.name ?? null,
    confidence: understood?.confidence ?? null,
    actions: events.flatMap(event => (event.event === 'action' ? [event.name ?? event.action_text] : [])),
    policies: [...new Set(why.map(({ chosen }) => chosen.policy))],
    ms: Math.round(milliseconds * 100) / 100,
    steps: roundedSteps(steps),
  }
}

/** Times a step of the turn that is running, as metric, span and part of its line. */
async function timed<Result>(
  step: Step,
  meter: Meter,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const started = performance.now()
  const span = tracer.startSpan(step)
  try {
    return await work()
  } finally {
    const milliseconds = performance.now() - started
    addStep(step, milliseconds)
    meter.time('tabula_step_seconds', milliseconds / 1000, { step })
    span.end()
  }
}

export function observeInbox(inbox: Inbox, meter: Meter): Inbox {
  return {
    take: sender => timed('wait', meter, () => inbox.take(sender)),
    close: grace => inbox.close(grace),
  }
}

/**
 * The store with its reads and saves of conversations watched; everything else goes straight through. What a turn's steps
 * took until it is saved is kept with its reasons.
 */
export function observeStore(store: TrackerStore, meter: Meter): TrackerStore {
  const watched: Pick<TrackerStore, 'load' | 'append'> = {
    load: (...args) => timed('load', meter, () => store.load(...args)),
    append(...args) {
      const [sender, expected, events, why, handled] = args
      const report = currentReport()
      if (report === undefined) return timed('save', meter, () => store.append(...args))
      Object.assign(report, { events, why })
      const [first, ...rest] = why
      const kept =
        first === undefined ? why : [{ ...first, milliseconds: roundedSteps(report.steps) }, ...rest]
      return timed('save', meter, () => store.append(sender, expected, events, kept, handled))
    },
  }
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(name in watched ? watched : target, name)
      return typeof value === 'function' ? (value.bind(name in watched ? watched : target) as unknown) : value
    },
  })
}

/** The dialogue with its own work timed: from one effect to the next, not while one is performed. */
export function observeDialogue(engine: DialogueEngine, meter: Meter): DialogueEngine {
  return {
    ...engine,
    handleMessage: (...args) => timedDialogue(engine.handleMessage(...args), meter),
    triggerIntent: (...args) => timedDialogue(engine.triggerIntent(...args), meter),
    fireReminder: (...args) => timedDialogue(engine.fireReminder(...args), meter),
  }
}

function* timedDialogue<Result>(turn: Effectful<Result>, meter: Meter): Effectful<Result> {
  let milliseconds = 0
  let result: EffectResult
  try {
    for (;;) {
      const started = performance.now()
      const step = turn.next(result)
      milliseconds += performance.now() - started
      if (step.done === true) return step.value
      result = yield step.value
    }
  } finally {
    turn.return(undefined as never)
    addStep('dialogue', milliseconds)
    meter.time('tabula_step_seconds', milliseconds / 1000, { step: 'dialogue' })
  }
}

export function observeActions(runner: ActionRunner, meter: Meter): ActionRunner {
  return {
    async run(call, options) {
      const started = performance.now()
      const outcome = await timed('action', meter, () => runner.run(call, options))
      meter.count('tabula_action_calls_total', { action: call.next_action, outcome: outcome.kind })
      meter.time('tabula_action_seconds', (performance.now() - started) / 1000, { action: call.next_action })
      return outcome
    },
  }
}

/** The model with its understanding timed; a parse that answers at once stays one that does. */
export function observeUnderstanding(model: ServedModel, meter: Meter): ServedModel {
  const { pipeline } = model
  if (pipeline === null) return model
  return {
    ...model,
    pipeline: {
      parse(text) {
        const started = performance.now()
        const done = (): void => {
          const milliseconds = performance.now() - started
          addStep('parse', milliseconds)
          meter.time('tabula_step_seconds', milliseconds / 1000, { step: 'parse' })
        }
        const parsed = pipeline.parse(text)
        if (!(parsed instanceof Promise)) {
          done()
          return parsed
        }
        return parsed.finally(done)
      },
    },
  }
}

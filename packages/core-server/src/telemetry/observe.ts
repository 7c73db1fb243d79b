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
        const understood = understoodIn(report)
        const intent = understood?.name ?? null
        if (intent !== null) meter.count('tabula_intents_total', { intent })
        if (span.isRecording()) {
          span.setAttributes({ 'tabula.outcome': outcome, 'tabula.intent': intent ?? '' })
        }
        span.end()
        if (log.writes('info')) {
          log.info({ code: 'turn', ...lineOf(message, report, understood, milliseconds, outcome) }, 'A turn.')
        }
      }
    })
}

/** One line a turn: who, what was understood, what was done and why, and how long each step took. */
function lineOf(
  { senderId: sender, inputChannel: channel }: UserMessage,
  { steps, events, why }: TurnReport,
  understood: ReturnType<typeof understoodIn>,
  milliseconds: number,
  outcome: string,
) {
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

function understoodIn({ events }: TurnReport) {
  return events.find(event => event.event === 'user')?.parse_data.intent
}

/** Times a step of the turn that is running, as metric, span and part of its line. */
async function timed<Result>(step: Step, meter: Meter, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now()
  const span = tracer.startSpan(step)
  try {
    return await work()
  } finally {
    record(step, performance.now() - started, meter)
    span.end()
  }
}

/** A step as part of the line of the turn that is running, and as metric. */
function record(step: Step, milliseconds: number, meter: Meter): void {
  addStep(step, milliseconds)
  meter.time('tabula_step_seconds', milliseconds / 1000, LABELS[step])
}

const LABELS: Readonly<Record<Step, { readonly step: Step }>> = {
  wait: { step: 'wait' },
  load: { step: 'load' },
  parse: { step: 'parse' },
  dialogue: { step: 'dialogue' },
  action: { step: 'action' },
  save: { step: 'save' },
}

export function observeInbox(inbox: Inbox, meter: Meter): Inbox {
  return {
    admit() {
      inbox.admit()
    },
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
      report.events = events
      report.why = why
      const [first, ...rest] = why
      const kept =
        first === undefined ? why : [{ ...first, milliseconds: roundedSteps(report.steps) }, ...rest]
      return timed('save', meter, () => store.append(sender, expected, events, kept, handled))
    },
  }
  const bound = new Map<string | symbol, unknown>()
  return new Proxy(store, {
    get(target, name) {
      const known = bound.get(name)
      if (known !== undefined) return known
      const owner = name in watched ? watched : target
      const value: unknown = Reflect.get(owner, name)
      if (typeof value !== 'function') return value
      const method: unknown = value.bind(owner)
      bound.set(name, method)
      return method
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
    record('dialogue', milliseconds, meter)
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
          record('parse', performance.now() - started, meter)
        }
        const parsed = pipeline.parse(text)
        if (parsed instanceof Promise) return parsed.finally(done)
        done()
        return parsed
      },
    },
  }
}

// What the server counts and times, for Prometheus: every name in one table, so that a dashboard can be held against it.

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { CounterTally, HistogramTally } from './tally.ts'
import type { Labels } from './tally.ts'

/** Name to what it says, its kind and its labels. */
export const METRICS = {
  tabula_turns_total: {
    kind: 'counter',
    help: 'Turns by channel and how they ended',
    labels: ['channel', 'outcome'],
  },
  tabula_turn_seconds: {
    kind: 'histogram',
    help: 'A whole turn, from acceptance to the last answer',
    labels: [],
  },
  tabula_step_seconds: {
    kind: 'histogram',
    help: 'A step of a turn: wait (for the turns before it), load, parse, dialogue, action, save',
    labels: ['step'],
  },
  tabula_action_calls_total: {
    kind: 'counter',
    help: 'Calls of custom actions by how they ended',
    labels: ['action', 'outcome'],
  },
  tabula_action_seconds: { kind: 'histogram', help: 'A call of a custom action', labels: ['action'] },
  tabula_turns_open: { kind: 'gauge', help: 'Turns that wait or are under way', labels: [] },
  tabula_http_requests_total: {
    kind: 'counter',
    help: 'Requests by method and status',
    labels: ['method', 'status'],
  },
  tabula_http_seconds: { kind: 'histogram', help: 'A request to its answer', labels: ['method'] },
  tabula_errors_total: {
    kind: 'counter',
    help: 'Refusals and failures by their code: limits, conflicts, faults',
    labels: ['code'],
  },
  tabula_intents_total: {
    kind: 'counter',
    help: 'Messages by intent; nlu_fallback are those not understood',
    labels: ['intent'],
  },
  tabula_model_swaps_total: { kind: 'counter', help: 'Changes of the models that answer', labels: [] },
  tabula_canary_share: {
    kind: 'gauge',
    help: 'Part of the senders that a canary answers; 0 without one',
    labels: [],
  },
  tabula_model_loaded: { kind: 'gauge', help: '1 while a model is live', labels: [] },
  tabula_broker_failures: { kind: 'gauge', help: 'Failures in a row of an event broker', labels: ['broker'] },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly kind: 'counter' | 'histogram' | 'gauge'
      readonly help: string
      readonly labels: readonly string[]
    }
  >
>

export type MetricName = keyof typeof METRICS
type Of<Kind extends string> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never
}[MetricName]

export interface Meter {
  count(name: Of<'counter'>, labels?: Labels): void
  /** Seconds. */
  time(name: Of<'histogram'>, seconds: number, labels?: Labels): void
  /** Reads the values whenever somebody asks. */
  watch(name: Of<'gauge'>, read: () => readonly { readonly value: number; readonly labels?: Labels }[]): void
  /** Prometheus' text and its content type. */
  show(): Promise<{ readonly text: string; readonly type: string }>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const NO_LABELS: Labels = {}

/** A meter of its own; with `defaults` also the process's memory, loop delay and so on. */
export function createMeter(options: { readonly defaults: boolean }): Meter {
  const registry = new Registry()
  if (options.defaults) collectDefaultMetrics({ register: registry })
  const counters = new Map<string, CounterTally>()
  const histograms = new Map<string, HistogramTally>()
  const gauges = new Map<string, Gauge>()
  const watched: (() => void)[] = []
  for (const [name, { kind, help, labels }] of Object.entries(METRICS)) {
    if (kind === 'counter') counters.set(name, new CounterTally({ name, help, labels }))
    else if (kind === 'histogram') histograms.set(name, new HistogramTally({ name, help, labels }, SECONDS))
    else gauges.set(name, new Gauge({ name, help, labelNames: [...labels], registers: [registry] }))
  }
  return {
    count(name, labels = NO_LABELS) {
      counters.get(name)?.add(labels)
    },
    time(name, seconds, labels = NO_LABELS) {
      histograms.get(name)?.add(labels, seconds)
    },
    watch(name, read) {
      watched.push(() => {
        const gauge = gauges.get(name)
        gauge?.reset()
        for (const { value, labels = {} } of read()) gauge?.set(labels, value)
      })
    },
    async show() {
      for (const read of watched) read()
      const tallies = [...counters.values(), ...histograms.values()].flatMap(tally => ['', ...tally.show()])
      return { text: `${await registry.metrics()}${tallies.join('\n')}\n`, type: registry.contentType }
    },
  }
}

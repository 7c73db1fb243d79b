// The figures of GET /metrics, in Prometheus' text format.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { ActionGate } from './action-gate.ts'

export type CallEnd = 'done' | 'rejected' | 'failed' | 'unknown' | 'invalid' | 'busy'

export class ActionMetrics {
  readonly contentType: string
  readonly #registry = new Registry()
  readonly #calls: Counter
  readonly #seconds: Histogram
  /** Looking a figure up by its labels costs more than counting. */
  readonly #known = new Map<string, Figures>()

  constructor(gate: ActionGate) {
    const registers = [this.#registry]
    this.contentType = this.#registry.contentType
    collectDefaultMetrics({ register: this.#registry })
    this.#calls = new Counter({
      name: 'tabula_action_calls_total',
      help: 'Calls by action and by how they ended.',
      labelNames: ['action', 'end'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'tabula_action_seconds',
      help: 'Seconds from a call to its answer, waiting included.',
      labelNames: ['action'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
      registers,
    })
    addGauge('tabula_actions_running', 'Actions that are running.', () => gate.running, registers)
    addGauge('tabula_actions_waiting', 'Calls that wait for their turn.', () => gate.waiting, registers)
  }

  /** `action` is empty for calls that name none that there is, so that callers cannot make up labels. */
  count(action: string, end: CallEnd, milliseconds: number): void {
    const name = `${end} ${action}`
    let figures = this.#known.get(name)
    if (figures === undefined) {
      figures = { calls: this.#calls.labels({ action, end }), seconds: this.#seconds.labels({ action }) }
      this.#known.set(name, figures)
    }
    figures.calls.inc()
    figures.seconds.observe(milliseconds / 1000)
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }
}

interface Figures {
  readonly calls: Counter.Internal
  readonly seconds: Histogram.Internal<string>
}

function addGauge(name: string, help: string, read: () => number, registers: Registry[]): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read())
    },
  })
}

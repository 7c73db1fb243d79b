// What is known of one turn while it runs: the steps that it took, and what was stored. It follows the turn through the
// awaits, so that the rooms it passes need not hand it on.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { ActionReason } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'

export type Step = 'wait' | 'load' | 'parse' | 'dialogue' | 'action' | 'save'

export interface TurnReport {
  /** Milliseconds by step, added up. */
  readonly steps: Partial<Record<Step, number>>
  events: readonly LoggedEvent[]
  why: readonly ActionReason[]
}

const reports = new AsyncLocalStorage<TurnReport>()

/** Runs the turn with a report of its own. */
export function withReport<Result>(report: TurnReport, turn: () => Promise<Result>): Promise<Result> {
  return reports.run(report, turn)
}

export function currentReport(): TurnReport | undefined {
  return reports.getStore()
}

/** Milliseconds by step as people read them: hundredths are enough. */
export function roundedSteps(steps: TurnReport['steps']): Readonly<Record<string, number>> {
  const rounded: Record<string, number> = {}
  for (const [step, value] of Object.entries(steps)) rounded[step] = Math.round(value * 100) / 100
  return rounded
}

/** Adds a step's time to the turn that is running, if one is. */
export function addStep(step: Step, milliseconds: number): void {
  const report = currentReport()
  if (report !== undefined) report.steps[step] = (report.steps[step] ?? 0) + milliseconds
}

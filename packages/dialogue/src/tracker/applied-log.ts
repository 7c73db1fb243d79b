// The events that count now (Rasa's applied_events), kept up to date event by event, with the fold after each.
// Undone turns and repeated loop executions are taken off the end, so an event costs the same early and late.

import type { LoggedEvent } from '@tabula/protocol'
import { type Fold, foldEvent, initialFold } from './fold.ts'
import type { Domain } from '../domain/domain.ts'

/** The conversation before one of its actions: what a policy saw when it predicted the action. */
export interface Prior {
  readonly fold: Fold
  readonly hideRuleTurn: boolean
  /** Place of the action among the applied events. */
  readonly index: number
}

/** Events that were taken off the end, with the length that was left. */
interface Removal {
  readonly length: number
  readonly events: readonly LoggedEvent[]
  readonly folds: readonly Fold[]
  readonly priors: readonly Prior[]
}

export interface LogMark {
  readonly length: number
  readonly removals: number
  readonly loops: Set<string>
  readonly executions: Map<string, number>
}

export class AppliedLog {
  readonly #domain: Domain
  readonly #events: LoggedEvent[] = []
  readonly #folds: Fold[] = []
  readonly #priors: Prior[] = []
  /** What was taken off the end since the first mark; null where nobody will ask for it. */
  #removed: Removal[] | null = null
  #loops = new Set<string>()
  #executions = new Map<string, number>()

  constructor(domain: Domain) {
    this.#domain = domain
  }

  /** Where the log stands. Until it is retracted to, what is taken off the end is kept, so that it can be put back. */
  mark(): LogMark {
    this.#removed ??= []
    return {
      length: this.#events.length,
      removals: this.#removed.length,
      loops: new Set(this.#loops),
      executions: new Map(this.#executions),
    }
  }

  /** Makes the log what it was at the mark, at the cost of what changed since. */
  retract({ length, removals, loops, executions }: LogMark): void {
    const removed = this.#removed ?? []
    // Nothing that is put back is to be kept again.
    this.#removed = null
    while (removed.length > removals) {
      const last = removed.pop()
      if (last === undefined) break
      this.#truncate(last.length)
      this.#events.push(...last.events)
      this.#folds.push(...last.folds)
      this.#priors.push(...last.priors)
    }
    this.#truncate(length)
    this.#loops = loops
    this.#executions = executions
    this.#removed = removals === 0 ? null : removed
  }

  get events(): readonly LoggedEvent[] {
    return this.#events
  }

  /** One a applied action, oldest first. */
  get priors(): readonly Prior[] {
    return this.#priors
  }

  /** What the applied events add up to. */
  get fold(): Fold {
    return this.#folds.at(-1) ?? initialFold(this.#domain)
  }

  /** Takes the next event; `all` are all events of the conversation up to and with it. False where more changed than its end. */
  push(event: LoggedEvent, all: readonly LoggedEvent[]): boolean {
    if (event.event === 'action' && event.name !== null)
      this.#executions.set(event.name, (this.#executions.get(event.name) ?? 0) + 1)
    if (event.event === 'active_loop' && event.name !== null && !this.#loops.has(event.name)) {
      this.#loops.add(event.name)
      // Executions before the name was known as a loop's count as the loop's from now on.
      if ((this.#executions.get(event.name) ?? 0) > 1) {
        this.#truncate(0)
        for (const earlier of all) this.#take(earlier)
        return false
      }
    }
    return this.#take(event)
  }

  /** Whether the event was put behind those that count, and nothing else. */
  #take(event: LoggedEvent): boolean {
    if (event.event === 'restart' || event.event === 'session_started') this.#truncate(0)
    else if (event.event === 'undo') this.#undoTill('action')
    else if (event.event === 'rewind') {
      this.#undoTill('user')
      this.#undoTill('action')
    } else if (event.event === 'action' && event.name !== null && this.#repeatsLoop(event.name))
      this.#undoTillLoop(event.name)
    else {
      this.#append(event)
      return true
    }
    return false
  }

  #append(event: LoggedEvent): void {
    const { fold } = this
    if (event.event === 'action')
      this.#priors.push({ fold, hideRuleTurn: event.hide_rule_turn, index: this.#events.length })
    this.#events.push(event)
    this.#folds.push(foldEvent(fold, event, this.#domain))
  }

  #truncate(length: number): void {
    let priors = this.#priors.length
    while ((this.#priors[priors - 1]?.index ?? -1) >= length) priors -= 1
    if (this.#removed !== null && this.#events.length > length)
      this.#removed.push({
        length,
        events: this.#events.slice(length),
        folds: this.#folds.slice(length),
        priors: this.#priors.slice(priors),
      })
    this.#events.length = length
    this.#folds.length = length
    this.#priors.length = priors
  }

  #undoTill(kind: 'action' | 'user'): void {
    let end = this.#events.length - 1
    while (end > 0 && this.#events[end]?.event !== kind) end -= 1
    this.#truncate(Math.max(0, end))
  }

  /** Whether the loop ran before, and nothing since then was a detour from it. */
  #repeatsLoop(loop: string): boolean {
    if (!this.#loops.has(loop)) return false
    let next: string | null = null
    for (let index = this.#events.length - 1; index >= 0; index -= 1) {
      const event = this.#events[index]
      if (event === undefined) break
      if (event.event === 'active_loop' && event.name === null) return false
      if (event.event === 'action_execution_rejected' && event.name === loop) return false
      if (event.event === 'user' && next !== null && next !== loop) return false
      if (event.event === 'action') {
        if (event.name === loop) return true
        next = event.name
      }
    }
    return false
  }

  /** Takes actions and messages since the loop's last execution away; slots, answers and the like stay. */
  #undoTillLoop(loop: string): void {
    let start = this.#events.length - 1
    while (start >= 0) {
      const event = this.#events[start]
      if (event?.event === 'action' && event.name === loop) break
      start -= 1
    }
    const since = this.#events.slice(start + 1)
    this.#truncate(start + 1)
    for (const event of since)
      if (event.event !== 'action' && event.event !== 'user' && event.event !== 'user_featurization')
        this.#append(event)
  }
}

// Folded trackers of recent senders, so that a turn does not read and fold the history again. A turn takes its tracker
// out while it changes it: nobody else sees half a turn, and a turn that fails leaves nothing behind.

import type { Domain, Tracker } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'
import type { Revision, StoredEvents, TrackerStore } from './tracker-store.ts'

export interface FoldedTracker {
  readonly tracker: Tracker
  readonly revision: Revision
  /** Messages of the conversation that were accepted before and still wait. */
  readonly waiting?: number
}

export interface CacheBounds {
  readonly cachedTrackers: number
  readonly cachedEvents: number
}

/** Makes the tracker that these events add up to. */
export type Fold = (sender: string, domain: Domain, events: Iterable<LoggedEvent>) => Tracker

export class TrackerCache {
  readonly #store: TrackerStore
  readonly #fold: Fold
  readonly #bounds: CacheBounds
  /** Least recently used first. */
  readonly #folded = new Map<string, FoldedTracker & { readonly size: number }>()
  #events = 0

  constructor(store: TrackerStore, fold: Fold, bounds: CacheBounds) {
    this.#store = store
    this.#fold = fold
    this.#bounds = bounds
  }

  /** The conversation as the store holds it now, for the caller alone to change; `put` gives it back. */
  async takeOut(sender: string, domain: Domain): Promise<FoldedTracker> {
    const kept = this.#folded.get(sender)
    if (kept !== undefined) this.#remove(sender, kept.size)
    const usable = kept?.tracker.domain === domain ? kept : undefined
    const stored = await this.#store.load(sender, usable?.revision)
    if (stored.from === 'start' || usable === undefined) {
      return {
        tracker: this.#fold(sender, domain, stored.events),
        revision: stored.revision,
        waiting: stored.waiting,
      }
    }
    return behind(usable, stored)
  }

  /** The same conversation as the store holds it by now: for a tracker that was taken out before it could be held. */
  async catchUp(sender: string, domain: Domain, known: FoldedTracker): Promise<FoldedTracker> {
    const usable = known.tracker.domain === domain
    const stored = await this.#store.load(sender, usable ? known.revision : undefined)
    if (stored.from === 'known' && usable) return behind(known, stored)
    return {
      tracker: this.#fold(sender, domain, stored.events),
      revision: stored.revision,
      waiting: stored.waiting,
    }
  }

  /** The conversation as the store holds it now, to look at before the next await; a turn under way is not in it. */
  async look(sender: string, domain: Domain): Promise<FoldedTracker> {
    const kept = this.#folded.get(sender)
    const stored = await this.#store.load(sender, kept?.revision)
    // A turn may have taken the kept tracker out while the store was asked.
    if (stored.from === 'known' && kept !== undefined && this.#folded.get(sender) === kept) {
      if (stored.events.length === 0 && kept.tracker.domain === domain) {
        kept.tracker.settle()
        return kept
      }
    }
    const whole = stored.from === 'start' ? stored : await this.#store.load(sender)
    return { tracker: this.#fold(sender, domain, whole.events), revision: whole.revision }
  }

  put(sender: string, folded: FoldedTracker): void {
    const size = folded.tracker.events.length
    const before = this.#folded.get(sender)
    if (before !== undefined) this.#remove(sender, before.size)
    if (size > this.#bounds.cachedEvents) return
    this.#folded.set(sender, { ...folded, size })
    this.#events += size
    for (const [oldest, { size: freed }] of this.#folded) {
      if (this.#folded.size <= this.#bounds.cachedTrackers && this.#events <= this.#bounds.cachedEvents) break
      this.#remove(oldest, freed)
    }
  }

  /** Keeps nothing of the sender. */
  forget(sender: string): void {
    const kept = this.#folded.get(sender)
    if (kept !== undefined) this.#remove(sender, kept.size)
  }

  clear(): void {
    this.#folded.clear()
    this.#events = 0
  }

  #remove(sender: string, size: number): void {
    this.#folded.delete(sender)
    this.#events -= size
  }
}

/** The tracker with what came behind it applied. */
function behind({ tracker }: FoldedTracker, { events, revision, waiting }: StoredEvents): FoldedTracker {
  for (const event of events) tracker.apply(event)
  tracker.settle()
  return { tracker, revision, waiting }
}

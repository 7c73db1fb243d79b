// Folded trackers of recent senders, so that a turn does not read and fold the history again. A turn takes its tracker
// out while it changes it: nobody else sees half a turn, and a turn that fails leaves nothing behind.

import type { Domain, Tracker } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'
import { contentOf } from './event-content.ts'
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
  /** Characters of what is said in all of them. */
  readonly cachedBytes: number
}

/** What a tracker takes of these bounds. */
interface Size {
  readonly events: number
  readonly bytes: number
}

/** Makes the tracker that these events add up to. */
export type Fold = (sender: string, domain: Domain, events: Iterable<LoggedEvent>) => Tracker

export class TrackerCache {
  readonly #store: TrackerStore
  readonly #fold: Fold
  readonly #bounds: CacheBounds
  /** Least recently used first. */
  readonly #folded = new Map<string, FoldedTracker & { readonly size: Size }>()
  /** Of senders whose tracker a failed turn has spoilt, where their conversation was; the store may have forgotten it. */
  readonly #spoilt = new Map<string, Revision>()
  /** Sizes of trackers that were kept before: only what came since is counted. */
  readonly #sizes = new WeakMap<Tracker, Size>()
  #events = 0
  #bytes = 0

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
    const spoilt = this.#spoilt.get(sender)
    this.#spoilt.delete(sender)
    let stored = await this.#store.load(sender, usable?.revision ?? spoilt)
    if (usable === undefined && stored.from === 'known') stored = await this.#store.load(sender)
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
    const size = this.#sizeOf(folded.tracker)
    const before = this.#folded.get(sender)
    if (before !== undefined) this.#remove(sender, before.size)
    const { cachedTrackers, cachedEvents, cachedBytes } = this.#bounds
    if (size.events > cachedEvents || size.bytes > cachedBytes) return
    this.#folded.set(sender, { ...folded, size })
    this.#events += size.events
    this.#bytes += size.bytes
    for (const [oldest, { size: freed }] of this.#folded) {
      const isWithin = this.#events <= cachedEvents && this.#bytes <= cachedBytes
      if (isWithin && this.#folded.size <= cachedTrackers) break
      this.#remove(oldest, freed)
    }
  }

  /** Keeps no more of the sender than where the conversation was: a turn has failed on its tracker. */
  spoil(sender: string, revision: Revision): void {
    this.#spoilt.delete(sender)
    this.#spoilt.set(sender, revision)
    const [oldest] = this.#spoilt.keys()
    if (this.#spoilt.size > this.#bounds.cachedTrackers && oldest !== undefined) this.#spoilt.delete(oldest)
  }

  /** Keeps nothing of the sender. */
  forget(sender: string): void {
    this.#spoilt.delete(sender)
    const kept = this.#folded.get(sender)
    if (kept !== undefined) this.#remove(sender, kept.size)
  }

  clear(): void {
    this.#folded.clear()
    this.#spoilt.clear()
    this.#events = 0
    this.#bytes = 0
  }

  #sizeOf(tracker: Tracker): Size {
    const known = this.#sizes.get(tracker) ?? { events: 0, bytes: 0 }
    let { bytes } = known
    for (const event of tracker.events.slice(known.events)) bytes += contentOf(event)
    const size = { events: tracker.events.length, bytes }
    this.#sizes.set(tracker, size)
    return size
  }

  #remove(sender: string, { events, bytes }: Size): void {
    this.#folded.delete(sender)
    this.#events -= events
    this.#bytes -= bytes
  }
}

/** The tracker with what came behind it applied. */
function behind({ tracker }: FoldedTracker, { events, revision, waiting }: StoredEvents): FoldedTracker {
  for (const event of events) tracker.apply(event)
  tracker.settle()
  return { tracker, revision, waiting }
}

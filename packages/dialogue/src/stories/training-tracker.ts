// A conversation of the training data: its events with their places, and the state before each action.

import type { ActiveLoopState, LoggedEvent, SourcePosition, UserUttered } from '@tabula/protocol'
import type { Domain } from '../domain/domain.ts'
import { type Fold, foldEvent, initialFold } from '../tracker/fold.ts'
import { StateHistory } from '../tracker/state-history.ts'
import type { State } from '../tracker/state.ts'
import { Tracker } from '../tracker/tracker.ts'
import type { PlacedEvent, StoryPart } from './story-part.ts'

export interface TrainingEvent extends PlacedEvent {
  /** The first action of a story that starts without a message: nothing says why the bot does it. */
  readonly isUnpredictable: boolean
}

/** The names of the stories that a training conversation is made of, joined as Rasa does. */
const JOIN = ' > '

export class TrainingTracker {
  readonly domain: Domain
  /** Of the story, or of several that checkpoints or augmentation joined: `one > other`. */
  readonly name: string
  /** Of the latest story of the name. */
  readonly position: SourcePosition
  readonly isRule: boolean
  readonly isAugmented: boolean
  readonly #events: TrainingEvent[]
  readonly #states: State[]
  #fold: Fold

  private constructor(
    from: Pick<TrainingTracker, 'domain' | 'name' | 'position' | 'isRule' | 'isAugmented'>,
    past: { events: TrainingEvent[]; states: State[]; fold: Fold },
  ) {
    this.domain = from.domain
    this.name = from.name
    this.position = from.position
    this.isRule = from.isRule
    this.isAugmented = from.isAugmented
    this.#events = past.events
    this.#states = past.states
    this.#fold = past.fold
  }

  static empty(domain: Domain, isRule: boolean): TrainingTracker {
    return new TrainingTracker(
      { domain, name: '', position: { file: '', line: 1, column: 1 }, isRule, isAugmented: false },
      { events: [], states: [], fold: initialFold(domain) },
    )
  }

  /** A copy that goes on into a part of a story. */
  enter(part: StoryPart): TrainingTracker {
    const isKnown = this.name.split(JOIN).includes(part.name)
    const name = this.name === '' ? part.name : isKnown ? this.name : `${this.name}${JOIN}${part.name}`
    return this.#copy({ ...this.#identity(), name, position: part.position })
  }

  /** A copy without its last listen, for another story to be glued on; what grows from it counts as augmented. */
  reopened(): TrainingTracker {
    const copy = this.#copy({ ...this.#identity(), isAugmented: true })
    const last = copy.#events.pop()
    if (last?.event.event === 'action') copy.#states.pop()
    copy.#fold = initialFold(this.domain)
    for (const { event } of copy.#events) copy.#fold = foldEvent(copy.#fold, event, this.domain)
    return copy
  }

  append(event: TrainingEvent): void {
    if (event.event.event === 'action') this.#states.push(stateAt(this.#fold, this.domain))
    if (event.event.event === 'restart') this.#states.length = 0
    this.#events.push(event)
    this.#fold = foldEvent(this.#fold, event.event, this.domain)
  }

  get events(): readonly TrainingEvent[] {
    return this.#events
  }

  /** The state before each action, and the one at the end. Unlike a tracker's, repeated runs of a loop stay in it. */
  states(): State[] {
    return [...this.#states, stateAt(this.#fold, this.domain)]
  }

  slot(name: string): unknown {
    return this.#fold.slots.get(name) ?? null
  }

  /** Name (or end-to-end text) of the latest action, null at the beginning. */
  get latestActionName(): string | null {
    return this.#fold.latestAction.action_name ?? this.#fold.latestAction.action_text ?? null
  }

  get latestMessage(): UserUttered | null {
    return this.#fold.latestMessage?.event ?? null
  }

  get activeLoop(): ActiveLoopState | null {
    return this.#fold.activeLoop
  }

  /** The events that count, with their places: repeated runs of a loop folded away. */
  appliedEvents(): TrainingEvent[] {
    const places = new Map<LoggedEvent, TrainingEvent>(this.#events.map(event => [event.event, event]))
    return this.#replay()
      .appliedEvents()
      .flatMap(event => places.get(event) ?? [])
  }

  /** The states over the applied events without what slots are at the beginning: what rules are made of. */
  statesOfSetSlots(): State[] {
    return [...this.#replay().states(SET_SLOTS)]
  }

  #replay(): Tracker {
    return Tracker.fromEvents(
      this.name,
      this.domain,
      this.#events.map(({ event }) => event),
    )
  }

  #identity(): Pick<TrainingTracker, 'domain' | 'name' | 'position' | 'isRule' | 'isAugmented'> {
    const { domain, name, position, isRule, isAugmented } = this
    return { domain, name, position, isRule, isAugmented }
  }

  #copy(identity: Pick<TrainingTracker, 'domain' | 'name' | 'position' | 'isRule' | 'isAugmented'>) {
    return new TrainingTracker(identity, {
      events: [...this.#events],
      states: [...this.#states],
      fold: this.#fold,
    })
  }
}

const SET_SLOTS = { omitUnsetSlots: true } as const

const states = new WeakMap<Fold, State>()

function stateAt(fold: Fold, domain: Domain): State {
  const known = states.get(fold)
  if (known !== undefined) return known
  const [state = {}] = new StateHistory(domain, {}).follow([], fold)
  states.set(fold, state)
  return state
}

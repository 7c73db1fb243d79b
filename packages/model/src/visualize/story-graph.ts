// Stories and rules as one graph for people: actions are nodes, what the user says leads from one to the next.

import { type Domain, generateTrackers, type StoryData, type TrainingTracker } from '@tabula/dialogue'
import type { JsonValue, SourcePosition } from '@tabula/protocol'

export interface GraphNode {
  readonly id: number
  /** Name of the action, or the words of an end-to-end answer; '' for the beginning. */
  readonly action: string
  readonly kind: 'start' | 'response' | 'form' | 'action'
  /** Steps from the beginning. */
  readonly depth: number
  /** Slots and forms that are set right after it, as they are written. */
  readonly sets: readonly string[]
  readonly places: readonly StoryPlace[]
}

export interface GraphEdge {
  readonly from: number
  readonly to: number
  /** What the user says, with entities; '' where the bot goes on by itself. */
  readonly label: string
  readonly places: readonly StoryPlace[]
}

/** Where a part of the graph is written. */
export interface StoryPlace {
  readonly story: string
  readonly kind: 'story' | 'rule'
  readonly position: SourcePosition
}

export interface StoryGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
}

/** Nodes are one where their last `maxHistory` steps are the same, as in Rasa's picture. */
export function storyGraph(stories: readonly StoryData[], domain: Domain, maxHistory: number): StoryGraph {
  const { trackers } = generateTrackers(stories, domain, { augmentation: 0, seed: 42 })
  const builder = new GraphBuilder(domain, Math.max(1, maxHistory))
  for (const tracker of trackers) builder.add(tracker)
  return builder.graph()
}

const NOT_SHOWN = new Set(['action_listen', '...'])

interface DraftNode extends Omit<GraphNode, 'sets' | 'places'> {
  readonly sets: Set<string>
  readonly places: Map<string, StoryPlace>
}

class GraphBuilder {
  readonly #domain: Domain
  readonly #maxHistory: number
  readonly #nodes = new Map<string, DraftNode>()
  readonly #edges = new Map<
    string,
    Omit<GraphEdge, 'places'> & { readonly places: Map<string, StoryPlace> }
  >()

  constructor(domain: Domain, maxHistory: number) {
    this.#domain = domain
    this.#maxHistory = maxHistory
    this.#node([], 'start', 0)
  }

  add(tracker: TrainingTracker): void {
    let node = this.#node([], 'start', 0)
    let said = ''
    const steps: string[] = []
    for (const { event, position } of tracker.events) {
      const place: StoryPlace = { story: tracker.name, kind: tracker.isRule ? 'rule' : 'story', position }
      if (event.event === 'user')
        said = messageOf(event.parse_data.intent.name ?? null, event.text, event.parse_data.entities)
      if (event.event === 'slot') node.sets.add(`${event.name} = ${shortly(event.value)}`)
      if (event.event === 'active_loop') node.sets.add(`form: ${event.name ?? 'none'}`)
      if (event.event !== 'action') continue
      const action = event.name ?? event.action_text ?? ''
      if (NOT_SHOWN.has(action)) continue
      steps.push(`${said}\n${action}`)
      const next = this.#node(steps.slice(-this.#maxHistory), action, node.depth + 1)
      keep(next.places, place)
      this.#edge(node, next, said, place)
      node = next
      said = ''
    }
  }

  graph(): StoryGraph {
    return {
      nodes: [...this.#nodes.values()].map(({ sets, places, ...node }) => ({
        ...node,
        sets: [...sets],
        places: [...places.values()],
      })),
      edges: [...this.#edges.values()].map(({ places, ...edge }) => ({
        ...edge,
        places: [...places.values()],
      })),
    }
  }

  #node(steps: readonly string[], action: string, depth: number): DraftNode {
    const key = JSON.stringify(steps)
    const known = this.#nodes.get(key)
    if (known !== undefined) return known
    const kind = steps.length === 0 ? 'start' : this.#kindOf(action)
    const node: DraftNode = {
      id: this.#nodes.size,
      action: kind === 'start' ? '' : action,
      kind,
      depth,
      sets: new Set(),
      places: new Map(),
    }
    this.#nodes.set(key, node)
    return node
  }

  #kindOf(action: string): GraphNode['kind'] {
    if (this.#domain.forms.has(action)) return 'form'
    return action.startsWith('utter_') || this.#domain.endToEndActions.includes(action)
      ? 'response'
      : 'action'
  }

  #edge(from: DraftNode, to: DraftNode, label: string, place: StoryPlace): void {
    const key = `${from.id} ${to.id} ${label}`
    const edge = this.#edges.get(key) ?? {
      from: from.id,
      to: to.id,
      label,
      places: new Map<string, StoryPlace>(),
    }
    this.#edges.set(key, edge)
    keep(edge.places, place)
  }
}

function keep(places: Map<string, StoryPlace>, place: StoryPlace): void {
  const { file, line } = place.position
  places.set(`${place.story} ${file}:${line}`, place)
}

function messageOf(
  intent: string | null,
  text: string | null,
  entities: readonly { readonly entity: string; readonly value: JsonValue }[],
): string {
  const listed = entities
    .map(({ entity, value }) => (value === '' ? entity : `${entity}: ${shortly(value)}`))
    .join(', ')
  return `${intent ?? `"${text ?? ''}"`}${listed === '' ? '' : ` {${listed}}`}`
}

function shortly(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 30 ? `${text.slice(0, 29)}…` : text
}

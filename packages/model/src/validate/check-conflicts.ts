// Places where the same conversation goes on in two ways: what the bot should do there cannot be learned.

import { type Domain, generateTrackers, type StoryData, type TrainingTracker } from '@tabula/dialogue'
import type { SourcePosition } from '@tabula/protocol'
import type { Finding } from './finding.ts'

interface Way {
  readonly action: string
  readonly story: string
  readonly position: SourcePosition
}

/** Rules are compared by RulePolicy when it is trained; here it is stories with stories, by the shortest clash of each kind. */
export function checkConflicts(
  stories: readonly StoryData[],
  domain: Domain,
  maxHistory: number | null,
): Finding[] {
  const told = stories.filter(({ kind }) => kind === 'story')
  const { trackers, problems } = generateTrackers(told, domain, { augmentation: 0, seed: 42 })
  if (problems.some(({ severity }) => severity === 'error')) return []
  const ways = new Map<
    string,
    { readonly length: number; readonly steps: readonly string[]; readonly ways: Way[] }
  >()
  for (const tracker of trackers) collect(tracker, maxHistory, ways)
  const clashes = [...ways.values()].filter(each => new Set(each.ways.map(({ action }) => action)).size > 1)
  return smallest(clashes).map(({ steps, ways: both }): Finding => {
    const distinct = [...new Map(both.map(way => [way.action, way])).values()]
    const [first, ...others] = distinct
    const sides = others.map(
      way => `'${way.action}' in '${way.story}' (${way.position.file}:${way.position.line})`,
    )
    return {
      severity: 'warning',
      code: 'story.conflict',
      message: `After ${steps.join(', ')} comes '${first?.action ?? ''}' in '${first?.story ?? ''}', and ${sides.join(', and ')}.`,
      hint: 'Let the stories differ before it (a slot, another intent, a form), or let both go on in the same way.',
      ...(first === undefined ? {} : { position: first.position }),
    }
  })
}

interface Clash {
  readonly length: number
  readonly steps: readonly string[]
  readonly ways: readonly Way[]
}

/** Of clashes between the same stories over the same actions the shortest. */
function smallest(clashes: readonly Clash[]): Clash[] {
  const best = new Map<string, Clash>()
  for (const clash of clashes.toSorted((a, b) => a.length - b.length)) {
    const key = JSON.stringify(clash.ways.map(({ action, story }) => [action, story]).toSorted())
    if (!best.has(key)) best.set(key, clash)
  }
  return [...best.values()]
}

function collect(
  tracker: TrainingTracker,
  maxHistory: number | null,
  ways: Map<string, { readonly length: number; readonly steps: readonly string[]; readonly ways: Way[] }>,
): void {
  const states = tracker.states()
  const spoken: string[] = []
  let number = 0
  for (const { event, position, isUnpredictable } of tracker.events) {
    if (event.event === 'user')
      spoken.push(`the message '${event.parse_data.intent.name ?? event.text ?? ''}'`)
    if (event.event !== 'action') continue
    const action = event.name ?? event.action_text ?? ''
    const until = states.slice(maxHistory === null ? 0 : Math.max(0, number + 1 - maxHistory), number + 1)
    number += 1
    // Without a message before it nothing says why a conversation begins as it does.
    if (!isUnpredictable && spoken.length > 0) {
      const key = JSON.stringify(until)
      const known = ways.get(key) ?? { length: until.length, steps: spoken.slice(-3), ways: [] }
      ways.set(key, known)
      known.ways.push({ action, story: tracker.name, position })
    }
    if (action !== 'action_listen') spoken.push(`'${action}'`)
  }
}

// A small bot trained from YAML for tests of policies, and conversations with it in short words.

import type { DomainJson, LoggedEvent, Problem } from '@tabula/protocol'
import { ProjectError } from '@tabula/protocol'
import {
  createEnsemble,
  Domain,
  type EnsemblePrediction,
  type Policy,
  type PolicyConfig,
  Tracker,
  trainPolicies,
} from '../src/index.ts'
import { readStories } from './read-stories.ts'

export interface TrainedBot {
  readonly domain: Domain
  readonly policies: readonly Policy[]
  /** What the ensemble makes of a conversation: `> intent` is a message, `slot name=value`, `loop name`, `reject name`, else an action. */
  predict(...lines: readonly string[]): EnsemblePrediction
  predictFor(tracker: Tracker): EnsemblePrediction
  /** The action, its policy's first letter, and the confidence: `utter_greet R 1`. */
  next(...lines: readonly string[]): string
}

export const RULES: readonly PolicyConfig[] = [{ name: 'RulePolicy', options: {} }]
export const MEMORY_AND_RULES: readonly PolicyConfig[] = [
  { name: 'MemoizationPolicy', options: {} },
  ...RULES,
]

export async function trainBot(
  domainJson: DomainJson,
  stories: string,
  configs: readonly PolicyConfig[] = MEMORY_AND_RULES,
): Promise<TrainedBot> {
  const domain = Domain.fromJson(domainJson)
  const policies = await trainPolicies(configs, domain, readStories(stories), { seed: 1, augmentation: 0 })
  const ensemble = createEnsemble(policies, domain)
  const predict = (...lines: readonly string[]): EnsemblePrediction =>
    ensemble.predict(conversation(domain, lines))
  return {
    domain,
    policies,
    predict,
    predictFor: tracker => ensemble.predict(tracker),
    next(...lines) {
      const { actionName, policy, confidence } = predict(...lines)
      return `${actionName} ${policy.charAt(0)} ${confidence}`
    },
  }
}

/** The complaints that training ends with. */
export async function trainingProblems(
  domainJson: DomainJson,
  stories: string,
  configs: readonly PolicyConfig[] = RULES,
): Promise<readonly Problem[]> {
  try {
    await trainBot(domainJson, stories, configs)
    return []
  } catch (error) {
    if (error instanceof ProjectError) return error.problems
    throw error
  }
}

/** The tracker of the lines; a conversation begins with the listen after a session's start. */
export function conversation(domain: Domain, lines: readonly string[]): Tracker {
  const events = lines.flatMap(line => eventsOf(line))
  return Tracker.fromEvents('person', domain, [
    action('action_session_start'),
    { event: 'session_started', timestamp: 0 },
    action('action_listen'),
    ...events,
  ])
}

function eventsOf(line: string): LoggedEvent[] {
  const [word = '', rest = ''] = line.split(/ (.*)/s)
  if (word === '>') return [message(rest), FEATURIZATION]
  if (word === 'say') return [{ ...message(''), text: rest }]
  if (word === 'slot') {
    const [name = '', value = ''] = rest.split('=')
    return [{ event: 'slot', name, value: JSON.parse(value) as string, timestamp: 0 }]
  }
  if (word === 'loop') return [{ event: 'active_loop', name: rest === 'null' ? null : rest, timestamp: 0 }]
  if (word === 'reject')
    return [{ event: 'action_execution_rejected', name: rest, policy: null, confidence: null, timestamp: 0 }]
  return [action(word, rest === 'hidden')]
}

/** `intent` or `intent{entity}`. */
function message(said: string): Extract<LoggedEvent, { event: 'user' }> {
  const [, intent = '', entity] = /^([^{]*)(?:\{(.*)\})?$/.exec(said) ?? []
  return {
    event: 'user',
    text: `/${said}`,
    parse_data: {
      text: `/${said}`,
      intent: { name: intent === '' ? null : intent, confidence: 1 },
      entities: entity === undefined ? [] : [{ entity, value: 'x' }],
    },
    input_channel: null,
    message_id: null,
    timestamp: 0,
  }
}

const FEATURIZATION: LoggedEvent = {
  event: 'user_featurization',
  use_text_for_featurization: false,
  timestamp: 0,
}

function action(name: string, hidden = false): Extract<LoggedEvent, { event: 'action' }> {
  return {
    event: 'action',
    name,
    policy: null,
    confidence: null,
    action_text: null,
    hide_rule_turn: hidden,
    timestamp: 0,
  }
}

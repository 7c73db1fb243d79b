// Plays stories against a model, step by step: after each step of the story the next action must be predicted. Custom
// actions are not run; the story says what they did, as in Rasa's `test core`.

import {
  type Domain,
  generateTrackers,
  type PolicyEnsemble,
  predictNext,
  type StoryData,
  Tracker,
  type TrainingEvent,
  type TrainingTracker,
} from '@tabula/dialogue'
import { type Pipeline, parseIntentMessage } from '@tabula/nlu'
import type {
  Entity,
  JsonValue,
  LoggedEvent,
  ParseData,
  Problem,
  SourcePosition,
  UserUttered,
} from '@tabula/protocol'

export interface StoryModel {
  readonly domain: Domain
  readonly ensemble: PolicyEnsemble
  /** null where messages of stories are taken for what the stories say they mean. */
  readonly pipeline: Pipeline | null
}

export interface StoryOptions {
  /** Messages with words are understood by the pipeline, and must mean what the story says. */
  readonly endToEnd: boolean
  readonly maxStories?: number
  readonly onProgress?: (done: number, count: number) => void
}

export interface ActionResult {
  readonly expected: string
  readonly predicted: string
  readonly policy: string | null
  readonly confidence: number
  readonly position: SourcePosition
  /** action_unlikely_intent came first. */
  readonly isUnlikely: boolean
}

export interface MessageResult {
  readonly text: string
  readonly expected: { readonly intent: string; readonly entities: readonly Entity[] }
  readonly predicted: { readonly intent: string; readonly entities: readonly Entity[] }
  readonly isRight: boolean
}

/** One step of a played story, as it goes into the result files. */
export type PlayedStep =
  | { readonly kind: 'action'; readonly event: LoggedEvent; readonly result: ActionResult }
  | { readonly kind: 'user'; readonly event: UserUttered; readonly result: MessageResult | null }
  | { readonly kind: 'other'; readonly event: LoggedEvent }

export interface PlayedStory {
  readonly name: string
  readonly position: SourcePosition
  readonly steps: readonly PlayedStep[]
  readonly isRight: boolean
  readonly hasWarnings: boolean
}

export interface StoryEvaluation {
  readonly stories: readonly PlayedStory[]
  readonly problems: readonly Problem[]
}

const LISTEN = 'action_listen'
const UNLIKELY = 'action_unlikely_intent'

/** The stories as they were played, with the stories' own problems. */
export async function evaluateStories(
  stories: readonly StoryData[],
  model: StoryModel,
  { endToEnd, maxStories = Infinity, onProgress }: StoryOptions,
): Promise<StoryEvaluation> {
  const { trackers, problems } = generateTrackers(stories, model.domain, { augmentation: 0, seed: 42 })
  // Rules are no conversations: as in Rasa, stories alone are played.
  const tested = trackers.filter(({ isRule }) => !isRule).slice(0, maxStories)
  const played: PlayedStory[] = []
  for (const [index, tracker] of tested.entries()) {
    played.push(await play(tracker, model, endToEnd))
    onProgress?.(index + 1, tested.length)
  }
  return { stories: played, problems }
}

async function play(story: TrainingTracker, model: StoryModel, endToEnd: boolean): Promise<PlayedStory> {
  const running = new Tracker(story.name, model.domain)
  const steps: PlayedStep[] = []
  const [first, ...rest] = story.events
  if (first !== undefined) running.apply(first.event)
  for (const placed of rest) {
    const { event } = placed
    if (event.event === 'action') steps.push(playAction(running, placed, event, model))
    else if (event.event === 'user' && endToEnd) steps.push(await playMessage(running, event, model))
    else {
      running.apply(event)
      steps.push(event.event === 'user' ? { kind: 'user', event, result: null } : { kind: 'other', event })
    }
  }
  return {
    name: story.name,
    position: story.position,
    steps,
    isRight: steps.every(isRight),
    hasWarnings: steps.some(step => step.kind === 'action' && step.result.isUnlikely),
  }
}

function isRight(step: PlayedStep): boolean {
  if (step.kind === 'action') return step.result.expected === step.result.predicted
  return step.kind === 'other' || step.result === null || step.result.isRight
}

type ActionEvent = Extract<LoggedEvent, { event: 'action' }>
type UserEvent = Extract<LoggedEvent, { event: 'user' }>

/** Whatever was predicted, the conversation goes on as the story says. */
function playAction(
  running: Tracker,
  { position }: TrainingEvent,
  event: ActionEvent,
  model: StoryModel,
): PlayedStep {
  const expected = event.name ?? event.action_text ?? ''
  let found = predict(running, expected, model)
  const isUnlikely = found.action === UNLIKELY && expected !== UNLIKELY
  if (isUnlikely) {
    running.apply({ ...event, name: UNLIKELY, action_text: null })
    found = predict(running, expected, model)
  }
  running.apply({ ...event, policy: found.policy, confidence: found.confidence })
  const { action: predicted, policy, confidence } = found
  return { kind: 'action', event, result: { expected, predicted, policy, confidence, position, isUnlikely } }
}

interface Prediction {
  readonly action: string
  readonly policy: string | null
  readonly confidence: number
}

/** A form that was predicted where the story goes elsewhere is taken to have rejected, and the policies are asked again. */
function predict(running: Tracker, expected: string, model: StoryModel): Prediction {
  const first = predictOnce(running, expected, model)
  const loop = running.activeLoop?.name ?? null
  if (first.action === expected || first.action !== loop || !model.domain.forms.has(loop)) return first
  running.apply({
    event: 'action_execution_rejected',
    name: loop,
    policy: null,
    confidence: null,
    timestamp: 0,
  })
  return predictOnce(running, expected, model)
}

function predictOnce(running: Tracker, expected: string, { domain, ensemble }: StoryModel): Prediction {
  const prediction = predictNext({ domain, policies: ensemble }, running)
  if (prediction === null) return { action: LISTEN, policy: null, confidence: 0 }
  const { probabilities, policy, confidence } = prediction
  let best = 0
  for (let index = 1; index < probabilities.length; index += 1)
    if ((probabilities[index] ?? 0) > (probabilities[best] ?? 0)) best = index
  const action = domain.actions[best] ?? LISTEN
  return { action: retrieved(action, expected, running), policy, confidence }
}

/** A story may name the response of a retrieval intent whole: then the one that was picked counts. */
function retrieved(action: string, expected: string, running: Tracker): string {
  if (!expected.startsWith(`${action}/`)) return action
  const key = running.latestMessage?.parse_data.intent.full_retrieval_intent_name
  return typeof key === 'string' ? `utter_${key}` : action
}

/** A message with words goes through understanding; what the story says of it stays in the conversation all the same. */
async function playMessage(running: Tracker, event: UserEvent, model: StoryModel): Promise<PlayedStep> {
  running.apply(event)
  const expected = { intent: event.parse_data.intent.name ?? '', entities: event.parse_data.entities }
  const { text } = event
  if (text === null || text === '') {
    // As in Rasa, what has no words to understand counts as understood.
    return { kind: 'user', event, result: { text: '', expected, predicted: expected, isRight: true } }
  }
  if (model.pipeline === null) return { kind: 'user', event, result: null }
  const names = {
    intents: new Set(model.domain.intents.keys()),
    entities: new Set(model.domain.entities.keys()),
  }
  const parsed = parseIntentMessage(text, names) ?? (await model.pipeline.parse(text))
  const predicted = { intent: predictedIntent(parsed, expected.intent), entities: parsed.entities }
  const isSame = expected.intent === predicted.intent && sameEntities(expected.entities, predicted.entities)
  return { kind: 'user', event, result: { text, expected, predicted, isRight: isSame } }
}

function predictedIntent({ intent }: ParseData, expected: string): string {
  const name = intent.name ?? ''
  const full = intent.full_retrieval_intent_name
  return name !== expected && typeof full === 'string' ? full : name
}

/** The same types and values at the same places, in whatever order. An intent message's JSON says no places. */
function sameEntities(expected: readonly Entity[], predicted: readonly Entity[]): boolean {
  const isPlaced = expected.every(({ start }) => start !== undefined)
  const keysOf = (entities: readonly Entity[]): Set<string> =>
    new Set(
      entities.map(({ start, end, entity, value }) =>
        JSON.stringify(isPlaced ? [start, end, entity, asText(value)] : [entity, asText(value)]),
      ),
    )
  return keysOf(expected).symmetricDifference(keysOf(predicted)).size === 0
}

/** Values that stories write as text are compared as text. */
function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

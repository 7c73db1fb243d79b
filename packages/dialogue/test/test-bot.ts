// A bot in a few lines for tests: a domain, rules, and actions as functions; it says what happened and what it did outside.

import type {
  ActionCall,
  ActionOutcome,
  ActionResponse,
  BotMessage,
  DomainJson,
  Entity,
  JsonObject,
  JsonValue,
  LoggedEvent,
  ParseData,
  TrackerEvent,
} from '@tabula/protocol'
import {
  Domain,
  type Effect,
  type Effectful,
  type EffectResult,
  handleMessage,
  Tracker,
} from '../src/index.ts'
import type { PolicyEnsemble, TurnContext, TurnResult } from '../src/index.ts'
import { drive } from './drive.ts'
import { createRuleEnsemble, type Rules } from './rule-ensemble.ts'
import { trace } from './trace.ts'

export type TestAction = (call: ActionCall) => ActionOutcome

export interface TestBotParts {
  readonly domain: DomainJson
  readonly rules?: Rules
  readonly policies?: PolicyEnsemble
  readonly actions?: Readonly<Record<string, TestAction>>
  readonly nlg?: (request: Extract<Effect, { kind: 'remote_nlg' }>['request']) => BotMessage | null
  readonly context?: Partial<TurnContext>
}

export interface Said {
  readonly intent?: string
  readonly confidence?: number
  readonly entities?: readonly Entity[]
  readonly parse?: Partial<ParseData>
  readonly metadata?: JsonObject
}

export class TestBot {
  readonly context: TurnContext
  readonly tracker: Tracker
  /** What was sent, called, logged and scheduled, in order. */
  readonly effects: Effect[] = []
  clock = 1_700_000_000
  result: TurnResult = { events: [], why: [] }
  readonly #parts: TestBotParts

  constructor(parts: TestBotParts) {
    this.#parts = parts
    const domain = Domain.fromJson(parts.domain)
    this.tracker = new Tracker('ann', domain)
    this.context = {
      domain,
      policies: parts.policies ?? createRuleEnsemble(parts.rules ?? { intents: {} }),
      now: () => (this.clock += 0.001),
      random: () => 0,
      newId: () => 'id',
      modelId: 'model',
      assistantId: 'assistant',
      maxActions: 10,
      remoteNlg: parts.nlg !== undefined,
      outputChannel: 'collector',
      ...parts.context,
    }
  }

  /** The trace of the turn that a message starts: `/intent{json}`, or any text with what it was understood as. */
  say(text: string, said: Said = {}): string[] {
    const message = {
      text,
      senderId: 'ann',
      inputChannel: 'rest',
      ...(said.metadata === undefined ? {} : { metadata: said.metadata }),
    }
    return this.run((context, tracker) => handleMessage(context, tracker, message, understand(text, said)))
  }

  /** The trace of what this part of a turn adds. */
  run(part: (context: TurnContext, tracker: Tracker) => Effectful<TurnResult>): string[] {
    this.result = drive(part(this.context, this.tracker), effect => this.#perform(effect))
    return trace(this.result.events)
  }

  /** Adds events as if they had happened. */
  given(...events: readonly TrackerEvent[]): this {
    for (const event of events) {
      const logged: LoggedEvent = { ...event, timestamp: (this.clock += 0.001) }
      this.tracker.apply(logged)
    }
    return this
  }

  effectsOf<Kind extends Effect['kind']>(kind: Kind): readonly Extract<Effect, { kind: Kind }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
  }

  get texts(): readonly (string | null | undefined)[] {
    return this.effectsOf('send').map(({ message }) => message.text)
  }

  get calls(): readonly ActionCall[] {
    return this.effectsOf('call_action').map(({ call }) => call)
  }

  #perform(effect: Effect): EffectResult {
    this.effects.push(effect)
    if (effect.kind === 'remote_nlg') return this.#parts.nlg?.(effect.request) ?? null
    if (effect.kind !== 'call_action') return undefined
    const action = this.#parts.actions?.[effect.call.next_action]
    return action?.(effect.call) ?? { kind: 'failed', message: `there is no ${effect.call.next_action}` }
  }
}

/** An action's outcome with these events and messages. */
export function done(
  events: readonly TrackerEvent[] = [],
  responses: readonly ActionResponse[] = [],
): ActionOutcome {
  return { kind: 'done', reply: { events, responses } }
}

export function slot(name: string, value: JsonValue): TrackerEvent {
  return { event: 'slot', name, value }
}

function understand(text: string, { intent, confidence = 1, entities = [], parse = {} }: Said): ParseData {
  const [, name, json] = /^\/(\w+)(\{.*\})?$/.exec(text) ?? []
  const given = Object.entries(JSON.parse(json ?? '{}') as Record<string, JsonValue>)
  return {
    text,
    intent: { name: intent ?? name ?? null, confidence },
    entities: [...given.map(([entity, value]) => ({ entity, value })), ...entities],
    ...parse,
  }
}

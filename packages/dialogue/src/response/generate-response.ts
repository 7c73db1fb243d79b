// A response of the domain in the words of one of its variations (Rasa's NLG).

import { type BotMessage, type JsonValue, numberIn, type ResponseVariation } from '@tabula/protocol'
import { interpolate, type Values } from './interpolate.ts'

export interface ResponseRequest {
  readonly responses: ReadonlyMap<string, readonly ResponseVariation[]>
  readonly name: string
  readonly slots: Values
  /** An action's own variables; they win over slots. */
  readonly variables?: Readonly<Record<string, JsonValue | undefined>>
  readonly channel: string
  /** From 0 up to 1: draws among variations that fit equally. */
  readonly random: () => number
}

const INTERPOLATED = ['text', 'image', 'custom', 'buttons', 'attachment', 'quick_replies'] as const

/** The message with its placeholders filled; null where no variation fits. Throws CodedError on a lone brace. */
export function generateResponse(request: ResponseRequest): BotMessage | null {
  const fitting = fittingVariations(request)
  const chosen = fitting[Math.min(fitting.length - 1, Math.floor(request.random() * fitting.length))]
  if (chosen === undefined) return null
  const values = new Map(request.slots)
  for (const [name, value] of Object.entries(request.variables ?? {}))
    if (value !== undefined) values.set(name, value)
  const filled: Record<string, JsonValue | undefined> = { ...chosen }
  for (const key of INTERPOLATED) {
    const value = filled[key]
    if (value !== undefined) filled[key] = interpolate(value, values)
  }
  return filled
}

/** The `id` of the first variation that fits, null where it has none: what a remote NLG server is told. */
export function responseId(request: Omit<ResponseRequest, 'random'>): string | null {
  return fittingVariations(request)[0]?.id ?? null
}

/** Conditional ones for the channel, else plain ones for the channel, else conditional, else plain. */
function fittingVariations(request: Omit<ResponseRequest, 'random'>): readonly ResponseVariation[] {
  const all = request.responses.get(request.name) ?? []
  const conditional = all.filter(each => (each.condition?.length ?? 0) > 0 && holds(each, request.slots))
  const plain = all.filter(each => each.condition === undefined)
  const forChannel = (each: ResponseVariation): boolean => each.channel === request.channel
  const forAny = (each: ResponseVariation): boolean => each.channel === undefined
  const groups = [conditional.filter(forChannel), plain.filter(forChannel), conditional.filter(forAny)]
  return groups.find(group => group.length > 0) ?? plain.filter(forAny)
}

function holds(variation: ResponseVariation, slots: Values): boolean {
  return (variation.condition ?? []).every(condition =>
    same(slots.get(condition.name) ?? null, condition.value),
  )
}

/** Text without regard to case, everything else as it is; to Python, True, 1 and 1.0 are equal. */
function same(left: JsonValue, right: JsonValue): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase()
  const number = (value: JsonValue): JsonValue =>
    typeof value === 'boolean' ? Number(value) : (numberIn(value) ?? value)
  return JSON.stringify(number(left)) === JSON.stringify(number(right))
}

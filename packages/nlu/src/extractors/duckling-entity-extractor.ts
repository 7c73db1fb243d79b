// DucklingEntityExtractor: a Duckling server where `url` (or RASA_DUCKLING_HTTP_URL) names one, as in Rasa; else the embedded
// one, where Rasa would find nothing and warn.

import type { Entity, JsonObject, JsonValue } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import { askDuckling } from '../duckling/duckling-client.ts'
import { DIMENSIONS, type DucklingMatch } from '../duckling/duckling-match.ts'
import { parseDuckling } from '../duckling/embedded-duckling.ts'
import { offsetMinutes } from '../duckling/times.ts'
import { surroundings } from '../surroundings.ts'
import { unitOffsets } from '../text.ts'

const NAME = 'DucklingEntityExtractor'

export const ducklingEntityExtractor: ComponentType = {
  name: NAME,
  kinds: ['extractor'],
  requires: [],
  defaults: { dimensions: null, url: null, locale: null, timezone: null, timeout: 3 },
  create: createExtractor,
  load: (_saved, options, context) => createExtractor(options, context),
}

function createExtractor(options: JsonObject, context: ComponentContext): Component {
  const dimensions = readDimensions(options['dimensions'], context)
  const timezone = readTimezone(options['timezone'])
  const locale = typeof options['locale'] === 'string' ? options['locale'] : null
  const timeoutSeconds = typeof options['timeout'] === 'number' ? options['timeout'] : 3
  if (isEmbedded(options))
    // Its parsers take some tens of milliseconds to load and to warm up: not at the first message's cost.
    parseDuckling('at 5 pm', {
      locale: locale ?? context.language,
      timezone: 'UTC',
      reference: 0,
      dimensions,
    })
  return {
    async process(message) {
      const reference = Math.floor(Date.now() / 1000) * 1000
      const url = surroundings().ducklingUrl ?? options['url']
      if (typeof url === 'string' && url !== '') {
        try {
          const { text } = message
          const found = await askDuckling({
            url,
            text,
            locale,
            timezone,
            dimensions,
            reference,
            timeoutSeconds,
          })
          const offset = unitOffsets(text)
          message.entities.push(
            ...found
              .filter(({ dim }) => dimensions === null || dimensions.includes(dim))
              .map(match => toEntity({ ...match, start: offset(match.start), end: offset(match.end) })),
          )
        } catch (error) {
          surroundings().warn({
            severity: 'warning',
            code: 'nlu.duckling',
            message: `Duckling at ${url} gave no entities: ${error instanceof Error ? error.message : String(error)}.`,
            hint: 'See that it runs and that host and port are right; without url the embedded one is used.',
          })
        }
        return
      }
      const found = parseDuckling(message.text, {
        locale: locale ?? context.language,
        timezone: timezone ?? 'UTC',
        reference,
        dimensions,
      })
      message.entities.push(...found.map(toEntity))
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}

/** Whether no Duckling server is named. */
function isEmbedded({ url }: JsonObject): boolean {
  return (surroundings().ducklingUrl ?? url ?? '') === ''
}

/** A match as Rasa puts it among the entities: an interval's value is its two ends. */
function toEntity({ start, end, body, dim, value }: DucklingMatch): Entity {
  const of = (side: JsonValue | undefined): JsonValue =>
    typeof side === 'object' && side !== null && 'value' in side
      ? ((side as JsonObject)['value'] ?? null)
      : null
  return {
    start,
    end,
    text: body,
    value:
      value['type'] === 'interval'
        ? { to: of(value['to']), from: of(value['from']) }
        : (value['value'] ?? null),
    confidence: 1,
    additional_info: value,
    entity: dim,
    extractor: NAME,
  }
}

function readDimensions(value: JsonValue | undefined, context: ComponentContext): readonly string[] | null {
  if (value === null || value === undefined) return null
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string'))
    throw new CodedError(
      'nlu.option',
      `dimensions is ${JSON.stringify(value)}; it must be a list of these names: ${DIMENSIONS.join(', ')}.`,
      { status: 400 },
    )
  const unknown = value.filter(name => !(DIMENSIONS as readonly string[]).includes(name))
  if (unknown.length > 0)
    context.warn({
      severity: 'warning',
      code: 'nlu.dimensions',
      message: `The embedded Duckling knows no dimension ${unknown.map(name => `'${name}'`).join(', ')}.`,
      hint: `Known are: ${DIMENSIONS.join(', ')}. A Duckling server (url) may know more.`,
    })
  return value
}

function readTimezone(value: JsonValue | undefined): string | null {
  if (value === null || value === undefined || value === '') return null
  try {
    if (typeof value !== 'string') throw new RangeError('no text')
    offsetMinutes(0, value)
    return value
  } catch {
    throw new CodedError(
      'nlu.option',
      `timezone is ${JSON.stringify(value)}; it must be a name like Europe/Berlin.`,
      {
        status: 400,
      },
    )
  }
}

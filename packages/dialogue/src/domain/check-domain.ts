// What a domain must keep to: all that is wrong is found in one go, each with its path in the domain.

import type { DomainJson, EntityOptions, IntentOptions, Problem, SlotJson } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { entryOf } from './entries.ts'
import { createSlot } from './slots/slots.ts'

const MAPPING_KEYS: Readonly<Record<string, readonly string[]>> = {
  from_entity: ['entity'],
  from_intent: ['value'],
  from_trigger_intent: ['value'],
  from_text: [],
  custom: [],
}

type Path = readonly (string | number)[]

/** Every error of the domain; empty where it can be used. Rasa's rules, as InvalidDomain has them. */
export function checkDomain(json: DomainJson): Problem[] {
  const problems: Problem[] = []
  const report = (code: string, path: Path, message: string, hint?: string): void => {
    problems.push({
      severity: 'error',
      code: `domain.${code}`,
      message,
      path,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  checkIntents(json, report)
  checkEntities(json, report)
  for (const [name, slot] of Object.entries(json.slots ?? {})) checkSlot(name, slot, report)
  checkResponses(json, report)
  checkForms(json, report)
  checkDuplicates(json, report)
  return problems
}

type Report = (code: string, path: Path, message: string, hint?: string) => void

function checkIntents(json: DomainJson, report: Report): void {
  const seen = new Set<string>()
  json.intents?.forEach((item, index) => {
    const [name, options] = entryOf<IntentOptions>(item)
    if (typeof item !== 'string' && (options === null || Object.keys(options).length === 0))
      report(
        'empty-intent',
        ['intents', index, name],
        `The intent '${name}' ends with a colon but has no options.`,
        'Take the colon away, or add use_entities or ignore_entities.',
      )
    if (seen.has(name))
      report(
        'duplicate-intent',
        ['intents', index],
        `The intent '${name}' stands twice.`,
        'Remove or rename one of them.',
      )
    seen.add(name)
  })
}

function checkEntities(json: DomainJson, report: Report): void {
  json.entities?.forEach((item, index) => {
    const [name, options] = entryOf<EntityOptions>(item)
    if (typeof item !== 'string' && (options === null || Object.keys(options).length === 0))
      report(
        'empty-entity',
        ['entities', index, name],
        `The entity '${name}' ends with a colon but has no options.`,
        'Take the colon away, or add roles, groups or influence_conversation.',
      )
  })
}

function checkSlot(name: string, slot: SlotJson, report: Report): void {
  const path = ['slots', name]
  const mappings: unknown = slot.mappings
  if (!Array.isArray(mappings)) {
    report(
      'slot-without-mappings',
      path,
      `The slot '${name}' has no mappings.`,
      'Add `mappings:` with a list; it may be empty.',
    )
    return
  }
  try {
    createSlot(name, slot)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    problemOf(error, [...path, 'type'], report)
  }
  if (slot.type === 'categorical' && (slot.values ?? []).length === 0)
    report(
      'categorical-without-values',
      path,
      `The categorical slot '${name}' has no values.`,
      'List them under `values:`.',
    )
  slot.mappings.forEach((mapping, index) => {
    const required = MAPPING_KEYS[mapping.type]
    const where = [...path, 'mappings', index]
    if (required === undefined) {
      report(
        'mapping-type',
        where,
        `The slot '${name}' has a mapping of type '${mapping.type}'.`,
        `Known types: ${Object.keys(MAPPING_KEYS).join(', ')}.`,
      )
      return
    }
    const given: Readonly<Record<string, unknown>> = { ...mapping }
    for (const key of required)
      if (given[key] === undefined || given[key] === null)
        report(
          'mapping-key',
          where,
          `A ${mapping.type} mapping of the slot '${name}' has no '${key}'.`,
          `Add \`${key}:\`.`,
        )
  })
}

function problemOf(error: CodedError, path: Path, report: Report): void {
  report(error.code.replace('domain.', ''), path, error.message)
}

function checkResponses(json: DomainJson, report: Report): void {
  for (const [name, variations] of Object.entries(json.responses ?? {})) {
    const list: unknown = variations
    if (!Array.isArray(list)) {
      report(
        'response-without-list',
        ['responses', name],
        `The response '${name}' is not a list of variations.`,
        'Write `- text: …` below it.',
      )
      continue
    }
    variations.forEach((variation, index) => {
      const spoken = variation.text !== undefined && variation.text !== null
      const custom =
        typeof variation.custom === 'object' &&
        variation.custom !== null &&
        Object.keys(variation.custom).length > 0
      if (!spoken && !custom)
        report(
          'response-without-text',
          ['responses', name, index],
          `A variation of the response '${name}' has neither text nor custom.`,
          'Add `text:`; it may be "".',
        )
    })
  }
}

function checkForms(json: DomainJson, report: Report): void {
  const forms: unknown = json.forms ?? {}
  if (Array.isArray(forms)) {
    report(
      'forms-as-list',
      ['forms'],
      'The forms are a list.',
      'Write each as `name:` with `required_slots:` below it.',
    )
    return
  }
  for (const [name, form] of Object.entries(json.forms ?? {})) {
    const given: unknown = form
    if (given === null) continue
    if (typeof given !== 'object' || Array.isArray(given))
      report(
        'form-shape',
        ['forms', name],
        `The form '${name}' is not a map.`,
        'Write `required_slots:` below it.',
      )
    else if (form.ignored_intents !== undefined && form.required_slots === undefined)
      report(
        'form-ignored-intents',
        ['forms', name],
        `The form '${name}' has ignored_intents but no required_slots.`,
        'Add `required_slots:`.',
      )
  }
}

function checkDuplicates(json: DomainJson, report: Report): void {
  const hold = (section: 'entities' | 'actions'): void => {
    const seen = new Set<string>()
    json[section]?.forEach((item, index) => {
      const [name] = entryOf<unknown>(item)
      if (seen.has(name))
        report(
          'duplicate-name',
          [section, index],
          `'${name}' stands twice under ${section}.`,
          'Remove one of them.',
        )
      seen.add(name)
    })
  }
  hold('entities')
  hold('actions')
}

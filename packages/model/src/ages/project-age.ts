// Which Rasa a project was written for: told by what only that Rasa has, since files of all ages look alike at first.

import type { PolicyConfig } from '@tabula/dialogue'
import { entryAt, itemsOf, textOf, valueAt, type YamlMap, type YamlNode } from '../project/yaml-node.ts'
import { isOldConfig } from './translate-config.ts'

/** '3' is read as it stands, the others are translated while they are read. */
export type ProjectAge = '1' | '2' | '3'

export interface AgeSigns {
  readonly config: YamlNode | null
  readonly policies: readonly PolicyConfig[]
  /** Merged of all its files; null where there is none. */
  readonly domain: YamlMap | null
  readonly hasMarkdown: boolean
}

/** A config with a recipe is of Rasa 3; without one, anything that Rasa 3 does not read makes the project an old one. */
export function projectAge({ config, policies, domain, hasMarkdown }: AgeSigns): ProjectAge {
  if (entryAt(config ?? undefined, 'recipe') !== undefined) return '3'
  const version = textOf(valueAt(domain ?? undefined, 'version'))
  if (version !== null && version >= '3') return '3'
  const isSecond = version?.startsWith('2') === true
  const isOld = hasMarkdown || isOldConfig(policies, config) || (domain !== null && isOldDomain(domain))
  if (isSecond) return '2'
  return isOld ? (hasMarkdown || hasFirstForms(domain) ? '1' : '2') : '3'
}

function isOldDomain(domain: YamlMap): boolean {
  const forms = valueAt(domain, 'forms')
  const slots = valueAt(domain, 'slots')
  const ofSlots = slots?.kind === 'map' ? slots.entries : []
  return (
    entryAt(domain, 'templates') !== undefined ||
    hasFirstForms(domain) ||
    itemsOf(valueAt(domain, 'intents')).some(
      item =>
        item.kind === 'map' && item.entries.some(({ value }) => entryAt(value, 'triggers') !== undefined),
    ) ||
    (forms?.kind === 'map' && forms.entries.some(({ value }) => isOldForm(value))) ||
    (ofSlots.length > 0 && ofSlots.every(({ value }) => entryAt(value, 'mappings') === undefined))
  )
}

function isOldForm(form: YamlNode): boolean {
  return valueAt(form, 'required_slots')?.kind === 'map'
}

function hasFirstForms(domain: YamlMap | null): boolean {
  return valueAt(domain ?? undefined, 'forms')?.kind === 'list'
}

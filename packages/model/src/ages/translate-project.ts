// A project of Rasa 1 or 2 while it is read: config and domain as Rasa 3 has them, rules for what policies did, and a note of it.

import type { StoryData } from '@tabula/dialogue'
import type { Problem } from '@tabula/protocol'
import type { ProjectConfig } from '../project/read-config.ts'
import type { YamlMap, YamlNode } from '../project/yaml-node.ts'
import { type ProjectAge, projectAge } from './project-age.ts'
import { translateConfig } from './translate-config.ts'
import { type Note, translateDomain, type TranslatedDomain } from './translate-domain.ts'

export interface WrittenProject {
  readonly config: ProjectConfig
  readonly tree: YamlNode | null
  readonly domain: YamlMap | null
  readonly hasMarkdown: boolean
}

export interface TranslatedProject {
  readonly age: ProjectAge
  readonly config: ProjectConfig
  readonly domain: YamlMap | null
  readonly rules: readonly StoryData[]
  /** A warning for each kind of thing that was translated. */
  readonly problems: readonly Problem[]
}

/** The project in the terms of Rasa 3; one that is in them stays as it is. */
export function translateProject({ config, tree, domain, hasMarkdown }: WrittenProject): TranslatedProject {
  const age = projectAge({ config: tree, policies: config.policies, domain, hasMarkdown })
  if (age === '3') return { age, config, domain, rules: [], problems: [] }
  const translated: Pick<TranslatedDomain, 'notes' | 'triggers'> & { readonly tree: YamlMap | null } =
    domain === null ? { tree: null, notes: [], triggers: new Map() } : translateDomain(domain, age)
  const { config: ownConfig, rules, notes } = translateConfig(config, translated)
  return {
    age,
    config: ownConfig,
    domain: translated.tree,
    rules,
    problems: [...translated.notes, ...notes].map(note => warningOf(note, age)),
  }
}

function warningOf({ message, position }: Note, age: ProjectAge): Problem {
  return {
    severity: 'warning',
    code: 'age.translated',
    position,
    message: `Read as of Rasa ${age}: ${message}`,
    hint: '`bot data migrate` writes the files as Rasa 3 has them, and keeps a copy of these.',
  }
}

// A domain, or a config, as a YAML file.

import { yamlEntry } from '@tabula/dialogue'
import type { JsonObject, JsonValue } from '@tabula/protocol'
import type { ProjectConfig } from '../project/read-config.ts'

/** The domain's keys in their order, with the version of Rasa 3.6. */
export function writeDomainYaml(domain: JsonObject): string {
  const lines = Object.entries(domain)
    .filter(([key]) => key !== 'version')
    .flatMap(([key, value]) => ['', ...yamlEntry(key, value as JsonValue)])
  return ['version: "3.1"', ...lines, ''].join('\n')
}

/** The config, sections that it leaves to the defaults left out. */
export function writeConfigYaml({
  assistantId,
  language,
  pipeline,
  policies,
  defaulted,
}: ProjectConfig): string {
  const section = (name: 'pipeline' | 'policies', items: ProjectConfig['pipeline']): string[] =>
    defaulted.includes(name)
      ? []
      : [
          '',
          ...yamlEntry(
            name,
            items.map((item): JsonValue => ({ name: item.name, ...item.options })),
          ),
        ]
  return [
    'recipe: default.v1',
    ...(assistantId === null ? [] : yamlEntry('assistant_id', assistantId)),
    ...yamlEntry('language', language),
    ...section('pipeline', pipeline),
    ...section('policies', policies),
    '',
  ].join('\n')
}

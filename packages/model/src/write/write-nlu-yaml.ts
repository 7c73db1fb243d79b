// NLU data as a YAML file of training data format 3.1, laid out as Rasa's writer lays it out.

import { dashed, yamlBlock, yamlEntry } from '@tabula/dialogue'
import type { NluExample, NluTrainingData } from '@tabula/nlu'
import type { ResponseVariation } from '@tabula/protocol'
import { annotate } from './annotate.ts'

const HEAD = 'version: "3.1"'

/** The file's text; responses of retrieval intents stand below `responses:`. */
export function writeNluYaml(data: NluTrainingData): string {
  const items = [
    ...byLabel(data.examples).map(([label, examples]) => intentItem(label, examples)),
    ...bySynonym(data.synonyms).map(([value, words]) => listItem('synonym', value, words)),
    ...byName(data.regexes, ({ pattern }) => [pattern]).map(([name, all]) => listItem('regex', name, all)),
    ...byName(data.lookups, ({ elements }) => elements).map(([name, all]) => listItem('lookup', name, all)),
  ]
  const nlu = items.length === 0 ? [] : ['nlu:', ...items.flatMap(dashed)]
  const responses = data.responses.size === 0 ? [] : responseLines(data.responses)
  return [HEAD, ...nlu, ...responses, ''].join('\n')
}

/** Examples by intent, or by response key, each in the order of its first example. */
export function byLabel(examples: readonly NluExample[]): [string, NluExample[]][] {
  return [...Map.groupBy(examples, ({ intent, intentResponseKey }) => intentResponseKey ?? intent ?? '')]
}

/** Words by the value that they stand for. */
export function bySynonym(synonyms: ReadonlyMap<string, string>): [string, string[]][] {
  const groups = Map.groupBy(synonyms, ([, value]) => value)
  return [...groups].map(([value, pairs]) => [value, pairs.map(([words]) => words)])
}

function byName<Item extends { readonly name: string }>(
  items: readonly Item[],
  linesOf: (item: Item) => readonly string[],
): [string, string[]][] {
  return [...Map.groupBy(items, ({ name }) => name)].map(([name, all]) => [name, all.flatMap(linesOf)])
}

function intentItem(label: string, examples: readonly NluExample[]): string[] {
  const head = yamlEntry('intent', label)
  const shared = examples[0]?.metadata?.['intent']
  const metadata = shared === undefined ? [] : yamlEntry('metadata', shared)
  const isSimple = examples.every(
    ({ text, metadata: own }) =>
      own?.['example'] === undefined && !/[\r\n]/.test(text) && text === text.trim(),
  )
  if (isSimple) return [...head, ...metadata, ...yamlBlock('examples', bullets(examples.map(annotate)))]
  const items = examples.map(example => {
    const own = example.metadata?.['example']
    return dashed([
      ...yamlBlock('text', annotate(example)),
      ...(own === undefined ? [] : yamlEntry('metadata', own)),
    ])
  })
  return [...head, ...metadata, 'examples:', ...items.flat()]
}

function listItem(kind: string, name: string, lines: readonly string[]): string[] {
  return [...yamlEntry(kind, name), ...yamlBlock('examples', bullets(lines))]
}

function bullets(lines: readonly string[]): string {
  return lines.map(line => `- ${line}\n`).join('')
}

function responseLines(responses: ReadonlyMap<string, readonly ResponseVariation[]>): string[] {
  return yamlEntry('responses', Object.fromEntries(responses))
}

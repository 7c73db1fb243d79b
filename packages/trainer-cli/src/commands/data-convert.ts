// bot data convert nlu: NLU data from any form that is read into YAML, JSON or Markdown.

import { mkdir, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { readDataFiles, writeNluJson, writeNluMarkdown, writeNluYaml } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, print, printJson, tell } from '../console.ts'
import { showProblems } from '../output/show-problems.ts'
import { existingPaths } from './existing-path.ts'

export const FORMATS = ['yaml', 'json', 'md'] as const

export interface ConvertFlags {
  readonly format?: (typeof FORMATS)[number]
  readonly data?: readonly string[]
  readonly out?: string
  readonly language?: string
}

const WRITERS = { yaml: writeNluYaml, json: writeNluJson, md: writeNluMarkdown } as const
const ENDINGS = { yaml: '.yml', json: '.json', md: '.md' } as const

/** 0 where the data were written; what the format cannot hold is said. */
export async function convert(flags: ConvertFlags, console: Console): Promise<number> {
  const { format = 'yaml', data = ['data'], out = 'converted_data', language = 'en' } = flags
  const paths = existingPaths(data, 'data', console)
  const { nlu, problems } = await readDataFiles(
    { root: console.folder, data: paths, language },
    console.environment,
  )
  showProblems(problems, console.folder, console)
  if (nlu.examples.length + nlu.synonyms.size + nlu.regexes.length + nlu.lookups.length === 0)
    throw new CodedError('data.nothing', `There are no NLU data at ${paths.join(', ')}.`)
  const file = await fileOf(resolve(console.folder, out), paths, ENDINGS[format])
  await writeFile(file, WRITERS[format](nlu))
  if (format !== 'yaml') {
    const withMetadata = nlu.examples.filter(({ metadata }) => metadata !== undefined).length
    if (withMetadata > 0)
      tell(
        console,
        `warning: Metadata of ${withMetadata} examples have no place in ${format}; they are left out.`,
      )
    if (nlu.responses.size > 0)
      tell(console, `warning: ${nlu.responses.size} responses have no place in ${format}; they are left out.`)
  }
  print(console, `Written: ${file}`)
  printJson(console, { file, examples: nlu.examples.length })
  return 0
}

/** A name with an ending is the file; any other is a folder, for a file named after the data. */
async function fileOf(out: string, [first = 'nlu']: readonly string[], ending: string): Promise<string> {
  const isFolder =
    extname(out) === '' ||
    (await stat(out).then(
      found => found.isDirectory(),
      () => false,
    ))
  await mkdir(isFolder ? out : join(out, '..'), { recursive: true })
  return isFolder ? join(out, `${basename(first, extname(first)) || 'nlu'}${ending}`) : out
}

// Reads a policy's options, which come as config.yml has them.

import type { JsonObject, Problem } from '@tabula/protocol'

/** The number under a name, or the fallback where it is none. */
export function numberOption(options: JsonObject, name: string, fallback: number): number {
  const value = options[name]
  return typeof value === 'number' ? value : fallback
}

/** How many states back a policy looks; null = all. A tracker featurizer in the config has the last word, as in Rasa. */
export function maxHistory(options: JsonObject): number | null {
  const own = options['max_history']
  const listed: readonly unknown[] = Array.isArray(options['featurizer']) ? options['featurizer'] : []
  const [featurizer] = listed
  if (typeof featurizer === 'object' && featurizer !== null && !Array.isArray(featurizer)) {
    const settings = featurizer as JsonObject
    if (settings['name'] === 'FullDialogueTrackerFeaturizer') return null
    if ('max_history' in settings) return positiveOrNull(settings['max_history'])
  }
  return positiveOrNull(own)
}

function positiveOrNull(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? value : null
}

/** Complaints about options of which `numbers` must be numbers and `flags` true or false; null is a number's "none". */
export function checkOptionTypes(
  options: JsonObject,
  { numbers, flags }: { readonly numbers: readonly string[]; readonly flags: readonly string[] },
): Problem[] {
  const wrong = (name: string, expected: string): Problem => ({
    severity: 'error',
    code: 'config.option-type',
    message: `The option '${name}' is ${JSON.stringify(options[name])}.`,
    hint: `Write ${expected}.`,
  })
  return [
    ...numbers
      .filter(
        name => options[name] !== null && options[name] !== undefined && typeof options[name] !== 'number',
      )
      .map(name => wrong(name, 'a number')),
    ...flags
      .filter(name => options[name] !== undefined && typeof options[name] !== 'boolean')
      .map(name => wrong(name, 'true or false')),
  ]
}

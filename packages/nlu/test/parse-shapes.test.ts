// Holds what pipelines of learners answer against the shapes of Rasa's answers: keys, their order, lengths, and rounding.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { JsonObject, ParseData } from '@tabula/protocol'
import { loadPipeline, type Pipeline, trainPipeline } from '../src/pipeline.ts'
import { readExamples } from './read-examples.ts'

const FILE = join(import.meta.dirname, '../../../../shared/conformance/parse-shapes.json')

interface Recorded {
  readonly pipeline: readonly ({ readonly name: string } & JsonObject)[]
  readonly text: string
  readonly answer: ParseData
}
interface Shapes {
  readonly nlu_yml: string
  readonly answers: readonly Recorded[]
}

if (existsSync(FILE)) {
  const { nlu_yml, answers } = JSON.parse(readFileSync(FILE, 'utf8')) as Shapes
  for (const own of Map.groupBy(answers, ({ pipeline }) => JSON.stringify(pipeline)).values()) {
    const [{ pipeline: entries } = { pipeline: [] }] = own
    const names = entries.map(({ name, ...options }) => `${name}${optionsOf(options)}`).join(', ')
    test(`answers have the keys, order, lengths and rounding that clients know from Rasa: ${names}`, async t => {
      const pipeline = await trainAndReload(entries, nlu_yml)
      for (const { text, answer } of own) {
        if (text.startsWith('/')) continue // Read before the pipeline: recordings.test.ts has these.
        holdShape(t, await pipeline.parse(text), answer, text)
      }
    })
  }
} else
  test.skip('answers have the keys, order, lengths and rounding that clients know from Rasa', () => undefined)

function optionsOf(options: JsonObject): string {
  return Object.keys(options).length === 0 ? '' : ` ${JSON.stringify(options)}`
}

async function trainAndReload(entries: Recorded['pipeline'], nlu: string): Promise<Pipeline> {
  const configs = entries.map(({ name, ...options }) => ({ name, options }))
  const trained = await trainPipeline(configs, readExamples(nlu), { language: 'en', seed: 1 })
  return loadPipeline(configs, trained.save(), { language: 'en' })
}

function holdShape(t: ExecutionContext, ours: ParseData, theirs: ParseData, text: string): void {
  t.deepEqual(Object.keys(ours), Object.keys(theirs), text)
  t.deepEqual(ours.text_tokens, theirs.text_tokens, text)
  // Whether a fallback stands before the rest is a question of confidence, and of shape only where both have one.
  const learned = (list: ParseData['intent_ranking']) => list?.filter(({ name }) => name !== 'nlu_fallback')
  const ranking = learned(ours.intent_ranking)
  t.is(ranking?.length, learned(theirs.intent_ranking)?.length, text)
  for (const each of ranking ?? []) t.deepEqual(Object.keys(each), ['name', 'confidence'], text)
  if (ranking !== undefined)
    t.true(
      ranking.some(({ confidence = 0 }) => confidence !== Number(confidence.toFixed(6))),
      `${text}: confidences are not rounded`,
    )
  if (ours.intent.name === theirs.intent.name)
    t.deepEqual(Object.keys(ours.intent), Object.keys(theirs.intent), text)
  for (const entity of ours.entities) {
    const same = theirs.entities.find(
      ({ entity: name, start, extractor }) =>
        name === entity.entity && start === entity.start && extractor === entity.extractor,
    )
    if (same !== undefined) t.deepEqual(Object.keys(entity), Object.keys(same), text)
  }
  holdSelectors(t, ours.response_selector, theirs.response_selector, text)
}

/** The keys of a selector and of what it chose, in Rasa's order; what it chose is a question of learning. */
function holdSelectors(
  t: ExecutionContext,
  ours: ParseData['response_selector'],
  theirs: ParseData['response_selector'],
  text: string,
): void {
  t.deepEqual(Object.keys(ours ?? {}).sort(), Object.keys(theirs ?? {}).sort(), text)
  for (const [name, selected] of Object.entries(theirs ?? {})) {
    if (name === 'all_retrieval_intents') continue
    const [mine, his] = [ours?.[name], selected].map(each => each as JsonObject)
    t.deepEqual(Object.keys(mine ?? {}), Object.keys(his ?? {}), `${text}: ${name}`)
    t.deepEqual(
      Object.keys(mine?.['response'] ?? {}),
      Object.keys(his?.['response'] ?? {}),
      `${text}: ${name}`,
    )
    const firsts = [mine, his].map(each => (each?.['ranking'] as JsonObject[] | undefined)?.[0] ?? {})
    t.deepEqual(Object.keys(firsts[0] ?? {}), Object.keys(firsts[1] ?? {}), `${text}: ${name}`)
  }
}

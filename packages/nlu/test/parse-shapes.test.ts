// Holds what pipelines of learners answer against the shapes of Rasa's answers: keys, their order, and lengths.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { JsonObject, ParseData } from '@tabula/protocol'
import { loadPipeline, trainPipeline } from '../src/pipeline.ts'
import { readExamples } from './read-examples.ts'

const FILE = join(import.meta.dirname, '../../../../shared/conformance/parse-shapes.json')

interface Shapes {
  readonly nlu_yml: string
  readonly answers: readonly {
    readonly pipeline: readonly ({ readonly name: string } & JsonObject)[]
    readonly text: string
    readonly answer: ParseData
  }[]
}

const run = existsSync(FILE) ? test : test.skip

run('answers of learners have the keys, order and lengths that clients know from Rasa', async t => {
  const { nlu_yml, answers } = JSON.parse(readFileSync(FILE, 'utf8')) as Shapes
  const data = readExamples(nlu_yml)
  for (const { pipeline: entries, text, answer } of answers) {
    if (text.startsWith('/')) continue // Read before the pipeline: recordings.test.ts has these.
    const configs = entries.map(({ name, ...options }) => ({ name, options }))
    const trained = await trainPipeline(configs, data, { language: 'en', seed: 1 })
    const pipeline = loadPipeline(configs, trained.save(), { language: 'en' })
    const ours = await pipeline.parse(text)
    const { intent_ranking: ranking, response_selector: selected } = answer
    t.deepEqual(Object.keys(ours), Object.keys(answer), text)
    t.deepEqual(ours.text_tokens, answer.text_tokens)
    // Whether a fallback stands before the rest is a question of confidence, and of shape only where both have one.
    const others = (list: ParseData['intent_ranking']) =>
      list?.filter(({ name }) => name !== 'nlu_fallback').length
    t.is(others(ours.intent_ranking), others(ranking), text)
    if (ours.intent.name === answer.intent.name)
      t.deepEqual(Object.keys(ours.intent), Object.keys(answer.intent))
    for (const entity of ours.entities) {
      const theirs = answer.entities.find(
        ({ entity: name, start, extractor }) =>
          name === entity.entity && start === entity.start && extractor === entity.extractor,
      )
      if (theirs !== undefined) t.deepEqual(Object.keys(entity), Object.keys(theirs), text)
    }
    t.deepEqual(Object.keys(ours.response_selector ?? {}).sort(), Object.keys(selected ?? {}).sort())
  }
})

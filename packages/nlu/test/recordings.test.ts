// Holds pipelines against what Rasa 3.6.21 answered: parses and user messages of six public bots.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { JsonObject, ParseData } from '@tabula/protocol'
import type { ComponentConfig } from '../src/component.ts'
import type { Pipeline } from '../src/pipeline.ts'
import { loadPipeline, trainPipeline } from '../src/pipeline.ts'
import type { KnownNames } from '../src/regex-message-handler.ts'
import { parseIntentMessage } from '../src/regex-message-handler.ts'
import { stripText } from '../src/text.ts'
import { readExamples } from './read-examples.ts'

const CONFORMANCE = join(import.meta.dirname, '../../../../shared/conformance')
const recorded = existsSync(CONFORMANCE) ? test : test.skip

const EXACT: readonly ComponentConfig[] = [
  { name: 'WhitespaceTokenizer', options: {} },
  { name: 'RegexEntityExtractor', options: {} },
  { name: 'KeywordIntentClassifier', options: {} },
  { name: 'EntitySynonymMapper', options: {} },
  { name: 'FallbackClassifier', options: { threshold: 0.3 } },
]
const EXACT_PLAIN = EXACT.filter(
  ({ name }) => name !== 'KeywordIntentClassifier' && name !== 'FallbackClassifier',
)

interface Recording {
  readonly domain: {
    readonly intents: readonly (string | JsonObject)[]
    readonly entities?: readonly (string | JsonObject)[]
  }
  readonly parses: readonly { readonly text: string; readonly answer: { readonly body: ParseData } }[]
  readonly conversations: readonly {
    readonly tracker: { readonly body: { readonly events: readonly UserEvent[] } }
  }[]
}
interface UserEvent {
  readonly event: string
  readonly text: string
  readonly parse_data: ParseData
}

for (const bot of ['concertbot', 'financial-demo', 'formbot', 'moodbot', 'reminderbot', 'rules']) {
  recorded(`${bot} understands every message as it did in Rasa`, async t => {
    const recording = JSON.parse(
      readFileSync(join(CONFORMANCE, `golden/${bot}.golden.json`), 'utf8'),
    ) as Recording
    const pipeline = await trainAndReload(bot)
    const known = knownNames(recording)
    for (const { text, answer } of recording.parses)
      t.deepEqual(await understand(pipeline, known, text), answer.body)
    const events = recording.conversations.flatMap(({ tracker }) => tracker.body.events)
    let compared = 0
    for (const { event, text, parse_data } of events) {
      if (event !== 'user' || text.startsWith('EXTERNAL: ')) continue
      t.deepEqual(await understand(pipeline, known, text), withoutChannel(parse_data, text))
      compared += 1
    }
    t.true(compared > 50)
  })
}

/** A user event's parse data without what the channel adds. */
function withoutChannel({ intent, entities, ...rest }: ParseData, text: string): ParseData {
  const understood = Object.entries(rest).filter(([key]) => key !== 'message_id' && key !== 'metadata')
  return { ...Object.fromEntries(understood), intent, entities, text: stripText(text) }
}

async function trainAndReload(bot: string): Promise<Pipeline> {
  const plain = readFileSync(join(CONFORMANCE, 'plain.txt'), 'utf8').split(/\s+/).includes(bot)
  const config = plain ? EXACT_PLAIN : EXACT
  const files = globSync(join(CONFORMANCE, `bots/${bot}/data/**/nlu.yml`)).sort()
  const data = readExamples(...files.map(file => readFileSync(file, 'utf8')))
  const pipeline = await trainPipeline(config, data, { language: 'en', seed: 1 })
  return loadPipeline(config, pipeline.save(), { language: 'en' })
}

function knownNames({ domain }: Recording): KnownNames {
  const names = (list: readonly (string | JsonObject)[] = []): string[] =>
    list.map(item => (typeof item === 'string' ? item : (Object.keys(item)[0] ?? '')))
  const defaults = ['restart', 'back', 'out_of_scope', 'session_start', 'nlu_fallback']
  return {
    intents: new Set([...names(domain.intents), ...defaults]),
    entities: new Set(names(domain.entities)),
  }
}

async function understand(pipeline: Pipeline, known: KnownNames, text: string): Promise<ParseData> {
  return parseIntentMessage(text, known) ?? (await pipeline.parse(text))
}

// Trains on sets of examples and scores what is understood of others: `node src/score-nlu.ts SET...` prints a JSON line a set.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readProject } from '@tabula/model'
import { type NluExample, type Pipeline, trainPipeline } from '@tabula/nlu'
import { SHARED } from './shared-folder.ts'

/** What is understood of the messages of test.yml. */
export interface NluScore {
  readonly messages: number
  /** Share of messages whose intent is right, from 0 to 1. */
  readonly accuracy: number
  /** Expected calibration error of the top confidence over 15 bins. */
  readonly ece: number
  /** Micro F1 of exact spans and types; null where the set has no entities. */
  readonly entityF1: number | null
  /** How well the top confidence tells messages of the set from those out of scope (0.5: not at all); null without oos.txt. */
  readonly oosAUROC: number | null
  readonly microsecondsPerMessage: number
}

export interface TrainedScore extends NluScore {
  readonly set: string
  readonly trainSeconds: number
  /** Of the processor: what training takes where nothing else runs. */
  readonly trainCpuSeconds: number
}

interface Parsed {
  readonly isRight: boolean
  readonly confidence: number
  /** Spans and types as text, so that they can be compared. */
  readonly found: ReadonlySet<string>
  readonly wanted: ReadonlySet<string>
}

/** The score of the pipeline in `config` trained on train.yml of the folder and asked what test.yml holds. */
export async function scoreNlu(set: string, folder: string, config: string): Promise<TrainedScore> {
  const training = await readProject({ root: folder, config: resolve(config), domain: [], data: 'train.yml' })
  const started = performance.now()
  const before = process.cpuUsage()
  const { pipeline: components, language } = training.config
  const pipeline = await trainPipeline(components, training.nlu, { language, seed: 42 })
  const trained = performance.now()
  const { user, system } = process.cpuUsage(before)
  return {
    set,
    ...(await scorePipeline(pipeline, folder, config)),
    trainSeconds: rounded((trained - started) / 1000),
    trainCpuSeconds: rounded((user + system) / 1e6),
  }
}

/** The score of a trained pipeline on test.yml, and on oos.txt where the folder has one. */
export async function scorePipeline(pipeline: Pipeline, folder: string, config: string): Promise<NluScore> {
  const unseen = await readProject({ root: folder, config: resolve(config), domain: [], data: 'test.yml' })
  const started = performance.now()
  const parsed: Parsed[] = []
  for (const example of unseen.nlu.examples) parsed.push(await parse(pipeline, example))
  const ended = performance.now()
  return {
    messages: parsed.length,
    accuracy: rounded(parsed.filter(({ isRight }) => isRight).length / parsed.length),
    ece: calibrationError(parsed),
    entityF1: entityF1(parsed),
    oosAUROC: await outOfScope(pipeline, folder, parsed),
    microsecondsPerMessage: Math.round(((ended - started) * 1000) / parsed.length),
  }
}

async function parse(pipeline: Pipeline, example: NluExample): Promise<Parsed> {
  const { intent, entities } = await pipeline.parse(example.text)
  const span = ({ start, end, entity }: { start?: number; end?: number; entity: string }): string =>
    `${start ?? 0} ${end ?? 0} ${entity}`
  return {
    isRight: intent.name === example.intent,
    confidence: intent.confidence ?? 0,
    found: new Set(entities.map(span)),
    wanted: new Set(example.entities.map(span)),
  }
}

async function outOfScope(
  pipeline: Pipeline,
  folder: string,
  parsed: readonly Parsed[],
): Promise<number | null> {
  const file = join(folder, 'oos.txt')
  if (!existsSync(file)) return null
  const outside: number[] = []
  for (const line of readFileSync(file, 'utf8').split('\n'))
    if (line.trim() !== '') outside.push((await pipeline.parse(line)).intent.confidence ?? 0)
  return rounded(
    areaUnderCurve(
      parsed.map(({ confidence }) => confidence),
      outside,
    ),
  )
}

/** The share of pairs in which the inner number is the higher one; a tie counts half. */
export function areaUnderCurve(inside: readonly number[], outside: readonly number[]): number {
  const sorted = [...outside].sort((a, b) => a - b)
  const below = (value: number, isEqualToo: boolean): number => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const other = sorted[middle] ?? 0
      if (other < value || (isEqualToo && other === value)) low = middle + 1
      else high = middle
    }
    return low
  }
  const wins = inside.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0)
  return wins / (inside.length * outside.length)
}

/** The mean difference between confidence and share of right answers over 15 bins of confidence, to four digits. */
export function calibrationError(parsed: readonly Pick<Parsed, 'confidence' | 'isRight'>[]): number {
  const bins = Array.from({ length: 15 }, () => 0)
  for (const { confidence, isRight } of parsed) {
    const bin = Math.min(14, Math.floor(confidence * 15))
    bins[bin] = (bins[bin] ?? 0) + confidence - (isRight ? 1 : 0)
  }
  return rounded(bins.reduce((sum, difference) => sum + Math.abs(difference), 0) / parsed.length)
}

function entityF1(parsed: readonly Parsed[]): number | null {
  const all = { found: 0, wanted: 0, hits: 0 }
  for (const { found, wanted } of parsed) {
    all.found += found.size
    all.wanted += wanted.size
    all.hits += found.intersection(wanted).size
  }
  return all.wanted === 0 ? null : rounded((2 * all.hits) / (all.found + all.wanted))
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

if (import.meta.main) {
  const home = process.env['NLU_HOME'] ?? join(SHARED, 'nlu')
  for (const set of process.argv.slice(2)) {
    const folder = join(home, set)
    if (!existsSync(folder)) {
      process.stderr.write(`There is no set ${folder}.\n`)
      process.exitCode = 1
      continue
    }
    const score = await scoreNlu(set, folder, process.env['CONFIG'] ?? join(home, 'config.yml'))
    process.stdout.write(`${JSON.stringify(score)}\n`)
  }
}

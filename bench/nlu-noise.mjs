// How much understanding suffers from how people type: banking77's test messages (../shared; else those of the small set) with
// typing errors, in lower case, and without punctuation, beside the messages as they are.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../packages/ml/src/index.ts'
import { readProject } from '../packages/model/src/index.ts'
import { trainPipeline } from '../packages/nlu/src/index.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const shared = join(root, '..', 'shared', 'nlu')
const isShared = existsSync(shared)
const folder = isShared ? join(shared, 'banking77') : join(root, 'packages/conformance/sets/kiosk')
const config = isShared ? join(shared, 'config.yml') : join(root, 'packages/conformance/sets/config.yml')

/** Accuracy of the same model on each kind of text. */
export async function measure() {
  const read = async data => readProject({ root: folder, config, domain: [], data })
  const training = await read('train.yml')
  const { examples } = (await read('test.yml')).nlu
  const pipeline = await trainPipeline(training.config.pipeline, training.nlu, { language: 'en', seed: 42 })
  const accuracy = async change => {
    const random = createRandom(7)
    let right = 0
    for (const { text, intent } of examples)
      right += Number((await pipeline.parse(change(text, random))).intent.name === intent)
    return Math.round((1e4 * right) / examples.length) / 1e4
  }
  return {
    set: isShared ? 'banking77' : 'kiosk',
    messages: examples.length,
    clean: await accuracy(text => text),
    lowerCase: await accuracy(text => text.toLowerCase()),
    noPunctuation: await accuracy(withoutPunctuation),
    oneTypoInFiveWords: await accuracy((text, random) => withTypos(text, random, 0.2)),
    oneTypoInThreeWords: await accuracy((text, random) => withTypos(text, random, 1 / 3)),
    allTogether: await accuracy(asTyped),
  }
}

/** Lower case, no punctuation, and a typing error in one of five words. */
export function asTyped(text, random) {
  return withTypos(withoutPunctuation(text.toLowerCase()), random, 0.2)
}

function withoutPunctuation(text) {
  return text.replaceAll(/[^\p{L}\p{N}\s]/gu, '')
}

/** In a share of the words of four letters or more: two letters change places, one is lost, doubled, or another key's. */
function withTypos(text, random, share) {
  return text
    .split(' ')
    .map(word => (word.length >= 4 && random() < share ? typo(word, random) : word))
    .join(' ')
}

function typo(word, random) {
  const at = 1 + Math.floor(random() * (word.length - 2))
  const letter = String.fromCharCode(97 + Math.floor(random() * 26))
  const [before, here, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)]
  const kinds = [
    before + next + here + after,
    before + next + after,
    before + here + here + next + after,
    before + letter + next + after,
  ]
  return kinds[Math.floor(random() * kinds.length)]
}

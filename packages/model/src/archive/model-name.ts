// Names of model files: the time of training, then two words, as Rasa names them.

const ADJECTIVES =
  'amber bold brisk calm clear crisp deft eager fair fresh gentle glad keen kind light lively lucid mellow neat noble plain proud quick quiet ripe round sharp sleek smooth solid steady sunny swift tidy vivid warm wise young'.split(
    ' ',
  )
const NOUNS =
  'anchor arch badger beacon birch bridge brook canyon cedar cliff comet coral crane delta dune ember falcon fern field finch forest garden glacier harbor heron hill island lake lantern maple meadow orchard otter pebble pine prairie raven reef ridge river sparrow stone thicket tower valley willow'.split(
    ' ',
  )

/** `20261124-101500-calm-heron.tar.gz` with a prefix such as `nlu-`; the time is the machine's own, as in Rasa. */
export function modelName(prefix: string, time: Date, random: () => number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`
  const clock = `${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? 'plain'
  return `${prefix}${day}-${clock}-${pick(ADJECTIVES)}-${pick(NOUNS)}.tar.gz`
}

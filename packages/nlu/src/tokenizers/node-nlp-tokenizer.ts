// NodeNlpTokenizer: words and their stems in some 40 languages, by node-nlp's language packages. Not one of Rasa's names: for
// bots in languages whose words have many endings. A word's stem is its lemma, which CountVectorsFeaturizer and the learners of
// intents count.

import { CodedError } from '@tabula/protocol'
import type { Token } from '../message.ts'
import type { ComponentContext, ComponentType } from '../component.ts'
import { requirePackage } from '../optional-package.ts'
import { createTokenizer, TOKENIZER_DEFAULTS } from './tokenizer.ts'
import { splitIntoTokens } from './whitespace-tokenizer.ts'

const NAME = 'NodeNlpTokenizer'

const LANGUAGES =
  'ar bn ca cs da de el en es eu fa fi fr ga gl hi hu hy id it ja ko lt ms ne nl no pl pt ro ru sl sr sv ta th tl tr uk zh'.split(
    ' ',
  )

export const nodeNlpTokenizer: ComponentType = {
  name: NAME,
  kinds: ['tokenizer'],
  requires: [],
  defaults: { ...TOKENIZER_DEFAULTS, language: null, stem: true },
  create: (options, context) => createNodeNlp(options, context),
  load: (_saved, options, context) => createNodeNlp(options, context),
}

/** What is used of a language package: classes by name, as TokenizerDe and StemmerDe. */
type LanguagePackage = Readonly<Record<string, new () => Partial<LanguageTools>>>
interface LanguageTools {
  tokenize(text: string, normalize: boolean): string[]
  stemWord(word: string): string
}

function createNodeNlp(options: Parameters<ComponentType['create']>[0], context: ComponentContext) {
  const named = options['language'] ?? context.language
  const language = typeof named === 'string' ? (named.split(/[_-]/)[0] ?? '').toLowerCase() : ''
  if (!LANGUAGES.includes(language))
    throw new CodedError(
      'nlu.option',
      `the language is ${JSON.stringify(named)}; ${NAME} knows: ${LANGUAGES.join(', ')}. Set its option language, or language in config.yml.`,
      { status: 400 },
    )
  let tools: Partial<LanguageTools> | null = null
  return createTokenizer(options, ({ text }) => {
    tools ??= loadTools(language)
    return tokenize(text, tools, options['stem'] !== false)
  })
}

/** Written without spaces: their words by the Unicode library that is built into Node, which has no stems. */
const WITHOUT_SPACES = ['ja', 'th', 'zh']

function loadTools(language: string): Partial<LanguageTools> {
  if (WITHOUT_SPACES.includes(language)) {
    const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
    return {
      tokenize: text =>
        Array.from(segmenter.segment(text), ({ segment }) => segment).filter(word => word.trim() !== ''),
    }
  }
  const exported = requirePackage(`@nlpjs/lang-${language}`, NAME) as LanguagePackage
  const suffix = `${language.charAt(0).toUpperCase()}${language.charAt(1)}`
  const tokenizer = make(exported[`Tokenizer${suffix}`])
  const stemmer = make(exported[`Stemmer${suffix}`])
  return {
    ...(tokenizer.tokenize === undefined ? {} : { tokenize: tokenizer.tokenize.bind(tokenizer) }),
    ...(stemmer.stemWord === undefined ? {} : { stemWord: stemmer.stemWord.bind(stemmer) }),
  }
}

function make(type: (new () => Partial<LanguageTools>) | undefined): Partial<LanguageTools> {
  return type === undefined ? {} : new type()
}

/** The package's words at their places in the text. Where it says a word otherwise than the text does, the text is split anew at spaces. */
function tokenize(text: string, tools: Partial<LanguageTools>, isStemmed: boolean): Token[] {
  const places = locate(text, tools.tokenize?.(text, false) ?? []) ?? splitIntoTokens(text)
  return places.map(token => {
    const stem = isStemmed ? stemOf(token.text, tools) : null
    return stem === null ? token : { ...token, lemma: stem }
  })
}

function locate(text: string, words: readonly string[]): Token[] | null {
  const lower = text.toLowerCase()
  if (words.length === 0 || lower.length !== text.length) return null
  const tokens: Token[] = []
  let from = 0
  for (const word of words) {
    const start = lower.indexOf(word.toLowerCase(), from)
    if (start < 0) return null
    from = start + word.length
    tokens.push({ text: text.slice(start, from), start, end: from })
  }
  return tokens
}

function stemOf(word: string, { stemWord }: Partial<LanguageTools>): string | null {
  if (stemWord === undefined) return null
  const stem = stemWord(word.toLowerCase())
  return typeof stem === 'string' && stem !== '' ? stem : null
}

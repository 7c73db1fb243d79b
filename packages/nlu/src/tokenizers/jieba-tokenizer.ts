// JiebaTokenizer: Chinese words by the library jieba, in its build for Node with the dictionary of the Python one.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonValue } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { SavedPart } from '@tabula/ml'
import type { Token } from '../message.ts'
import type { Component, ComponentType } from '../component.ts'
import { requirePackage } from '../optional-package.ts'
import { createTokenizer, TOKENIZER_DEFAULTS } from './tokenizer.ts'

const NAME = 'JiebaTokenizer'

export const jiebaTokenizer: ComponentType = {
  name: NAME,
  kinds: ['tokenizer'],
  requires: [],
  defaults: { ...TOKENIZER_DEFAULTS, dictionary_path: null },
  create: options => createJieba(options, readDictionaries(options['dictionary_path'])),
  load: (saved, options) => createJieba(options, readSaved(saved)),
}

/** What is used of @node-rs/jieba. */
interface Jieba {
  loadDict(dictionary: Uint8Array): void
  cut(text: string, hmm: boolean): string[]
}
interface JiebaPackage {
  readonly Jieba: { withDict(dictionary: Uint8Array): Jieba }
}

function createJieba(
  options: Parameters<ComponentType['create']>[0],
  dictionaries: readonly Uint8Array[],
): Component {
  let jieba: Jieba | null = null
  const tokenizer = createTokenizer(options, ({ text }) => {
    jieba ??= loadJieba(dictionaries)
    return cut(jieba, text)
  })
  return {
    ...tokenizer,
    // The words go into the model, as in Rasa: a server needs no dictionary folder.
    save: () => ({
      header: {},
      tensors: Object.fromEntries(dictionaries.map((bytes, index) => [`dictionary${index}`, bytes])),
    }),
  }
}

/** Some 100 ms and 60 MB: only for the first message of a pipeline that names this tokenizer. */
function loadJieba(dictionaries: readonly Uint8Array[]): Jieba {
  const { Jieba: type } = requirePackage('@node-rs/jieba', NAME) as JiebaPackage
  const { dict } = requirePackage('@node-rs/jieba/dict', NAME) as { readonly dict: Uint8Array }
  const jieba = type.withDict(dict)
  for (const dictionary of dictionaries) jieba.loadDict(dictionary)
  return jieba
}

/** Words and signs, without the spaces between them; the entire text where there is nothing else. */
function cut(jieba: Jieba, text: string): Token[] {
  const tokens: Token[] = []
  let from = 0
  // A lone surrogate has no UTF-8, which jieba reads: one sign stands in for it, of the same length.
  for (const word of jieba.cut(text.toWellFormed(), true)) {
    const end = from + word.length
    if (word.trim() !== '') tokens.push({ text: text.slice(from, end), start: from, end })
    from = end
  }
  return tokens.length === 0 ? [{ text, start: 0, end: text.length }] : tokens
}

/** Every file of the folder; each holds lines of a word, and after spaces its frequency and part of speech or not. */
function readDictionaries(path: JsonValue | undefined): Uint8Array[] {
  if (path === null || path === undefined) return []
  try {
    if (typeof path !== 'string') throw new TypeError('it is no text')
    return readdirSync(path)
      .sort()
      .map(file => join(path, file))
      .filter(file => statSync(file).isFile())
      .map(file => withFrequencies(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new CodedError(
      'nlu.option',
      `dictionary_path is ${JSON.stringify(path)}, which cannot be read: ${error instanceof Error ? error.message : String(error)}. It must be a folder of jieba dictionaries.`,
      { status: 400 },
    )
  }
}

/** A frequency may be left out in Python's jieba; then the word counts for sure. */
function withFrequencies(text: string): Uint8Array {
  const lines = text.split(/\r?\n/).flatMap(line => {
    const [word, second, third] = line.trim().split(/\s+/)
    if (word === undefined || word === '') return []
    const isNumber = second !== undefined && /^\d+$/.test(second)
    const kind = isNumber ? third : second
    return [`${word} ${isNumber ? second : '100000'}${kind === undefined ? '' : ` ${kind}`}`]
  })
  return new TextEncoder().encode(`${lines.join('\n')}\n`)
}

function readSaved({ tensors }: SavedPart): Uint8Array[] {
  return Object.values(tensors).filter(tensor => tensor instanceof Uint8Array)
}

// NodeNlpClassifier: the classifier of node-nlp inside one component, for projects that come from it. Not one of Rasa's names.
// Its own figures are low where intents are many (docs/understanding.md): DIETClassifier is the better choice.

import type { SavedPart } from '@tabula/ml'
import type { IntentPrediction, JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType } from '../component.ts'
import { requirePackage } from '../optional-package.ts'
import { intentOf, shorten, warnOfTooFewIntents } from './intent-ranking.ts'

const NAME = 'NodeNlpClassifier'

export const nodeNlpClassifier: ComponentType = {
  name: NAME,
  kinds: ['classifier'],
  requires: [],
  defaults: { language: null, ranking_length: 10, renormalize_confidences: false },
  create: (options, context) => createClassifier(options, context, null),
  load: ({ header }: SavedPart, options, context) =>
    createClassifier(options, context, (header['model'] as JsonObject | undefined) ?? null),
}

/** What is used of @nlpjs/nlp and @nlpjs/core. */
interface Nlp {
  addDocument(language: string, text: string, intent: string): void
  train(): Promise<void>
  process(language: string, text: string): Promise<{ readonly classifications: readonly Classification[] }>
  toJSON(): JsonObject
  fromJSON(json: JsonObject): void
}
interface Classification {
  readonly intent: string
  readonly score: number
}
interface NlpCore {
  readonly Container: new () => NlpContainer
  readonly containerBootstrap: (settings: object, readsEnvironment: boolean, container: NlpContainer) => void
}
interface NlpContainer {
  use(plugin: unknown): void
  registerConfiguration(tag: string, settings: JsonObject): void
}

function createClassifier(
  options: JsonObject,
  context: ComponentContext,
  saved: JsonObject | null,
): Component {
  const named = options['language'] ?? context.language
  const language = typeof named === 'string' ? (named.split(/[_-]/)[0] ?? 'en').toLowerCase() : 'en'
  let model = saved
  let nlp: Nlp | null = null
  return {
    async train(messages, _data, training) {
      const labelled = messages.flatMap(message => {
        const intent = intentOf(message)
        return intent === undefined || intent === '' ? [] : [{ text: message.text, intent }]
      })
      if (new Set(labelled.map(({ intent }) => intent)).size < 2) {
        warnOfTooFewIntents(NAME, training)
        return
      }
      nlp = createNlp(language)
      for (const { text, intent } of labelled) nlp.addDocument(language, text, intent)
      await nlp.train()
      // As JSON would hold it, so that the trained and the loaded model are one.
      model = JSON.parse(JSON.stringify(nlp.toJSON())) as JsonObject
    },
    async process(message) {
      if (model === null) {
        message.intent = { name: null, confidence: 0 }
        message.ranking = []
        return
      }
      if (nlp === null) {
        nlp = createNlp(language)
        nlp.fromJSON(structuredClone(model))
      }
      const { classifications } = await nlp.process(language, message.text)
      const ranked = classifications
        .filter(({ intent }) => intent !== 'None')
        .map(({ intent, score }): IntentPrediction => ({ name: intent, confidence: score }))
        .toSorted((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
      message.ranking = shorten(ranked, options)
      message.intent = message.ranking[0] ?? { name: null, confidence: 0 }
    },
    save: () => ({ header: model === null ? {} : { model }, tensors: {} }),
  }
}

function createNlp(language: string): Nlp {
  const { Nlp: NlpType } = requirePackage('@nlpjs/nlp', NAME) as {
    readonly Nlp: new (settings: unknown) => Nlp
  }
  const { Container, containerBootstrap } = requirePackage('@nlpjs/core', NAME) as NlpCore
  const exported = requirePackage(`@nlpjs/lang-${language}`, NAME) as Readonly<Record<string, unknown>>
  const plugin = exported[`Lang${language.charAt(0).toUpperCase()}${language.charAt(1)}`]
  if (plugin === undefined) throw new CodedError('nlu.package', `@nlpjs/lang-${language} holds no language.`)
  const container = new Container()
  // With its usual plugins, and without a look at files of the environment.
  containerBootstrap({}, false, container)
  container.use(plugin)
  // node-nlp's own settings, but for the line that it prints after every pass.
  container.registerConfiguration('nlu-??', {
    keepStopwords: true,
    nonefeatureValue: 1,
    nonedeltaMultiplier: 1.2,
    spellCheck: false,
    spellCheckDistance: 1,
    filterZeros: true,
    log: false,
  })
  return new NlpType({
    container,
    languages: [language],
    autoSave: false,
    autoLoad: false,
    calculateSentiment: false,
  })
}

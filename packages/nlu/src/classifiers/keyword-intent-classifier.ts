// Gives the intent of the first training example that stands in the message, read as a regular expression between word boundaries.

import type { JsonObject } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import type { Component, ComponentContext, ComponentType, TrainingMessage } from '../component.ts'
import type { Pattern } from '../regex/pattern.ts'
import { compilePattern, escapePattern } from '../regex/pattern.ts'

const NAME = 'KeywordIntentClassifier'

export const keywordIntentClassifier: ComponentType = {
  name: NAME,
  kinds: ['classifier'],
  requires: [],
  defaults: { case_sensitive: true },
  create: options => createClassifier(options, []),
  load: ({ header }, options) => {
    const saved = header['keywords'] as [string, string, boolean][] | undefined
    const ignoreCase = options['case_sensitive'] === false
    return createClassifier(
      options,
      (saved ?? []).map(([text, intent, plain]) => createKeyword(text, intent, plain, ignoreCase)),
    )
  },
}

interface Keyword {
  readonly text: string
  readonly intent: string
  /** Taken literally, because it is no regular expression. */
  readonly plain: boolean
  readonly pattern: Pattern
}

function createClassifier(options: JsonObject, loaded: readonly Keyword[]): Component {
  const ignoreCase = options['case_sensitive'] === false
  let keywords = loaded
  return {
    train(messages, _data, context) {
      const unique = dropDuplicates(messages, context)
      keywords = dropAmbiguous(
        [...unique].map(([text, intent]) => readKeyword(text, intent, ignoreCase, context)),
        context,
      )
    },
    process(message) {
      const intent = keywords.find(({ pattern }) => pattern.test(message.text))?.intent
      if (intent !== undefined) message.intent = { name: intent, confidence: 1 }
      else message.intent ??= { name: null, confidence: 0 }
    },
    save: () => ({
      header: { keywords: keywords.map(({ text, intent, plain }) => [text, intent, plain]) },
      tensors: {},
    }),
  }
}

/** Texts to their intents; a text that stands under two intents is left out of both. */
function dropDuplicates(
  messages: readonly TrainingMessage[],
  context: ComponentContext,
): Map<string, string> {
  const intents = new Map<string, string>()
  const duplicates = new Set<string>()
  for (const { example } of messages) {
    if (example.intent === undefined) continue
    const before = intents.get(example.text)
    if (before === undefined || before === example.intent) {
      intents.set(example.text, example.intent)
      continue
    }
    duplicates.add(example.text)
    context.warn({
      severity: 'warning',
      code: 'nlu.keyword-duplicate',
      message: `'${example.text}' is an example of '${before}' and of '${example.intent}'; as a keyword it counts for neither.`,
      hint: 'Remove one of the two examples.',
      ...(example.position === undefined ? {} : { position: example.position }),
    })
  }
  for (const text of duplicates) intents.delete(text)
  return intents
}

/** An example that is no regular expression is taken as plain text, with a warning; Rasa refuses to train on it. */
function readKeyword(text: string, intent: string, ignoreCase: boolean, context: ComponentContext): Keyword {
  try {
    return createKeyword(text, intent, false, ignoreCase)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    context.warn({
      severity: 'warning',
      code: error.code,
      message: `${NAME} takes the example '${text}' of '${intent}' as plain text. ${error.message}`,
    })
    return createKeyword(text, intent, true, ignoreCase)
  }
}

function createKeyword(text: string, intent: string, plain: boolean, ignoreCase: boolean): Keyword {
  const source = `\\b${plain ? escapePattern(text) : text}\\b`
  return { text, intent, plain, pattern: compilePattern(source, { ignoreCase, generated: true }) }
}

/** Drops what is found in a keyword of another intent. Rasa fails where that happens twice to one keyword. */
function dropAmbiguous(keywords: readonly Keyword[], context: ComponentContext): Keyword[] {
  const intents = [...Map.groupBy(keywords, ({ intent }) => intent)].map(([intent, members]) => ({
    intent,
    members,
    // Thousands of examples against each other would take minutes one by one.
    joined: members.map(({ text }) => text).join('\n'),
  }))
  return keywords.filter(keyword => {
    const { text, intent, pattern } = keyword
    for (const other of intents) {
      if (other.intent === intent) continue
      if (pattern.withinLine && !pattern.test(other.joined)) continue
      const holder = other.members.find(member => pattern.test(member.text))
      if (holder === undefined) continue
      context.warn({
        severity: 'warning',
        code: 'nlu.keyword-ambiguous',
        message: `The example '${text}' of '${intent}' also matches '${holder.text}' of '${other.intent}'; as a keyword it is left out.`,
        hint: 'Remove one of the two examples.',
      })
      return false
    }
    return true
  })
}

// What NLU data and stories add to a domain: retrieval responses with their actions, and end-to-end answers.

import type { StoryData, StoryStep } from '@tabula/dialogue'
import type { NluTrainingData } from '@tabula/nlu'
import type { DomainJson, ResponseVariation } from '@tabula/protocol'

type Responses = ReadonlyMap<string, readonly ResponseVariation[]>

/** The domain with the rest of the project's part in it; a response of an NLU file wins over the domain's of the same name. */
export function completeDomain(
  domain: DomainJson,
  nlu: Pick<NluTrainingData, 'examples'>,
  nluResponses: Responses,
  stories: readonly StoryData[],
): DomainJson {
  const retrieval = new Set(
    nlu.examples.flatMap(({ intent, intentResponseKey }) =>
      intent === undefined || intentResponseKey === undefined ? [] : [intent],
    ),
  )
  const answers = new Set(stories.flatMap(({ steps }) => steps.flatMap(answerOf)))
  if (retrieval.size === 0 && nluResponses.size === 0 && answers.size === 0) return domain
  const known = new Set((domain.actions ?? []).map(nameOf))
  const added = [...retrieval].map(intent => `utter_${intent}`).filter(name => !known.has(name))
  return {
    ...domain,
    ...(retrieval.size === 0 ? {} : { intents: withRetrieval(domain.intents ?? [], retrieval) }),
    ...(nluResponses.size === 0
      ? {}
      : { responses: { ...domain.responses, ...Object.fromEntries(nluResponses) } }),
    ...(added.length === 0 ? {} : { actions: [...(domain.actions ?? []), ...added] }),
    ...(answers.size === 0
      ? {}
      : { e2e_actions: [...new Set([...(domain.e2e_actions ?? []), ...answers])].sort() }),
  }
}

type IntentEntry = NonNullable<DomainJson['intents']>[number]

function withRetrieval(intents: readonly IntentEntry[], retrieval: ReadonlySet<string>): IntentEntry[] {
  const listed = new Set(intents.map(nameOf))
  const mark = (name: string, options: object): IntentEntry => ({
    [name]: { ...options, is_retrieval_intent: true },
  })
  return [
    ...intents.map(item => {
      const name = nameOf(item)
      if (!retrieval.has(name)) return item
      return mark(name, typeof item === 'string' ? {} : (item[name] ?? {}))
    }),
    ...[...retrieval].filter(name => !listed.has(name)).map(name => mark(name, {})),
  ]
}

function nameOf(item: string | object): string {
  return typeof item === 'string' ? item : (Object.keys(item)[0] ?? '')
}

function answerOf(step: StoryStep): string[] {
  return step.kind === 'bot' ? [step.text] : []
}

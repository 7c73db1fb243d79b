// The figures of played stories, in the shape of Rasa's story_report.json.

import type { Entity } from '@tabula/protocol'
import { classificationReport, type ClassificationReport } from './classification-report.ts'
import type { ActionResult, MessageResult, PlayedStory, StoryEvaluation } from './evaluate-stories.ts'

export interface StoryReport {
  /** Scores by action (and, end to end, by intent and entity), with `conversation_accuracy`. */
  readonly report: Readonly<Record<string, unknown>>
  /** Of actions alone. */
  readonly actions: ClassificationReport
  readonly conversations: { readonly correct: number; readonly withWarnings: number; readonly total: number }
  /** Share of the actions that policies predicted which remember, and do not generalize. */
  readonly inTrainingData: number
}

/** Policies whose predictions come from what was written, not from what was learned. */
const WRITTEN = ['RulePolicy', 'MemoizationPolicy', 'AugmentedMemoizationPolicy']

/** The report over all stories. */
export function storyReport({ stories }: StoryEvaluation): StoryReport {
  const actions = stories.flatMap(actionsOf)
  const messages = stories.flatMap(messagesOf)
  const pairs = [
    ...actions.map(({ expected, predicted }) => [expected, predicted] as const),
    ...messages.map(({ expected, predicted }) => [expected.intent, predicted.intent] as const),
    // Entities of a message without words have no places to be compared at.
    ...messages.filter(({ text }) => text !== '').flatMap(entityPairs),
  ]
  const correct = stories.filter(({ isRight }) => isRight).length
  const withWarnings = stories.filter(({ isRight, hasWarnings }) => isRight && hasWarnings).length
  const { report } = classificationReport(
    pairs.map(([expected]) => expected),
    pairs.map(([, predicted]) => predicted),
  )
  const plain = Object.fromEntries(
    Object.entries(report).map(([label, scores]) => [label, withoutConfusion(scores)]),
  )
  const total = stories.length
  return {
    report: {
      ...plain,
      ...(total === 0
        ? {}
        : {
            conversation_accuracy: {
              accuracy: correct / total,
              correct,
              with_warnings: withWarnings,
              total,
            },
          }),
    },
    actions: classificationReport(
      actions.map(({ expected }) => expected),
      actions.map(({ predicted }) => predicted),
    ),
    conversations: { correct, withWarnings, total },
    inTrainingData:
      actions.length === 0
        ? 0
        : actions.filter(({ policy }) => policy !== null && WRITTEN.includes(policy)).length / actions.length,
  }
}

export function actionsOf({ steps }: PlayedStory): ActionResult[] {
  return steps.flatMap(step => (step.kind === 'action' ? [step.result] : []))
}

export function messagesOf({ steps }: PlayedStory): MessageResult[] {
  return steps.flatMap(step => (step.kind === 'user' && step.result !== null ? [step.result] : []))
}

function withoutConfusion(scores: unknown): unknown {
  if (typeof scores !== 'object' || scores === null) return scores
  return Object.fromEntries(Object.entries(scores).filter(([key]) => key !== 'confused_with'))
}

/** Expected and found entities of a message at the same place stand beside each other, all others beside `None`. */
function entityPairs({ text, expected, predicted }: MessageResult): (readonly [string, string])[] {
  const placeOf = ({ start, end }: Entity): string => `${start ?? ''}-${end ?? ''}`
  const found = new Map(predicted.entities.map(entity => [placeOf(entity), entity]))
  const pairs = expected.entities.map(entity => {
    const other = found.get(placeOf(entity))
    found.delete(placeOf(entity))
    return [annotation(text, entity), other === undefined ? 'None' : annotation(text, other)] as const
  })
  return [...pairs, ...[...found.values()].map(entity => ['None', annotation(text, entity)] as const)]
}

function annotation(text: string, { start = 0, end = 0, entity, value }: Entity): string {
  const words = Array.from(text).slice(start, end).join('')
  return value === words
    ? `[${words}](${entity})`
    : `[${words}]{"entity": "${entity}", "value": ${JSON.stringify(value)}}`
}

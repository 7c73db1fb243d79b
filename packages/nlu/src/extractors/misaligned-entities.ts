// Points out annotations that begin or end within a word: no tagger of words can find such entities.

import type { ComponentContext, TrainingMessage } from '../component.ts'

const warned = new WeakSet<TrainingMessage['example']>()

/** One warning an example; the same data warns once, whichever extractors learn from it. */
export function warnOfMisalignedEntities(
  messages: readonly TrainingMessage[],
  { warn }: ComponentContext,
): void {
  for (const { tokens, example } of messages) {
    const wrong = example.entities.find(
      ({ start, end }) =>
        !tokens.some(token => token.start === start) || !tokens.some(token => token.end === end),
    )
    if (wrong === undefined || warned.has(example)) continue
    warned.add(example)
    warn({
      severity: 'warning',
      code: 'nlu.misaligned-entity',
      message: `The entity '${wrong.entity}' in "${example.text}" begins or ends within a word ("${example.text.slice(wrong.start, wrong.end)}").`,
      hint: `The words are ${tokens.map(({ text }) => `"${text}"`).join(', ')}: annotate whole ones.`,
      ...(example.position === undefined ? {} : { position: example.position }),
    })
  }
}

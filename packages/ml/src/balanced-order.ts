// The order in which examples are learned: Rasa's balanced batches.

import { type Random, range, shuffle } from './random.ts'

/** An order of the examples in which rare labels come in every other batch, some of them several times. */
export function balancedOrder(labels: Uint32Array, batchSize: number, random: Random): number[] {
  const byLabel = [...Map.groupBy(labels.keys(), index => labels[index] ?? 0).values()]
  for (const own of byLabel) shuffle(own, random)
  const states = byLabel.map(own => ({ own, next: 0, cycles: 0, isSkipped: false }))
  const order: number[] = []
  while (states.some(({ cycles }) => cycles === 0)) {
    const turn = range(states.length)
    shuffle(turn, random)
    for (const index of turn) {
      const state = states[index]
      if (state === undefined) continue
      if (state.cycles > 0 && !state.isSkipped) {
        state.isSkipped = true
        continue
      }
      state.isSkipped = false
      const count = Math.floor((state.own.length / labels.length) * batchSize) + 1
      order.push(...state.own.slice(state.next, state.next + count))
      state.next += count
      if (state.next >= state.own.length) {
        state.cycles += 1
        state.next = 0
      }
      if (states.every(({ cycles }) => cycles > 0)) break
    }
  }
  return order
}

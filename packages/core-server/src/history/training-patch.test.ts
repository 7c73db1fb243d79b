import test from 'ava'
import type { MisunderstoodMessage } from './history-types.ts'
import { trainingPatch } from './training-patch.ts'

function labelled(text: string, intent: string, entities: readonly object[] = []): MisunderstoodMessage {
  return { text, label: { intent, entities } } as unknown as MisunderstoodMessage
}

test('labelled messages become training data: once each, with their entities, on one line', t => {
  const order = { entity: 'order_number', start: 3, end: 8 }
  const patch = trainingPatch([
    labelled('😀 wo 12345\nist es', 'order_status', [{ ...order, start: 5, end: 10 }]),
    labelled('12345', 'order_status', [{ ...order, start: 0, end: 5, role: 'shop' }]),
    labelled('dosh please', 'ask_refund'),
    labelled('dosh please', 'ask_refund'),
  ])
  t.is(
    patch,
    `version: "3.1"
nlu:
  - intent: order_status
    examples: |
      - 😀 wo [12345](order_number) ist es
      - [12345]{"entity":"order_number","role":"shop"}
  - intent: ask_refund
    examples: |
      - dosh please
`,
  )
})

test('what a visitor wrote like an entity does not become one', t => {
  const patch = trainingPatch([
    labelled('see [my page](javascript:alert) and [x]{"entity": "role"} and [a][b]', 'greet'),
  ])
  t.regex(patch, /- see \[my page\] \(javascript:alert\) and \[x\] \{"entity": "role"\} and \[a\] \[b\]\n/)
})

import test from 'ava'
import fc from 'fast-check'
import { ByteGate } from './byte-gate.ts'

test('calls of long conversations do not fill the memory: never more under way than the bound and one, in order', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 40 }), async sizes => {
      const gate = new ByteGate(100)
      let held = 0
      const begun: number[] = []
      await Promise.all(
        sizes.map((size, index) =>
          gate.pass(
            () => {
              t.true(held < 100, 'it is made when there is room')
              held += size
              begun.push(index)
              return { json: Buffer.alloc(size) }
            },
            async () => {
              await new Promise(resolve => setImmediate(resolve))
              held -= size
            },
          ),
        ),
      )
      t.deepEqual(begun, [...sizes.keys()])
      t.is(held, 0)
    }),
    { numRuns: 50 },
  )
})

test('a call that fails, or cannot be written, makes room for the next', async t => {
  const gate = new ByteGate(10)
  const body = { json: Buffer.alloc(50) }
  const failing = gate.pass(
    () => body,
    () => Promise.reject(new Error('reset')),
  )
  const unwritten = gate.pass(
    (): { json: Buffer } => {
      throw new Error('unwritten')
    },
    async () => undefined,
  )
  const last = gate.pass(
    () => body,
    async () => 'answered',
  )
  await t.throwsAsync(failing, { message: 'reset' })
  await t.throwsAsync(unwritten, { message: 'unwritten' })
  t.is(await last, 'answered')
})

import test from 'ava'
import { together } from './together.ts'

test('two pieces of work give both results', async t => {
  t.deepEqual(await together([() => Promise.resolve(1), () => Promise.resolve('two')]), [1, 'two'])
})

test('the failure of one stops the other, and is the one that is told', async t => {
  let reason: unknown
  const waiting = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
        reject(new Error('stopped'))
      })
    })
  await t.throwsAsync(together([waiting, () => Promise.reject(new Error('wrong'))]), { message: 'wrong' })
  t.is((reason as Error).message, 'wrong')
})

test('both end when they are told from outside', async t => {
  const stop = new AbortController()
  const waiting = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error)
      })
    })
  const both = together([waiting, waiting], stop.signal)
  stop.abort(new Error('enough'))
  await t.throwsAsync(both, { message: 'enough' })
})

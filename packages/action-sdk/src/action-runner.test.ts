import test from 'ava'
import type { DomainJson } from '@tabula/protocol'
import { actionCall } from '../test/action-call.ts'
import { recordingLog } from '../test/recording-log.ts'
import { ActionExecutionRejection, defineAction } from './action.ts'
import { actionRunner } from './action-runner.ts'
import { slotSet } from './events.ts'

test('an action’s events and messages come back as over HTTP', async t => {
  const greet = defineAction({
    name: 'action_greet',
    async run(dispatcher, tracker) {
      dispatcher.utterMessage({ text: `Hello ${tracker.senderId}` })
      return [slotSet('greeted', true)]
    },
  })
  const outcome = await actionRunner([greet]).run(actionCall('action_greet'))
  t.is(outcome.kind, 'done')
  if (outcome.kind !== 'done') return
  t.deepEqual(outcome.reply.events, [{ event: 'slot', name: 'greeted', value: true }])
  t.like(outcome.reply.responses[0], { text: 'Hello ann' })
})

test('an action that returns nothing has run all the same', async t => {
  const silent = defineAction({
    name: 'action_silent',
    run() {
      return null
    },
  })
  t.deepEqual(await actionRunner([silent]).run(actionCall('action_silent')), {
    kind: 'done',
    reply: { events: [], responses: [] },
  })
})

test('a rejection, an unknown action and a failure are told apart, and only the failure is logged with its stack', async t => {
  const log = recordingLog()
  const runner = actionRunner(
    [
      defineAction({
        name: 'action_no',
        run() {
          throw new ActionExecutionRejection('action_no')
        },
      }),
      defineAction({
        name: 'action_broken',
        run() {
          throw new Error('The shop is closed.')
        },
      }),
    ],
    { log },
  )
  t.deepEqual(await runner.run(actionCall('action_no')), {
    kind: 'rejected',
    action: 'action_no',
    message: "Custom action 'action_no' rejected execution.",
  })
  t.deepEqual(await runner.run(actionCall('action_missing')), {
    kind: 'failed',
    message: "action_missing: No registered action found for name 'action_missing'.",
  })
  t.deepEqual(await runner.run(actionCall('action_broken')), {
    kind: 'failed',
    message: 'action_broken: The shop is closed.',
  })
  t.deepEqual(
    log.entries.map(({ action, message }) => [action, message]),
    [['action_broken', 'action_broken failed.']],
  )
  t.regex(String((log.entries[0]?.err as Error).stack), /action-runner\.test\.ts/)
})

test('a handler cannot change the assistant’s own state or domain', async t => {
  const call = actionCall(
    'action_change',
    { slots: { list: [1] }, events: [{ event: 'bot', text: 'said', data: {} }] },
    { slots: { list: { type: 'any', mappings: [] } } } satisfies DomainJson,
  )
  const before = structuredClone(call)
  const log = recordingLog()
  const change = defineAction({
    name: 'action_change',
    run(_dispatcher, tracker, domain) {
      tracker.slots['list'] = 'mine'
      Reflect.set(tracker.events[0] ?? {}, 'text', 'changed')
      t.false(Reflect.set(domain, 'slots', {}))
      return []
    },
  })
  t.is((await actionRunner([change], { log }).run(call)).kind, 'done')
  t.deepEqual(call, before)
})

test('a call that is given up ends at once, though the action goes on', async t => {
  const log = recordingLog()
  const endless = defineAction({ name: 'action_endless', run: () => new Promise<never>(() => undefined) })
  const given = new AbortController()
  const running = actionRunner([endless], { log }).run(actionCall('action_endless'), { signal: given.signal })
  given.abort()
  t.deepEqual(await running, {
    kind: 'failed',
    message: 'action_endless: The call was given up before the action had ended.',
  })
})

test('what is no event is left out with a word in the log, as in rasa-sdk', async t => {
  const log = recordingLog()
  const odd = { name: 'action_odd', run: (): never => ['text', { name: 'x' }, slotSet('a', 1)] as never }
  const outcome = await actionRunner([odd], { log }).run(actionCall('action_odd'))
  t.like(outcome, { kind: 'done', reply: { events: [{ event: 'slot', name: 'a', value: 1 }] } })
  t.is(log.entries.filter(entry => entry.code === 'actions.no-event').length, 2)
})

test('two actions of one name are refused by that name', t => {
  const one = { name: 'action_twice', run: () => null }
  t.throws(() => actionRunner([one, { ...one }]), { message: /name action_twice\./ })
})

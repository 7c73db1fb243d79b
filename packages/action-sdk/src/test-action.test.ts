import test from 'ava'
import { ActionExecutionRejection, defineAction } from './action.ts'
import { slotSet } from './events.ts'
import { testAction } from './test-action.ts'

const echo = defineAction({
  name: 'action_echo',
  run(dispatcher, tracker, _domain, { signal }) {
    if (tracker.getIntentOfLatestMessage() === 'deny') throw new ActionExecutionRejection('action_echo')
    dispatcher.utterMessage({ text: `${tracker.latestMessage.text} ${tracker.activeLoopName}` })
    dispatcher.respond('utter_done', { count: 1 })
    return [slotSet('seen', tracker.getLatestEntityValues('city')), slotSet('open', !signal.aborted)]
  },
})

test('a test of an action gives only what it is about, and sees what was said and set', async t => {
  const entities = [{ entity: 'city', value: 'Rome' }]
  const { texts, slots, messages } = await testAction(echo, {
    text: 'to Rome',
    entities,
    activeLoop: 'trip_form',
  })
  t.deepEqual(texts, ['to Rome trip_form', 'utter_done'])
  t.like(messages[1], { response: 'utter_done', count: 1 })
  t.deepEqual(slots, { seen: ['Rome'], open: true })
})

test('what an action throws reaches its test', async t => {
  await t.throwsAsync(testAction(echo, { intent: 'deny' }), { instanceOf: ActionExecutionRejection })
})

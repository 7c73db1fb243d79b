// The beginning of a session, restarts, and handing over to others.

import {
  actionExecuted,
  defineAction,
  followupAction,
  restarted,
  sessionStarted,
  slotSet,
} from '@tabula/action-sdk'

export const sessionStart = defineAction({
  name: 'action_session_start',
  run(_dispatcher, tracker) {
    const last = tracker.events.findLastIndex(event => event.event === 'session_started')
    const kept = tracker.events
      .slice(last + 1)
      .flatMap(event =>
        event.event === 'slot' && event.name === 'currency' ? [slotSet('currency', event.value)] : [],
      )
    return [sessionStarted(), ...kept, slotSet('currency', '$'), actionExecuted('action_listen')]
  },
})

export const restart = defineAction({
  name: 'action_restart',
  run: () => [restarted(), followupAction('action_session_start')],
})

export const handoffOptions = defineAction({
  name: 'action_handoff_options',
  run(dispatcher) {
    dispatcher.utterMessage({
      text: "I can't transfer you to a human, but I can transfer you to one of these bots",
      buttons: [
        { title: 'Helpdesk Assistant', payload: '/trigger_handoff{"handoff_to":"helpdesk_assistant"}' },
      ],
    })
    return []
  },
})

export const handoff = defineAction({
  name: 'action_handoff',
  run(dispatcher) {
    dispatcher.respond('utter_handoff')
    dispatcher.respond('utter_no_handoff')
    return []
  },
})

// One form in the middle of another: asked for, done, or left.

import { defineAction, slotSet } from '@tabula/action-sdk'
import type { JsonValue } from '@tabula/action-sdk'

const FORM_NAMES: Readonly<Record<string, string>> = {
  cc_payment_form: 'credit card payment',
  transfer_money_form: 'money transfer',
  transaction_search_form: 'transaction search',
}
const FORM_OF_INTENT: Readonly<Record<string, string>> = {
  pay_cc: 'cc_payment_form',
  transfer_money: 'transfer_money_form',
  search_transactions: 'transaction_search_form',
  check_earnings: 'transaction_search_form',
}
const YES_OR_NO = [
  { payload: '/affirm', title: 'Yes' },
  { payload: '/deny', title: 'No' },
]

const called = (form: JsonValue): string => (typeof form === 'string' ? (FORM_NAMES[form] ?? form) : '')

export const switchFormsAsk = defineAction({
  name: 'action_switch_forms_ask',
  run(dispatcher, tracker) {
    const next = FORM_OF_INTENT[tracker.getIntentOfLatestMessage() ?? ''] ?? null
    dispatcher.utterMessage({
      text: `We haven't completed the ${called(tracker.activeLoopName)} yet. Are you sure you want to switch to ${called(next)}?`,
      buttons: YES_OR_NO,
    })
    return [slotSet('next_form_name', next)]
  },
})

export const switchFormsDeny = defineAction({
  name: 'action_switch_forms_deny',
  run(dispatcher, tracker) {
    dispatcher.utterMessage({ text: `Ok, let's continue with the ${called(tracker.activeLoopName)}.` })
    return [slotSet('next_form_name', null)]
  },
})

export const switchFormsAffirm = defineAction({
  name: 'action_switch_forms_affirm',
  run(dispatcher, tracker) {
    const form = tracker.activeLoopName
    const next = called(tracker.getSlot('next_form_name'))
    dispatcher.utterMessage({
      text: `Great. Let's switch from the ${called(form)} to ${next}. Once completed, you will have the option to switch back.`,
    })
    return [slotSet('previous_form_name', form), slotSet('next_form_name', null)]
  },
})

export const switchBackAsk = defineAction({
  name: 'action_switch_back_ask',
  run(dispatcher, tracker) {
    const previous = tracker.getSlot('previous_form_name')
    dispatcher.utterMessage({
      text: `Would you like to go back to the ${called(previous)} now?`,
      buttons: YES_OR_NO,
    })
    return [slotSet('previous_form_name', null)]
  },
})

// What a form leads to: the payment, the transfer or the search, or a word that it was called off.

import { defineAction, slotSet } from '@tabula/action-sdk'
import type { Action, ActionEvent, CollectingDispatcher, Tracker } from '@tabula/action-sdk'
import { accountBalance, money } from './bank.ts'

interface Finish {
  readonly name: string
  readonly cancelled: string
  /** The slots that the next form finds empty. */
  readonly emptied: readonly string[]
  /** What was confirmed is done; the events besides the emptying. */
  readonly confirmed: (dispatcher: CollectingDispatcher, tracker: Tracker) => ActionEvent[]
}

const TIMES = [
  'time',
  'time_formatted',
  'start_time',
  'end_time',
  'start_time_formatted',
  'end_time_formatted',
  'grain',
]

function finishForm({ name, cancelled, emptied, confirmed }: Finish): Action {
  return defineAction({
    name,
    run(dispatcher, tracker) {
      const empty = ['AA_CONTINUE_FORM', 'zz_confirm_form', ...emptied].map(slot => slotSet(slot, null))
      if (tracker.getSlot('zz_confirm_form') === 'yes') return [...empty, ...confirmed(dispatcher, tracker)]
      dispatcher.respond(cancelled)
      return empty
    },
  })
}

export const payCc = finishForm({
  name: 'action_pay_cc',
  cancelled: 'utter_cc_pay_cancelled',
  emptied: ['credit_card', 'account_type', 'amount-of-money', ...TIMES, 'number'],
  confirmed(dispatcher, tracker) {
    dispatcher.respond('utter_cc_pay_scheduled')
    return spend(tracker)
  },
})

export const transferMoney = finishForm({
  name: 'action_transfer_money',
  cancelled: 'utter_transfer_cancelled',
  emptied: ['PERSON', 'amount-of-money', 'number'],
  confirmed(dispatcher, tracker) {
    dispatcher.respond('utter_transfer_complete')
    return spend(tracker)
  },
})

export const transactionSearch = finishForm({
  name: 'action_transaction_search',
  cancelled: 'utter_transaction_search_cancelled',
  emptied: [...TIMES, 'search_type', 'vendor_name'],
  confirmed(dispatcher, tracker) {
    const kind = tracker.getSlot('search_type') === 'spend' ? 'spend' : 'deposit'
    const vendor = tracker.getSlot('vendor_name')
    const vendor_name = typeof vendor === 'string' ? ` with ${vendor}` : ''
    dispatcher.respond(`utter_searching_${kind}_transactions`, { vendor_name })
    const total = money(accountBalance(tracker.senderId) / 100)
    dispatcher.respond(`utter_found_${kind}_transactions`, { vendor_name, numtransacts: 3, total })
    return []
  },
})

export const askSearchConfirmation = defineAction({
  name: 'action_ask_transaction_search_form_zz_confirm_form',
  run(dispatcher, tracker) {
    const kind = tracker.getSlot('search_type') === 'spend' ? 'transactions' : 'deposits'
    const time = tracker.getSlot('time_formatted')
    dispatcher.utterMessage({
      text: `Do you want to search for ${kind} of ${typeof time === 'string' ? time : 'all times'}?`,
      buttons: [
        { payload: '/affirm', title: 'Yes' },
        { payload: '/deny', title: 'No, cancel the search' },
      ],
    })
    return []
  },
})

function spend(tracker: Tracker): ActionEvent[] {
  const before = Number(tracker.getSlot('amount_transferred') ?? 0)
  return [slotSet('amount_transferred', before + Number(tracker.getSlot('amount-of-money') ?? 0))]
}

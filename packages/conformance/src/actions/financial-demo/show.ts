// What the customer may ask at any time, also in the middle of a form, which then asks whether to go on.

import { defineAction, followupAction, slotSet, userUtteranceReverted } from '@tabula/action-sdk'
import type { ActionEvent, Tracker } from '@tabula/action-sdk'
import { accountBalance, cardBalance, CREDIT_CARDS, findCard, money, RECIPIENTS } from './bank.ts'

export const showBalance = defineAction({
  name: 'action_show_balance',
  run(dispatcher, tracker) {
    if (tracker.getSlot('account_type') === 'credit') {
      const named = tracker.getSlot('credit_card')
      const card = typeof named === 'string' ? findCard(named) : null
      for (const name of card === null ? CREDIT_CARDS : [card]) {
        const credit_card_balance = money(cardBalance(tracker.senderId, name))
        dispatcher.respond('utter_credit_card_balance', { credit_card: name, credit_card_balance })
      }
      return backToForm(tracker)
    }
    const balance = accountBalance(tracker.senderId)
    const transferred = Number(tracker.getSlot('amount_transferred') ?? 0)
    if (transferred > 0) {
      dispatcher.respond('utter_changed_account_balance', {
        init_account_balance: money(balance),
        account_balance: money(balance - transferred),
      })
    } else dispatcher.respond('utter_account_balance', { init_account_balance: money(balance) })
    return backToForm(tracker)
  },
})

export const showRecipients = defineAction({
  name: 'action_show_recipients',
  run(dispatcher, tracker) {
    const formatted_recipients = RECIPIENTS.map(recipient => `\n- ${recipient}`).join('')
    dispatcher.respond('utter_recipients', { formatted_recipients })
    return backToForm(tracker)
  },
})

export const showTransferCharge = defineAction({
  name: 'action_show_transfer_charge',
  run(dispatcher, tracker) {
    dispatcher.respond('utter_transfer_charge')
    return backToForm(tracker)
  },
})

function backToForm(tracker: Tracker): ActionEvent[] {
  const form = tracker.activeLoopName
  if (form === null) return []
  return [userUtteranceReverted(), slotSet('AA_CONTINUE_FORM', null), followupAction(form)]
}

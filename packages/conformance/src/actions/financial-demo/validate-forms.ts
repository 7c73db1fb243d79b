// What the three forms check.

import { FormValidationAction } from '@tabula/action-sdk'
import type { CollectingDispatcher, JsonValue, Tracker } from '@tabula/action-sdk'
import { cardBalance, findCard, findRecipient, money } from './bank.ts'

/** Every form asks first whether to go on, where it was interrupted, and last whether all is right. */
abstract class ValidateForm extends FormValidationAction {
  validate_AA_CONTINUE_FORM(value: JsonValue) {
    if (value === 'yes') return { AA_CONTINUE_FORM: 'yes' }
    // Nothing more is asked, and the action behind the form finds that it was called off.
    if (value === 'no') return { AA_CONTINUE_FORM: 'no', requested_slot: null, zz_confirm_form: 'no' }
    return { AA_CONTINUE_FORM: null }
  }

  validate_zz_confirm_form(value: JsonValue) {
    return { zz_confirm_form: value === 'yes' || value === 'no' ? value : null }
  }
}

export class ValidateCcPaymentForm extends ValidateForm {
  readonly name = 'validate_cc_payment_form'

  validate_credit_card(value: JsonValue, dispatcher: CollectingDispatcher) {
    const card = typeof value === 'string' ? findCard(value) : null
    if (card === null) dispatcher.respond('utter_no_creditcard')
    return { credit_card: card }
  }

  validate_amount_of_money(value: JsonValue, dispatcher: CollectingDispatcher, tracker: Tracker) {
    const card = tracker.getSlot('credit_card')
    const balance = /^(?:(minimum|current|full) )?balance$/i.exec(textOf(value))
    if (balance !== null && typeof card === 'string' && findCard(card) !== null) {
      const owed = cardBalance(tracker.senderId, findCard(card) ?? '')
      return {
        'amount-of-money': money(balance[1] === 'minimum' ? owed * 0.1 : owed),
        payment_amount_type: `(your ${textOf(value)})`,
      }
    }
    const amount = readAmount(value)
    if (amount === null) dispatcher.respond('utter_no_payment_amount')
    return { 'amount-of-money': amount }
  }

  validate_time(value: JsonValue, dispatcher: CollectingDispatcher, tracker: Tracker) {
    return readTime(value, tracker) ?? refuse(dispatcher, 'utter_no_paymentdate')
  }
}

export class ValidateTransferMoneyForm extends ValidateForm {
  readonly name = 'validate_transfer_money_form'

  validate_PERSON(value: JsonValue, dispatcher: CollectingDispatcher) {
    const recipient = typeof value === 'string' ? findRecipient(value) : null
    if (recipient === null) dispatcher.respond('utter_unknown_recipient', { PERSON: value })
    return { PERSON: recipient }
  }

  validate_amount_of_money(value: JsonValue, dispatcher: CollectingDispatcher) {
    const amount = readAmount(value)
    if (amount === null) dispatcher.respond('utter_no_payment_amount')
    return { 'amount-of-money': amount }
  }
}

export class ValidateTransactionSearchForm extends ValidateForm {
  readonly name = 'validate_transaction_search_form'

  /** Spending is searched by vendor, which is asked for first. */
  override requiredSlots(
    domainSlots: readonly string[],
    _dispatcher: CollectingDispatcher,
    tracker: Tracker,
  ): readonly string[] {
    const isVendorMissing =
      tracker.getSlot('search_type') === 'spend' && tracker.getSlot('vendor_name') === null
    return isVendorMissing ? ['vendor_name', ...domainSlots] : domainSlots
  }

  validate_search_type(value: JsonValue) {
    return { search_type: value === 'spend' || value === 'deposit' ? value : null }
  }

  validate_time(value: JsonValue, dispatcher: CollectingDispatcher, tracker: Tracker) {
    return readTime(value, tracker) ?? refuse(dispatcher, 'utter_no_transactdate')
  }
}

function refuse(dispatcher: CollectingDispatcher, response: string) {
  dispatcher.respond(response)
  return { time: null }
}

function readAmount(value: JsonValue): string | null {
  const digits = /\d[\d,]*(?:\.\d+)?/.exec(textOf(value))?.[0]
  return digits === undefined ? null : money(Number(digits.replaceAll(',', '')))
}

/** Only a time that an extractor of times has understood, with its grain, counts. */
function readTime(value: JsonValue, tracker: Tracker) {
  const entity = tracker.latestMessage.entities.find(each => each.entity === 'time')
  const info = entity?.additional_info
  if (typeof info !== 'object' || info === null || !('grain' in info)) return null
  const formatted = textOf(value)
  return {
    time: value,
    time_formatted: formatted,
    start_time_formatted: formatted,
    end_time_formatted: formatted,
  }
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

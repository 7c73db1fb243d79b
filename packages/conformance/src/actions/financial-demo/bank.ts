// The bank behind the assistant: each sender has accounts and balances of its own, the same in every call.

import { createHash } from 'node:crypto'

export const CREDIT_CARDS = ['Iron Bank', 'Credit All', 'Emblem', 'Justice Bank']

export const RECIPIENTS = [
  'Katy Parrow',
  'Evan Oslo',
  'William Baker',
  'Karen Lancaster',
  'Kyle Gardner',
  'John Jacob',
  'Percy Donald',
  'Lisa Macintyre',
]

/** The sender's bank account, before what was transferred. */
export function accountBalance(sender: string): number {
  return 180_000 + draw(sender, 'account') * 20_000
}

/** What is owed on the card. */
export function cardBalance(sender: string, card: string): number {
  return draw(sender, card) * 500
}

/** The card of that name, however it was written, or null. */
export function findCard(name: string): string | null {
  return CREDIT_CARDS.find(card => card.toLowerCase() === name.trim().toLowerCase()) ?? null
}

/** The recipient with that name, or with that first name. */
export function findRecipient(name: string): string | null {
  const wanted = name.trim().toLowerCase()
  return (
    RECIPIENTS.find(recipient => {
      const full = recipient.toLowerCase()
      return full === wanted || full.split(' ')[0] === wanted
    }) ?? null
  )
}

export function money(amount: number): string {
  return amount.toFixed(2)
}

/** A number from 0 up to 1 that is always the same for the sender and what it is for. */
function draw(sender: string, what: string): number {
  return createHash('sha256').update(`${sender} ${what}`).digest().readUInt32BE(0) / 2 ** 32
}

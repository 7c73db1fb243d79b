// Names of keys. All keys of a conversation lie in the slot of Rasa's own key, so that one script may touch them together.

/** Rasa's key of the conversation. */
export function rasaKey(prefix: string, sender: string): string {
  return `${prefix}tracker:${sender}`
}

/**
 * What our keys of the conversation begin with. The part in braces decides the slot: it is Rasa's key, but for ids that
 * hold braces themselves, which would let a client choose the slot; those are written encoded, under a mark of their own.
 */
export function slotOf(prefix: string, sender: string): string {
  if (!/[{}]/.test(sender)) return `{${rasaKey(prefix, sender)}}:`
  const encoded = sender.replaceAll('%', '%25').replaceAll('{', '%7B').replaceAll('}', '%7D')
  return `{${rasaKey(prefix, encoded)}}:braces:`
}

/** Whether Rasa's key lies in the slot of ours. */
export function sharesSlot(sender: string): boolean {
  return !/[{}]/.test(sender)
}

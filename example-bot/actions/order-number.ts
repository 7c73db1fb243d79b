// What counts as an order number: two letters, a dash, five digits. People leave out the dash, or type spaces.

const ALONE = /^([a-z]{2})(\d{5})$/i
const IN_A_SENTENCE = /(?<![\p{L}\p{N}])([a-z]{2})(?:\s?[-–]\s?)?(\d{5})(?!\d)/iu

/** The number as it stands in the shop's books, such as `TB-10234`; null where the text holds none. */
export function readOrderNumber(text: string): string | null {
  const found = ALONE.exec(text.replaceAll(/[\s.\-–]/g, '')) ?? IN_A_SENTENCE.exec(text)
  return found === null ? null : `${found[1] ?? ''}-${found[2] ?? ''}`.toUpperCase()
}

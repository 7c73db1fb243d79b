// Reading values that came over the wire or out of storage: nothing is trusted to have its shape.

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Numbers count as text; an empty text is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

export function recordsOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : isRecord(value) ? [value] : []
}

export function firstText(
  record: Readonly<Record<string, unknown>>,
  ...keys: readonly string[]
): string | null {
  for (const key of keys) {
    const text = textOf(record[key])
    if (text !== null) return text
  }
  return null
}

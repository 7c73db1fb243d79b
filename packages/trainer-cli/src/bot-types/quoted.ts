// Names and texts of a domain as they may stand in TypeScript.

/** A text in single quotes. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`
}

/** A name as the key of a type: in quotes where it must be. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

/** Names as a union; `never` for none. */
export function union(names: readonly string[]): string {
  return names.length === 0 ? 'never' : names.map(quoted).join(' | ')
}

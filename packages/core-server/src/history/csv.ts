// CSV that spreadsheets read as data: what would be taken for a formula gets a quote before it (OWASP, CSV injection).

/** Lines of cells as RFC 4180 has them, with a header. */
export function toCsv(header: readonly string[], rows: Iterable<readonly unknown[]>): string {
  let csv = line(header)
  for (const row of rows) csv += line(row)
  return csv
}

function line(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

// Rows in portions that one statement of SQLite can take.

/** knex writes an insert of many rows for SQLite as a compound select, which has at most 500 terms. */
const MOST_ROWS = 400

export function* rowBatches<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += MOST_ROWS) yield rows.slice(start, start + MOST_ROWS)
}

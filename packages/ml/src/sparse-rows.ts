// Rows of which most columns are zero, one after another in three arrays (compressed sparse rows).

/** One row: ascending columns and their values. */
export interface SparseVector {
  readonly indices: Uint32Array
  readonly values: Float32Array
}

export interface SparseRows {
  readonly count: number
  readonly width: number
  /** Row r holds the entries starts[r] to starts[r + 1]. */
  readonly starts: Uint32Array
  readonly columns: Uint32Array
  readonly values: Float32Array
}

/** The rows in one; `width` is above every column. */
export function stackRows(rows: readonly SparseVector[], width: number): SparseRows {
  const starts = new Uint32Array(rows.length + 1)
  rows.forEach((row, index) => {
    starts[index + 1] = (starts[index] ?? 0) + row.indices.length
  })
  const total = starts[rows.length] ?? 0
  const columns = new Uint32Array(total)
  const values = new Float32Array(total)
  rows.forEach((row, index) => {
    columns.set(row.indices, starts[index])
    values.set(row.values, starts[index])
  })
  return { count: rows.length, width, starts, columns, values }
}

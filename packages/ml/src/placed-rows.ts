// Sparse rows in the memory that the kernels read.

import { type Arena, arenaBytes } from './kernels/kernels.ts'
import type { SparseRows } from './sparse-rows.ts'

/** Rows whose columns and values lie in an arena. */
export type PlacedRows = SparseRows

/** What the rows take of an arena, in bytes. */
export function rowsBytes(rows: SparseRows): number {
  return 2 * arenaBytes(rows.columns.length)
}

export function placeRows(arena: Arena, rows: SparseRows): PlacedRows {
  const columns = arena.words(rows.columns.length)
  const values = arena.floats(rows.values.length)
  columns.set(rows.columns)
  values.set(rows.values)
  return { ...rows, columns, values }
}

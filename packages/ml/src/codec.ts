// A trained part as bytes and back: a JSON header and named typed arrays, never code.

/** The arrays that a part may hold. */
export type Tensor = Float32Array | Float64Array | Int8Array | Uint8Array | Int32Array | Uint32Array

/** What a trained component or policy saves: a header that JSON can hold, and arrays by name. */
export interface SavedPart {
  readonly header: Readonly<Record<string, unknown>>
  readonly tensors: Readonly<Record<string, Tensor>>
}

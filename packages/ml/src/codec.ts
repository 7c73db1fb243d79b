// A trained part as bytes and back: a JSON header and named typed arrays, never code.
//
// Layout, little-endian: "TBL1", length of the header (uint32), header as UTF-8 JSON, padding to 8 bytes, then the arrays,
// each padded to 8 bytes. The header is {header, tensors: [{name, type, length}]} in the order of the arrays.

const TYPES = { Float32Array, Float64Array, Int8Array, Uint8Array, Int32Array, Uint32Array } as const
type TypeName = keyof typeof TYPES

/** The arrays that a part may hold. */
export type Tensor = Float32Array | Float64Array | Int8Array | Uint8Array | Int32Array | Uint32Array

/** What a trained component or policy saves: a header that JSON can hold, and arrays by name. */
export interface SavedPart {
  readonly header: Readonly<Record<string, unknown>>
  readonly tensors: Readonly<Record<string, Tensor>>
}

const MAGIC = 0x314c4254

/** The part as bytes: the same part gives the same bytes. */
export function encodePart(part: SavedPart): Uint8Array {
  const tensors = Object.entries(part.tensors)
  const table = tensors.map(([name, tensor]) => ({ name, type: typeOf(tensor), length: tensor.length }))
  const head = new TextEncoder().encode(JSON.stringify({ header: part.header, tensors: table }))
  const size = tensors.reduce((sum, [, tensor]) => sum + padded(tensor.byteLength), padded(8 + head.length))
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, head.length, true)
  bytes.set(head, 8)
  let offset = padded(8 + head.length)
  for (const [, tensor] of tensors) {
    bytes.set(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength), offset)
    offset += padded(tensor.byteLength)
  }
  return bytes
}

/** The part in the bytes; throws an Error that says what is wrong with them. Sizes are checked before anything is made. */
export function decodePart(bytes: Uint8Array): SavedPart {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) throw new Error('these bytes are no saved part')
  const length = view.getUint32(4, true)
  if (8 + length > bytes.length) throw new Error('the header of the saved part is cut off')
  const head = readHead(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
  const tensors: Record<string, Tensor> = {}
  let offset = padded(8 + length)
  for (const { name, type, length: count } of head.tensors) {
    const size = count * TYPES[type].BYTES_PER_ELEMENT
    if (offset + size > bytes.length) throw new Error(`the array ${name} of the saved part is cut off`)
    // A copy, so that it is aligned and does not hold the whole archive. A Buffer's own slice would share its memory.
    tensors[name] = new TYPES[type](Uint8Array.from(bytes.subarray(offset, offset + size)).buffer)
    offset += padded(size)
  }
  return { header: head.header, tensors }
}

interface Head {
  readonly header: Readonly<Record<string, unknown>>
  readonly tensors: readonly { readonly name: string; readonly type: TypeName; readonly length: number }[]
}

function readHead(json: string): Head {
  const head: unknown = JSON.parse(json)
  if (!isRecord(head) || !isRecord(head['header']) || !Array.isArray(head['tensors']))
    throw new Error('the header of the saved part is not as it must be')
  const tensors = head['tensors'].map((tensor: unknown) => {
    if (!isRecord(tensor)) throw new Error('an array of the saved part has no description')
    const { name, type, length } = tensor
    if (typeof name !== 'string' || typeof type !== 'string' || !(type in TYPES))
      throw new Error('an array of the saved part has no name or no known type')
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0)
      throw new Error(`the array ${name} of the saved part has no length`)
    return { name, type: type as TypeName, length }
  })
  return { header: head['header'], tensors }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(tensor: Tensor): TypeName {
  const name = Object.keys(TYPES).find(type => tensor instanceof TYPES[type as TypeName])
  return name as TypeName
}

function padded(size: number): number {
  return Math.ceil(size / 8) * 8
}

/** Several parts as one, each under a name that `splitParts` finds again. */
export function joinParts(parts: Readonly<Record<string, SavedPart>>): SavedPart {
  const entries = Object.entries(parts)
  return {
    header: Object.fromEntries(entries.map(([name, part]) => [name, part.header])),
    tensors: Object.fromEntries(
      entries.flatMap(([name, part]) =>
        Object.entries(part.tensors).map(([key, tensor]) => [`${name}/${key}`, tensor]),
      ),
    ),
  }
}

/** The parts that joinParts joined, by name. */
export function splitParts({ header, tensors }: SavedPart): Readonly<Record<string, SavedPart>> {
  return Object.fromEntries(
    Object.entries(header).map(([name, own]) => [
      name,
      {
        header: isRecord(own) ? own : {},
        tensors: Object.fromEntries(
          Object.entries(tensors)
            .filter(([key]) => key.startsWith(`${name}/`))
            .map(([key, tensor]) => [key.slice(name.length + 1), tensor]),
        ),
      },
    ]),
  )
}

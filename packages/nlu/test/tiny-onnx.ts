// A tiny ONNX model for tests, written by hand: each piece's vector is its row of a table (one Gather node).

/** Protocol buffers as far as ONNX needs them: fields of numbers, bytes, and messages. */
function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)]
const bytes = (field: number, value: Iterable<number>): number[] => {
  const content = [...value]
  return [...varint(field * 8 + 2), ...varint(content.length), ...content]
}
const text = (field: number, value: string): number[] => bytes(field, Buffer.from(value))

/** FLOAT and INT64 of ONNX's TensorProto. */
const FLOAT = 1
const INT64 = 7

function valueInfo(name: string, type: number, dims: readonly string[]): number[] {
  const shape = dims.flatMap(dim => bytes(1, text(2, dim)))
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, shape)]))]
}

/** The bytes of model.onnx: `input_ids` in, `last_hidden_state` out. */
export function tinyOnnx(table: readonly (readonly number[])[]): Uint8Array {
  const width = table[0]?.length ?? 0
  const floats = new Uint8Array(Float32Array.from(table.flat()).buffer)
  const tensor = [
    ...number(1, table.length),
    ...number(1, width),
    ...number(2, FLOAT),
    ...text(8, 'table'),
    ...bytes(9, floats),
  ]
  const node = [
    ...text(1, 'table'),
    ...text(1, 'input_ids'),
    ...text(2, 'last_hidden_state'),
    ...text(4, 'Gather'),
  ]
  const graph = [
    ...bytes(1, node),
    ...text(2, 'tiny'),
    ...bytes(5, tensor),
    ...bytes(11, valueInfo('input_ids', INT64, ['batch', 'pieces'])),
    ...bytes(12, valueInfo('last_hidden_state', FLOAT, ['batch', 'pieces', 'width'])),
  ]
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))])
}

// Kafka's wire protocol as the fake reads and writes it: primitive types, and record batches of format 2 (kafka.apache.org/protocol).
// It shares nothing with the client that it is spoken to by.

const MAGIC = 2
/** First offset and length, in front of what the length counts; the checksum covers what follows it. */
const BATCH_LENGTH = 12
const CHECKSUM = 17
const ATTRIBUTES = 21

export interface KafkaRecord {
  readonly key: string | null
  readonly value: string | null
  readonly headers: Readonly<Record<string, string>>
}

/** Reads one value after the other; throws RangeError behind the end. */
export class WireReader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  int8(): number {
    return this.#bytes.readInt8(this.#move(1))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#move(2))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#move(4))
  }

  bytes(length: number): Buffer {
    const at = this.#move(length)
    return this.#bytes.subarray(at, at + length)
  }

  text(): string | null {
    const length = this.int16()
    return length < 0 ? null : this.bytes(length).toString()
  }

  list<Of>(read: () => Of): Of[] | null {
    const length = this.int32()
    return length < 0 ? null : Array.from({ length }, read)
  }

  /** Seven bits a byte, the lowest first; zig-zag. */
  varint(): number {
    let [raw, factor] = [0, 1]
    for (;;) {
      const byte = this.#bytes.readUInt8(this.#move(1))
      raw += (byte & 0x7f) * factor
      factor *= 0x80
      if (byte < 0x80) break
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  varintText(): string | null {
    const length = this.varint()
    return length < 0 ? null : this.bytes(length).toString()
  }

  #move(length: number): number {
    const at = this.#at
    if (length < 0 || at + length > this.#bytes.length) throw new RangeError(`${length} bytes at ${at}`)
    this.#at += length
    return at
  }
}

/** The records of one batch. Throws where its format, checksum, count or compression is none that a broker without codecs takes. */
export function readRecordBatch(bytes: Buffer): KafkaRecord[] {
  if (bytes.readInt32BE(8) !== bytes.length - BATCH_LENGTH)
    throw new Error('The length is not that of a batch.')
  if (bytes.readInt8(16) !== MAGIC) throw new Error(`Format ${bytes.readInt8(16)} is not ${MAGIC}.`)
  if (bytes.readUInt32BE(CHECKSUM) !== crc32c(bytes.subarray(ATTRIBUTES)))
    throw new Error('The checksum is wrong.')
  if ((bytes.readInt16BE(ATTRIBUTES) & 7) !== 0) throw new Error('It is compressed.')
  // Attributes 2, last offset 4, times 8 and 8, producer 8 and 2, sequence 4: then how many there are.
  const reader = new WireReader(bytes.subarray(ATTRIBUTES + 36))
  return reader.list(() => readRecord(reader)) ?? []
}

function readRecord(batch: WireReader): KafkaRecord {
  const reader = new WireReader(batch.bytes(batch.varint()))
  reader.int8()
  reader.varint()
  reader.varint()
  const [key, value] = [reader.varintText(), reader.varintText()]
  const headers = Array.from({ length: reader.varint() }, () => [
    reader.varintText() ?? '',
    reader.varintText() ?? '',
  ])
  return { key, value, headers: Object.fromEntries(headers) as Record<string, string> }
}

const CASTAGNOLI = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

function crc32c(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (CASTAGNOLI[(sum ^ byte) & 0xff] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

export function text(value: string | null): Buffer {
  if (value === null) return int16(-1)
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)])
}

export function list<Of>(values: readonly Of[], write: (value: Of) => Buffer): Buffer {
  return Buffer.concat([int32(values.length), ...values.map(write)])
}

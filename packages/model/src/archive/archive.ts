// A model as one file: a tar.gz of metadata.json and components/. Written whole or not at all; read in memory, never unpacked.

import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { CodedError } from '@tabula/protocol'
import { Header, Parser, type ReadEntry } from 'tar'

/** What an archive may hold at most; beyond it is refused while reading. */
export const ARCHIVE_LIMITS = {
  packedBytes: 512 * 2 ** 20,
  unpackedBytes: 2 * 2 ** 30,
  ratio: 200,
  entries: 10_000,
} as const

const BLOCK = 512

/** What every entry of a tar has at this place of its first block. */
const MAGIC = 'ustar'
const MAGIC_OFFSET = 257

/**
 * Writes the files, in the order of their names, into an archive that appears under its name only when it is whole.
 * Rejects with the signal's reason when it is aborted before that; nothing is left behind then.
 */
export async function writeArchive(
  file: string,
  files: ReadonlyMap<string, Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted()
  const blocks = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, bytes]) => entry(path, bytes))
  const packed = await promisify(gzip)(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 6 })
  await mkdir(dirname(file), { recursive: true })
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`)
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(packed)
      await handle.sync()
    } finally {
      await handle.close()
    }
    signal?.throwIfAborted()
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}

function entry(path: string, bytes: Uint8Array): Uint8Array[] {
  const block = Buffer.alloc(BLOCK)
  const header = new Header({
    path,
    mode: 0o644,
    size: bytes.length,
    type: 'File',
    mtime: new Date(0),
    uid: 0,
    gid: 0,
  })
  if (header.encode(block, 0)) throw new Error(`the name ${path} is too long for an archive`)
  return [block, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]
}

/** The regular files of an archive by path. Throws CodedError `model.unreadable` (400) on links, odd paths, and beyond the limits. */
export async function readArchive(file: string): Promise<Map<string, Buffer>> {
  const packed = await readFile(file).catch((error: unknown) => {
    throw new CodedError('model.missing', `There is no model at ${file}.`, { status: 400, cause: error })
  })
  return readPacked(packed, file)
}

/** The same for an archive that is in memory already; `file` is what complaints call it. */
export async function readPacked(packed: Buffer, file: string): Promise<Map<string, Buffer>> {
  if (packed.length > ARCHIVE_LIMITS.packedBytes) throw unreadable(file, 'it is too large')
  const bytes = await unpack(packed, file)
  // The parser would unpack once more what is packed twice, past the limits.
  if (bytes.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + MAGIC.length) !== MAGIC)
    throw unreadable(file, 'it is no archive')
  return readEntries(bytes, file)
}

async function unpack(packed: Buffer, file: string): Promise<Buffer> {
  const { ratio, unpackedBytes } = ARCHIVE_LIMITS
  const maxOutputLength = Math.min(unpackedBytes, ratio * Math.max(packed.length, 2 ** 16))
  try {
    return await promisify(gunzip)(packed, { maxOutputLength })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    const reason =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? 'it unpacks to too much'
        : code === 'Z_BUF_ERROR'
          ? 'it is cut off'
          : 'it is no gzip file, or damaged'
    throw unreadable(file, reason, error)
  }
}

function readEntries(bytes: Buffer, file: string): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>()
    const fail = (reason: string): void => {
      reject(unreadable(file, reason))
    }
    const parser = new Parser({
      strict: true,
      onReadEntry: (read: ReadEntry) => {
        const reason = refusal(read)
        if (reason !== null) fail(reason)
        if (files.size >= ARCHIVE_LIMITS.entries) fail('it has too many entries')
        const parts: Buffer[] = []
        read.on('data', (part: Buffer) => parts.push(part))
        read.on('end', () => {
          if (isFile(read)) files.set(read.path.replace(/^\.\//, ''), Buffer.concat(parts))
        })
      },
    })
    parser.on('error', (error: unknown) => {
      fail(error instanceof Error ? error.message : 'it is no archive')
    })
    parser.on('end', () => {
      resolve(files)
    })
    parser.end(bytes)
  })
}

function isFile({ type }: ReadEntry): boolean {
  return type === 'File' || type === 'OldFile'
}

/** Why an entry is refused: only folders and regular files below the archive's root are read. */
function refusal(read: ReadEntry): string | null {
  if (!isFile(read) && read.type !== 'Directory') return `it holds a ${read.type} at ${read.path}`
  if (read.path.startsWith('/') || /^[a-z]:/i.test(read.path) || read.path.split(/[\\/]/).includes('..'))
    return `it holds the path ${read.path}`
  return null
}

/** The complaint about an archive that is not as it must be. */
export function unreadable(file: string, reason: string, cause?: unknown): CodedError {
  const message = `The model ${file} cannot be read: ${reason}${reason.endsWith('.') ? '' : '.'}`
  return new CodedError('model.unreadable', message, { status: 400, cause })
}

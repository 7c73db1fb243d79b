// Archives as nobody but an attacker writes them, for tests.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { ExecutionContext } from 'ava'
import { Header } from 'tar'

export interface Entry {
  readonly path: string
  readonly text?: string
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice' | 'FIFO'
  readonly linkpath?: string
}

/** A tar of the entries, as bytes, without compression. */
export function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, text = '', type = 'File', linkpath }) => {
    const block = Buffer.alloc(512)
    const body = Buffer.from(text)
    new Header({
      path,
      type,
      size: body.length,
      mode: 0o644,
      ...(linkpath === undefined ? {} : { linkpath }),
    }).encode(block, 0)
    return [block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

export function packed(entries: readonly Entry[]): Buffer {
  return gzipSync(tarOf(entries))
}

/** The bytes as a file that goes when the test ends. */
export async function fileOf(t: ExecutionContext, bytes: Uint8Array, name = 'model.tar.gz'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-archive-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, name)
  await writeFile(file, bytes)
  return file
}

// Files that visitors send along with their messages: kept in the database of users and history, so that every process has
// them and erasing a person erases them too.

import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { CodedError } from '@tabula/protocol'
import { forgetDeleted } from '../tracker-store/sql-tables.ts'

export interface VisitorFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

interface FileRow extends VisitorFile {
  readonly id: string
  readonly sender: string
  readonly created_at: number
}

/** Files of one visitor. */
const MOST_FILES = 20

/** What a browser may be told that a file is; every other is bytes to be saved. */
const TYPES = new Set([
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'],
  ...['application/pdf', 'text/plain', 'audio/mpeg', 'audio/ogg', 'audio/webm', 'video/mp4', 'video/webm'],
])

export class VisitorFiles {
  readonly #knex: Knex
  readonly #now: () => number

  constructor(knex: Knex, now: () => number) {
    this.#knex = knex
    this.#now = now
  }

  /** Keeps the file under an id that cannot be guessed. Throws CodedError `files.too-many` (409). */
  async keep(sender: string, { name, type, bytes }: VisitorFile): Promise<string> {
    const known = await this.#knex('visitor_files').where({ sender }).count({ files: '*' }).first()
    if (Number(known?.files ?? 0) >= MOST_FILES)
      throw new CodedError('files.too-many', `More than ${MOST_FILES} files of one visitor are not kept.`, {
        status: 409,
      })
    const id = randomBytes(16).toString('hex')
    const kept = TYPES.has(type) ? type : 'application/octet-stream'
    await this.#knex('visitor_files').insert({
      ...{ id, sender, name: plainName(name), type: kept, bytes },
      created_at: this.#now(),
    })
    return id
  }

  async find(id: string): Promise<VisitorFile | null> {
    const row = await this.#knex<FileRow>('visitor_files').where({ id }).first()
    return row === undefined ? null : { name: row.name, type: row.type, bytes: Buffer.from(row.bytes) }
  }

  async erase(sender: string): Promise<void> {
    const erased = await this.#knex('visitor_files').where({ sender }).delete()
    if (erased > 0) await forgetDeleted(this.#knex)
  }
}

/** The last part of a path, without what a header or a file system would trip over. */
function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replaceAll(/[\p{C}"<>:|?*;]/gu, '_')
    .trim()
    .slice(0, 200)
  return plain === '' || /^\.+$/.test(plain) ? 'file' : plain
}

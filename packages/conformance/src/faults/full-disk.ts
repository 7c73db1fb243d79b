// Makes SQLite's file full: `--import` this module with `?flag=` and a file's path. As long as that file is there a database
// may not grow beyond the pages that it says; a disk of that size would do the same.

import { existsSync, readFileSync } from 'node:fs'
import { patchSource } from '../order/patch-source.ts'

const flag = new URL(import.meta.url).searchParams.get('flag')
if (flag !== null) {
  Object.assign(globalThis, {
    tabulaPages: () => (existsSync(flag) ? Number(readFileSync(flag, 'utf8')) : 1_000_000_000),
  })
  patchSource([
    [
      '/tracker-store/node-sqlite-client.ts',
      'const statement = prepare(connection, sql)',
      'connection.exec(`PRAGMA max_page_count = ${globalThis.tabulaPages()}`)\nconst statement = prepare(connection, sql)',
    ],
  ])
}

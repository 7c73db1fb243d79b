import { readdirSync } from 'node:fs'
import test from 'ava'
import { keyCount, readLua } from './lua-scripts.ts'

const FOLDERS = ['inbox', 'tracker-store', 'reminders']
const scripts = FOLDERS.flatMap(folder =>
  readdirSync(new URL(`../${folder}/lua`, import.meta.url))
    .filter(file => /-\d+\.lua$/.test(file))
    .map(file => ({ folder, file })),
)

test('every script says what it takes and gives, and takes as many keys as its name says', t => {
  t.true(scripts.length > 5)
  for (const { folder, file } of scripts) {
    const text = readLua(folder, file)
    const header = text.slice(0, text.search(/^[^-]/m))
    t.regex(header, /^-- KEYS /m, `${file}: keys`)
    t.regex(header, /^-- ARGV /m, `${file}: arguments`)
    t.regex(header, /^-- Result /m, `${file}: result`)
    const named = [...(/^-- KEYS (.*)$/m.exec(header)?.[1] ?? '').matchAll(/(?:^| )(\d+) /g)].map(match =>
      Number(match[1]),
    )
    const count = keyCount(file)
    t.deepEqual(
      named,
      Array.from({ length: count }, (_, index) => index + 1),
      `${file}: keys of the header`,
    )
    const used = [...text.matchAll(/KEYS\[(\d+)\]/g)].map(match => Number(match[1]))
    t.is(Math.max(...used), count, `${file}: keys that it uses`)
    const args = [...text.matchAll(/ARGV\[(\d+)\]/g)].map(match => Number(match[1]))
    const listed = /^-- ARGV (.*)$/m.exec(header)?.[1] ?? ''
    for (const arg of new Set(args))
      t.regex(listed, new RegExp(String.raw`(^| )${arg}(\.\.)? `), `${file}: argument ${arg}`)
  }
})

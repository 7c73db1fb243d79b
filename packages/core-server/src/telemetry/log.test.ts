import test from 'ava'
import { createMask } from '../privacy/mask.ts'
import { readPrivacy } from '../privacy/read-privacy.ts'
import { createLog } from './log.ts'

function written(isTTY: boolean): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } {
  const lines: string[] = []
  return { lines, log: createLog('info', { isTTY, write: line => lines.push(line) }) }
}

test('a machine reads one JSON object a line, with code and cause', t => {
  const { lines, log } = written(false)
  log.debug({ code: 'quiet' }, 'not seen at this level')
  log.error({ code: 'turn.failed', err: new Error('broken'), sender: 'ann' }, 'A turn failed.')
  t.is(lines.length, 1)
  const { level, code, msg, err, sender } = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  t.deepEqual([level, code, msg, sender], ['error', 'turn.failed', 'A turn failed.', 'ann'])
  t.like(err, { message: 'broken' })
})

test('a person reads a short line, and what users wrote cannot forge a second one', t => {
  const { lines, log } = written(true)
  log.warn({ code: 'x', err: new Error('why'), sender: 'a\n12:00:00 error\u001b[31m' }, 'Watch out.')
  t.regex(lines[0] ?? '', /^\d\d:\d\d:\d\d warn Watch out\.: why sender=a 12:00:00 error \[31m \[x\]\n$/)
})

test('security row 37: control characters and a megabyte from a user make one line of at most 2 kB', t => {
  const { lines, log } = written(false)
  const nasty = 'a\r\n{"level":"error"}\u001b[2J\u0000é'.repeat(30_000)
  log.error(
    { code: 'turn.failed', err: new Error(nasty), sender: nasty, list: [nasty, nasty] },
    'A turn failed.',
  )
  log.error(
    {
      code: 'turn.failed',
      many: Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`k${n}`, nasty])),
    },
    'A turn failed.',
  )
  t.is(lines.length, 2)
  for (const line of lines) {
    t.true(Buffer.byteLength(line) <= 2048, String(Buffer.byteLength(line)))
    t.is(line.trimEnd().split('\n').length, 1)
    t.notRegex(line.trimEnd(), /[\u0000-\u001f]/)
    t.like(JSON.parse(line), { level: 'error', code: 'turn.failed' })
  }
})

test('no address, number or hashed sender gets out through a log', t => {
  const lines: string[] = []
  const mask = createMask(readPrivacy({ hash_senders: true }))
  const log = createLog('info', { write: line => lines.push(line) }, mask)
  const personal = 'ann@mail.example and 4111 1111 1111 1111 and +49 30 1234567'
  log.error(
    { code: 'x', err: new Error(personal), sender: 'ann@mail.example', deep: { list: [personal] } },
    'No.',
  )
  t.notRegex(lines.join(), /ann@|4111|1234567/)
  t.regex(lines.join(), /\[email\] and \[card\] and \[phone\]/)
})

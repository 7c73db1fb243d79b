import test from 'ava'
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

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { applyLimits, LIMIT_NAMES, LIMITS, limitSetting } from './limits.ts'

test.serial('an operator sets any limit by its name, and all others stay', t => {
  const before = { ...LIMITS }
  t.teardown(() => {
    Object.assign(LIMITS, before)
  })
  applyLimits({ TABULA_LIMIT_BODY_BYTES: '2000000', TABULA_LIMIT_STOP_GRACE: '', PATH: '/bin' })
  t.deepEqual({ ...LIMITS }, { ...before, bodyBytes: 2_000_000 })
})

test.serial('a limit that is none, or is no number, stops the start and says what would be right', t => {
  const refusal = (environment: Record<string, string>): string =>
    t.throws(() => {
      applyLimits(environment)
    }).message
  t.regex(refusal({ TABULA_LIMIT_BODY_BYTE: '1' }), /is no limit. Did you mean TABULA_LIMIT_BODY_BYTES/)
  for (const value of ['0', '-1', '1.5', 'many'])
    t.regex(refusal({ TABULA_LIMIT_BODY_BYTES: value }), /whole number from 1 on/)
})

test('an operator finds every limit in the documentation, with the number that holds', t => {
  const file = join(import.meta.dirname, '../../../../docs/limits.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  for (const name of LIMIT_NAMES) {
    const row = text.split('\n').find(line => line.includes(`\`${limitSetting(name)}\``))
    t.regex(row ?? '', new RegExp(`\\| *${LIMITS[name].toLocaleString('en')} *\\|`), name)
  }
})

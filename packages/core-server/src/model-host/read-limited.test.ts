import test from 'ava'
import { readLimited } from './read-limited.ts'

test('security row 45: a download that is too big ends before it is kept', async t => {
  let sent = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      sent += 1000
      yield new Uint8Array(1000)
    }
  }
  const error = await t.throwsAsync(readLimited(endless(), 10_500, 'here'))
  t.like(error, { code: 'model.source', status: 400 })
  t.true(sent <= 11_000)
})

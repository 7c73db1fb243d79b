// Whole servers over one database, killed while reminders fall due.

import { join } from 'node:path'
import test from 'ava'
import { caller } from '../../test/serve.ts'
import { type ServerProcess, startProcess } from '../../test/start-process.ts'
import { temporaryFolder, trainTiny } from '../../test/tiny-models.ts'

const COUNT = 60

test('fault row 40: reminders due while servers are killed take effect once each, less than 15 s late', async t => {
  t.timeout(60_000)
  const folder = await temporaryFolder(t)
  const options = {
    model: await trainTiny(folder, 'a'),
    credentials: { rest: {} },
    trackerStore: { type: 'sql', dialect: 'sqlite', db: join(folder, 'conversations.sqlite') },
  }
  const open = (): Promise<ServerProcess> => startProcess(t, options)
  const servers = [await open(), await open(), await open()]
  const first = caller(servers[0]?.url ?? '')
  const base = Date.now() + 2500
  for (let index = 0; index < COUNT; index += 1) {
    const reminder = {
      event: 'reminder',
      name: `r${index}`,
      intent: 'greet',
      entities: null,
      date_time: new Date(base + index * 40).toISOString(),
      kill_on_user_msg: false,
    }
    const { status } = await first(
      'POST',
      `/conversations/s${index}/tracker/events?execute_side_effects=true`,
      [reminder],
    )
    t.is(status, 200)
  }
  // Each of the first servers is killed in the middle of what is due, and one comes in their place.
  await new Promise(resolve => setTimeout(resolve, base + 600 - Date.now()))
  await servers[0]?.kill()
  await new Promise(resolve => setTimeout(resolve, 700))
  await servers[1]?.kill()
  const call = caller((await open()).url)
  const latenessOf = async (index: number): Promise<number[]> => {
    const { body } = await call('GET', `/conversations/s${index}/tracker?include_events=ALL`)
    const { events } = body as { events: { event: string; text?: string; timestamp: number }[] }
    return events
      .filter(({ event, text }) => event === 'user' && text === 'EXTERNAL: greet')
      .map(({ timestamp }) => timestamp * 1000 - (base + index * 40))
  }
  const deadline = base + COUNT * 40 + 15_000
  let late: number[][] = []
  for (;;) {
    late = await Promise.all(Array.from({ length: COUNT }, (_, index) => latenessOf(index)))
    if (late.every(times => times.length > 0) || Date.now() > deadline) break
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  t.deepEqual(
    late.map(times => times.length),
    Array.from({ length: COUNT }, () => 1),
  )
  t.true(Math.max(...late.flat()) < 15_000, `${Math.max(...late.flat())} ms late`)
})

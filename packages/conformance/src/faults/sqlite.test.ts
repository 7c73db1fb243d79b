// Row 37: the disk under SQLite is full.

import { mkdtemp, rm } from 'node:fs/promises'
import { rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { canStage, openStage, saidIn, sleep } from './stage.ts'

const row = canStage ? test.serial : test.serial.skip

row(
  'fault row 37: the disk under SQLite is full: 503, reads work, no half turn, it heals, also after a kill',
  async t => {
    const folder = await mkdtemp(join(tmpdir(), 'tabula-full-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const [file, flag] = [join(folder, 'conversations.sqlite'), join(folder, 'pages')]
    const stage = await openStage(t, {
      servers: 1,
      endpoints: {
        tracker_store: { type: 'sql', dialect: 'sqlite', db: file },
        lock_store: { type: 'in_memory' },
      },
      preload: new URL(`./full-disk.ts?flag=${encodeURIComponent(flag)}`, import.meta.url).href,
    })
    const url = stage.servers[0]?.url ?? ''
    const send = async (sender: string, number: number): Promise<Response> =>
      fetch(`${url}/webhooks/rest/webhook`, {
        method: 'POST',
        body: JSON.stringify({ sender, message: `/step{"n":"${number}"}` }),
      })
    for (let number = 1; number <= 5; number += 1) await stage.say('ann', number)
    const before = await stage.read('ann')
    // Full as of now: what is free inside the file is used up, and then it may not grow.
    writeFileSync(flag, '1')
    let refused: Response | undefined
    const taken: number[] = []
    for (let number = 1; refused === undefined && number < 200; number += 1) {
      const answer = await send('ben', number)
      if (answer.status === 503) refused = answer
      else taken.push(number)
      await answer.arrayBuffer()
    }
    t.true(Number(refused?.headers.get('retry-after')) > 0, '503 says when to come back')
    t.is((await fetch(`${url}/readyz`)).status, 503)
    t.is((await fetch(`${url}/livez`)).status, 200)
    t.deepEqual(await stage.read('ann'), before, 'reads work')
    const ben = saidIn((await stage.read('ben')).events)
    t.deepEqual(
      ben,
      taken.map(number => `/step{"n":"${number}"}`),
      'no half turn',
    )
    // Those who come meanwhile under an id are taken when there is room.
    const waiting = Promise.all([6, 7, 8].map(async number => stage.say(`late-${number}`, 1)))
    await sleep(1_000)
    rmSync(flag)
    for (const { outcome } of await waiting) t.is(outcome, 'ok')
    t.is((await fetch(`${url}/readyz`)).status, 200)
    t.is((await stage.say('ann', 6)).outcome, 'ok')
    // Killed in the middle of writing.
    const talk = stage.talk({ senders: ['w1', 'w2', 'w3', 'w4'], pause: 0 })
    await sleep(700)
    stage.note('kill a server')
    await stage.servers[0]?.kill()
    await stage.servers[0]?.start()
    await sleep(500)
    await talk.end()
    await stage.holds(t)
    const database = new DatabaseSync(file, { readOnly: true })
    t.like(database.prepare('PRAGMA integrity_check').get(), { integrity_check: 'ok' })
    database.close()
  },
)

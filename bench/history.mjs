// A million conversations in the index, two messages each: how long a page takes to list, filter and search, in SQLite and
// in PostgreSQL. Beside them a bare question by primary key, which says what the machine gives just now.
// TABULA_BENCH_ROWS sets another number.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPostgres } from '../packages/core-server/src/database/migration.ts'
import { migrateUp } from '../packages/core-server/src/database/migrate.ts'
import { openDatabase } from '../packages/core-server/src/database/open-database.ts'
import { SqlHistory } from '../packages/core-server/src/history/sql-history.ts'
import { hasPostgres, startPostgres } from '../tools/postgres-server.ts'

const ROWS = Number(process.env['TABULA_BENCH_ROWS'] ?? 1_000_000)
const NEWEST = 1_795_000_000
const RUNS = 7
const WORDS = [
  'shipping',
  'order',
  'return',
  'account',
  'password',
  'delivery',
  'invoice',
  'size',
  'colour',
  'price',
]

export async function measure() {
  const result = { rows: ROWS, sqlite: await inSqlite() }
  return hasPostgres() ? { ...result, postgresql: await inPostgres() } : { ...result, postgresql: 'not here' }
}

async function inSqlite() {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-bench-'))
  const knex = await openDatabase(join(folder, 'shop.sqlite'))
  try {
    return await run(knex)
  } finally {
    await knex.destroy()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inPostgres() {
  const server = await startPostgres()
  const knex = await openDatabase(server.url)
  try {
    return await run(knex)
  } finally {
    await knex.destroy()
    await server.stop()
  }
}

async function run(knex) {
  await migrateUp(knex)
  const started = performance.now()
  await knex.transaction(async transaction => {
    // A million rows in one statement: no server of ours asks for that.
    if (isPostgres(knex)) await transaction.raw('set local statement_timeout = 0')
    await seed(transaction)
  })
  if (isPostgres(knex)) await vacuum(knex)
  const seedSeconds = Math.round((performance.now() - started) / 1000)
  const history = new SqlHistory(knex, { lowConfidence: 0.6 }, () => NEWEST)
  const list = filter => () => history.list(filter, { limit: 50 })
  const deep = await deepCursor(history)
  const questions = {
    reference: () =>
      knex('history_conversations')
        .where('id', ROWS >> 1)
        .first('*'),
    newest: list({}),
    deepInTheList: () => history.list({}, { limit: 50, cursor: deep }),
    intent: list({ intent: 'intent_7' }),
    rareIntent: list({ intent: 'intent_rare' }),
    paused: list({ paused: true }),
    fallback: list({ fallback: true }),
    confidenceBelowHalf: list({ confidence_below: 0.5 }),
    confidenceBelowWhatNoneHas: list({ confidence_below: 0.001 }),
    channelAndLowConfidence: list({ channel: 'socketio', confidence_below: 0.3 }),
    dates: list({ from: NEWEST - 40_000, to: NEWEST - 30_000 }),
    sender: list({ sender: 'person-4711' }),
    commonSender: list({ sender: 'person-' }),
    rareWord: list({ q: 'zeppelin' }),
    wordInHalfAPercent: list({ q: 'warranty' }),
    twoWords: list({ q: 'warranty shipping' }),
    wordAndFilter: list({ q: 'warranty', channel: 'socketio' }),
    oneConversation: () => history.find(`person-${ROWS >> 1}`),
  }
  const milliseconds = {}
  for (const [name, ask] of Object.entries(questions)) milliseconds[name] = await timed(ask)
  return { seedSeconds, milliseconds }
}

/** A cursor in the middle of all conversations. */
async function deepCursor(history) {
  const { next } = await history.list({ to: NEWEST - (ROWS / 2) * 0.5 }, { limit: 1 })
  return next
}

async function timed(ask) {
  const times = []
  for (let count = 0; count <= RUNS; count += 1) {
    const started = performance.now()
    await ask()
    times.push(performance.now() - started)
  }
  const [first, ...rest] = times
  const sorted = rest.toSorted((a, b) => a - b)
  const round = value => Math.round(value * 10) / 10
  return { first: round(first), median: round(sorted[RUNS >> 1]), max: round(sorted.at(-1)) }
}

/** On a connection of its own, for it takes longer than a question may. */
async function vacuum(knex) {
  const connection = await knex.client.acquireConnection()
  try {
    for (const words of ['set statement_timeout = 0', 'vacuum analyze', 'reset statement_timeout']) {
      await knex.raw(words).connection(connection)
    }
  } finally {
    await knex.client.releaseConnection(connection)
  }
}

/** The rows are made inside the database: a million of them through a driver would take longer than all questions. */
async function seed(knex) {
  const asPostgres = isPostgres(knex)
  const numbers = asPostgres
    ? `(select generate_series(1, ${ROWS}) as n) as numbers`
    : `(with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${ROWS}) select n from numbers)`
  const flag = condition => (asPostgres ? `(${condition})` : `iif(${condition}, 1, 0)`)
  const time = `${NEWEST} - (${ROWS} - n) * 0.5`
  const word = offset => {
    const list = WORDS.map((text, index) => `when ${index} then '${text}'`).join(' ')
    return `(case (n * 31 + ${offset * 17}) % ${WORDS.length} ${list} end)`
  }
  const rare = `(case when n % 200 = 0 then ' warranty' when n % 100003 = 0 then ' zeppelin' else '' end)`
  await knex.raw(`insert into history_conversations (id, sender, first_active, last_active, changed, channel, last_text,
    last_from, turns, messages, events, ahead, lowest_confidence, fallback, paused, thumbs_down, reviewed, csat, model_id)
    select n, 'person-' || n, ${time} - 60, ${time}, n, case when n % 3 = 0 then 'socketio' else 'rest' end,
    'Standard shipping costs 4.90.', 'bot', 1, 2, 8, 0, 0.2 + ((n % 100000) * 7919 % 1000) / 1250.0, ${flag('n % 200 = 0')},
    ${flag('n % 20000 = 0')}, ${flag('n % 1000 = 0')}, ${flag('n < 0')}, case when n % 50 = 0 then n / 50 % 5 + 1 end, 'model'
    from ${numbers}`)
  await knex.raw(`insert into history_facets (conversation_id, kind, value, last_active)
    select n, 'intent', case when n % 25000 = 0 then 'intent_rare' else 'intent_' || (n % 50) end, ${time} from ${numbers}`)
  await knex.raw(`insert into history_facets (conversation_id, kind, value, last_active)
    select n, 'action', 'utter_' || (n % 50), ${time} from ${numbers}`)
  for (const [speaker, id, text] of [
    ['user', 'n * 2 - 1', `${word(1)} || ' ' || ${word(2)} || ${rare}`],
    ['bot', 'n * 2', `${word(3)} || ' ' || ${word(4)} || ' for you'`],
  ]) {
    await knex.raw(`insert into history_messages (id, conversation_id, number, time, speaker, text)
      select ${id}, n, ${speaker === 'user' ? 3 : 6}, ${time}, '${speaker}', ${text} from ${numbers}`)
  }
  await knex.raw(
    asPostgres
      ? `insert into history_words (id, words) select id, array_to_tsvector(string_to_array(text, ' ')) from history_messages`
      : 'insert into history_words (rowid, words) select id, text from history_messages order by id',
  )
}

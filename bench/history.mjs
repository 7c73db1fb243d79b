// A million conversations in the index, two messages each: how long a page takes to list, filter and search, in SQLite and
// in PostgreSQL. Beside them a bare question by primary key, which says what the machine gives just now.
// TABULA_BENCH_ROWS sets another number.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPostgres } from '../packages/core-server/src/database/migration.ts'
import { migrateUp } from '../packages/core-server/src/database/migrate.ts'
import { openDatabase } from '../packages/core-server/src/database/open-database.ts'
import { rowBatches } from '../packages/core-server/src/history/row-batches.ts'
import { SqlHistory } from '../packages/core-server/src/history/sql-history.ts'
import { hasPostgres, startPostgres } from '../tools/postgres-server.ts'

const ROWS = Number(process.env['TABULA_BENCH_ROWS'] ?? 1_000_000)
const AT_ONCE = 400
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
  await seed(knex)
  if (isPostgres(knex)) await knex.raw('vacuum analyze')
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

async function seed(knex) {
  for (let start = 1; start <= ROWS; start += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, ROWS - start + 1) }, (_, index) => start + index)
    await knex.transaction(async transaction => {
      await transaction('history_conversations').insert(numbers.map(conversation))
      const messages = numbers.flatMap(said)
      for (const some of rowBatches(numbers.flatMap(facets))) await transaction('history_facets').insert(some)
      for (const some of rowBatches(messages)) await transaction('history_messages').insert(some)
      await insertWords(transaction, messages)
    })
  }
}

async function insertWords(knex, messages) {
  const asPostgres = isPostgres(knex)
  const into = asPostgres ? 'history_words (id, words)' : 'history_words (rowid, words)'
  const one = asPostgres ? "(?, array_to_tsvector(string_to_array(?, ' ')))" : '(?, ?)'
  const bindings = messages.flatMap(({ id, text }) => {
    const words = text.toLowerCase().split(' ')
    return [id, (asPostgres ? [...new Set(words)] : words).join(' ')]
  })
  await knex.raw(`insert into ${into} values ${messages.map(() => one).join(', ')}`, bindings)
}

const timeOf = number => NEWEST - (ROWS - number) * 0.5

function conversation(number) {
  const time = timeOf(number)
  return {
    id: number,
    sender: `person-${number}`,
    first_active: time - 60,
    last_active: time,
    changed: number,
    channel: number % 3 === 0 ? 'socketio' : 'rest',
    last_text: 'Standard shipping costs 4.90.',
    last_from: 'bot',
    turns: 1,
    messages: 2,
    events: 8,
    ahead: 0,
    lowest_confidence: 0.2 + ((number * 7919) % 1000) / 1250,
    fallback: number % 200 === 0,
    paused: number % 20_000 === 0,
    thumbs_down: number % 1000 === 0,
    reviewed: false,
    csat: number % 50 === 0 ? (number % 5) + 1 : null,
    model_id: 'model',
  }
}

function facets(number) {
  const intent = number % 25_000 === 0 ? 'intent_rare' : `intent_${number % 50}`
  const row = (kind, value) => ({ conversation_id: number, kind, value, last_active: timeOf(number) })
  return [row('intent', intent), row('action', `utter_${number % 50}`)]
}

function said(number) {
  const word = offset => WORDS[(number * 31 + offset * 17) % WORDS.length]
  const rare = number % 200 === 0 ? ' warranty' : number % 100_000 === 0 ? ' zeppelin' : ''
  const special = number % 99_999 === 0 ? ' zeppelin' : ''
  const base = { conversation_id: number, time: timeOf(number), intent: null, confidence: null, state: null }
  return [
    {
      ...base,
      id: number * 2 - 1,
      number: 3,
      speaker: 'user',
      text: `${word(1)} ${word(2)}${rare}${special}`,
    },
    { ...base, id: number * 2, number: 6, speaker: 'bot', text: `${word(3)} ${word(4)} for you` },
  ]
}

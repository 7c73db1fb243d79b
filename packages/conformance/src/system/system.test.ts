import test from 'ava'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildTree } from '../../../../docker/build-tree.mjs'
import { hasPostgres, startPostgres } from '../../../../tools/postgres-server.ts'
import type { PostgresServer } from '../../../../tools/postgres-server.ts'
import { hasRedis, startRedis } from '../../../../tools/redis-server.ts'
import type { RedisServer } from '../../../../tools/redis-server.ts'
import { openRoad } from '../road.ts'
import type { Road } from '../road.ts'
import { runToEnd, startService } from './processes.ts'
import type { Service } from './processes.ts'

const isPossible = hasPostgres() && hasRedis()
if (!isPossible && process.env['CI'] === 'true')
  throw new Error('The system test needs PostgreSQL and Redis.')
const run = isPossible ? test.serial : test.serial.skip

/** The first callers' .env, and what tells processes on one machine where the others are. */
const ENVIRONMENT = {
  SECRET_KEY: 'your-super-secure-secret',
  POSTGRES_USER: 'postgres',
  POSTGRES_PASSWORD: 'password',
  POSTGRES_DB: 'postgres',
  POSTGRES_HOST: '127.0.0.1',
  DEMO: '1',
  // Everybody here comes from one address.
  RATE_SENDER: '0',
  RATE_ADDRESS: '0',
}

let tree = ''
let postgres: PostgresServer | undefined
let road: Road | undefined
let redis: RedisServer | undefined
let api: Service | undefined
const inference: Service[] = []
const running: Service[] = []
let environment: Record<string, string> = {}

test.before('the system starts', async () => {
  if (!isPossible) return
  tree = await mkdtemp(join(tmpdir(), 'tabula-system-'))
  ;[postgres, redis] = await Promise.all([
    startPostgres(),
    startRedis(),
    buildTree(tree, { linkModules: true }),
  ])
  road = await openRoad(postgres.port)
  environment = {
    ...ENVIRONMENT,
    POSTGRES_PORT: String(road.port),
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
  }
  const start = async (
    role: 'api' | 'inference' | 'actions',
    more: Record<string, string>,
  ): Promise<Service> => {
    const service = await startService(tree, role, { ...environment, ...more })
    running.push(service)
    return service
  }
  const actions = await start('actions', {})
  const more = { ACTION_ENDPOINT: `${actions.url}/webhook` }
  inference.push(...(await Promise.all([start('inference', more), start('inference', more)])))
  const endpoints = inference.map(({ url }) => `${url}/webhooks/rest/webhook`).join(',')
  api = await start('api', { INFERENCE_ENDPOINT: endpoints })
})

test.after.always('it stops', async () => {
  await Promise.all(running.map(service => service.kill('SIGKILL')))
  road?.cut()
  await postgres?.stop()
  await redis?.stop()
  if (tree !== '') await rm(tree, { recursive: true, force: true })
})

/** A command of the first callers, word for word but for the port. */
async function curl(command: string): Promise<unknown> {
  const line = command.replaceAll('http://127.0.0.1:5000', api?.url ?? '')
  const { output } = await runToEnd('sh', ['-c', `${line} -s`], { cwd: tree, env: process.env })
  return JSON.parse(output) as unknown
}

async function logIn(): Promise<string> {
  const session = await curl(
    'curl -X POST "http://127.0.0.1:5000/auth/login" -H "accept: application/json" -H "Content-Type: application/json" -d "{ \\"email\\": \\"admin@test.com\\", \\"password\\": \\"123456\\"}"',
  )
  return (session as { readonly token: string }).token
}

interface Listed {
  readonly conversations: readonly { readonly sender: string; readonly last_text: string }[]
}

run('the first callers’ commands work on the services as they stand in compose', async t => {
  const made = await runToEnd('npm', ['run', 'create_db'], {
    cwd: tree,
    env: { ...process.env, ...environment, TABULA_ROLE: 'api' },
  })
  t.is(made.status, 0, made.output)
  const answer = await curl(
    'curl -X POST "http://127.0.0.1:5000/conversations/webhook" -H "accept: application/json" -H "Content-Type: application/json" -d "{ \\"sender\\": \\"Samuel\\", \\"message\\": \\"How much is the shipping fee?\\"}"',
  )
  t.regex(JSON.stringify(answer), /"recipient_id":"Samuel","text":"[^"]*shipping/i)
  const token = await logIn()
  const end = Date.now() + 15_000
  let list: Listed = { conversations: [] }
  while (list.conversations.length === 0 && Date.now() < end) {
    list = (await curl(
      `curl -X GET "http://127.0.0.1:5000/conversations/" -H "accept: application/json" -H "Authorization: ${token}"`,
    )) as Listed
  }
  t.is(list.conversations[0]?.sender, 'Samuel')
  t.regex(list.conversations[0]?.last_text ?? '', /shipping/i)
})

run('a question that an action answers is answered by the action service', async t => {
  const url = `${api?.url ?? ''}/conversations/webhook`
  t.regex(JSON.stringify(await say(url, 'orders', 'Where is my order?', 'a')), /order number/)
  t.regex(JSON.stringify(await say(url, 'orders', 'TB-10234', 'b')), /TB-10234/)
})

async function say(url: string, sender: string, message: string, id: string): Promise<readonly unknown[]> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sender, message, message_id: id }),
  })
  if (answer.status !== 200) throw new Error(`${message}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as readonly unknown[]
}

/** What the person said, as it is stored. */
async function said(sender: string): Promise<readonly string[]> {
  const token = await logIn()
  const answer = await fetch(`${api?.url ?? ''}/conversations/${sender}?limit=1000`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { events } = (await answer.json()) as {
    readonly events: readonly { readonly event: string; readonly text?: string }[]
  }
  return events.flatMap(({ event, text = '' }) => (event === 'user' ? [text] : []))
}

const FIFTY = Array.from({ length: 50 }, (_, number) => number)

run(
  '50 messages of a person through two inference processes in turn are one conversation, in order',
  async t => {
    for (const number of FIFTY) {
      const url = `${inference[number % 2]?.url ?? ''}/webhooks/rest/webhook`
      t.true((await say(url, 'in-turn', `/greet{"n":"${number}"}`, `m${number}`)).length > 0)
    }
    t.deepEqual(
      await said('in-turn'),
      FIFTY.map(number => `/greet{"n":"${number}"}`),
    )
  },
)

run(
  '50 messages that a person sends without waiting are handled in the order in which they came',
  async t => {
    // On one connection, all at once: over several, which of two came first is the network's choice.
    const answers = await sayAtOnce(
      `${api?.url ?? ''}/conversations/webhook`,
      FIFTY.map(number => ({
        sender: 'in-order',
        message: `/greet{"n":"${number}"}`,
        message_id: `m${number}`,
      })),
    )
    t.is(answers.match(/HTTP\/1.1 200 /g)?.length, FIFTY.length, answers.slice(0, 500))
    t.deepEqual(
      await said('in-order'),
      FIFTY.map(number => `/greet{"n":"${number}"}`),
    )
  },
)

/** Writes all requests on one connection without waiting for an answer; gives everything that came back. */
async function sayAtOnce(address: string, bodies: readonly object[]): Promise<string> {
  const { hostname, port, pathname } = new URL(address)
  const socket = connect(Number(port), hostname)
  const requests = bodies.map((body, index) => {
    const text = JSON.stringify(body)
    const last = index === bodies.length - 1 ? 'connection: close\r\n' : ''
    return `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n${last}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  })
  socket.write(requests.join(''))
  let answers = ''
  for await (const chunk of socket.setEncoding('utf8')) answers += String(chunk)
  return answers
}

run('an inference process that is killed loses no message, and no person waits for another', async t => {
  const people = Array.from({ length: 8 }, (_, number) => `person-${number}`)
  const url = `${api?.url ?? ''}/conversations/webhook`
  const talks = people.map(async person => {
    for (let number = 0; number < 12; number += 1)
      await say(url, person, `/greet{"n":"${number}"}`, `${person}-${number}`)
  })
  await new Promise(resolve => setTimeout(resolve, 150))
  await inference[0]?.kill('SIGKILL')
  await Promise.all(talks)
  const expected = Array.from({ length: 12 }, (_, number) => `/greet{"n":"${number}"}`)
  for (const person of people) {
    // Also what was saved and not answered: its id is known, and it is answered with the same.
    t.deepEqual(await said(person), expected, person)
  }
})

run(
  'PostgreSQL may go away, or be away at start: the chat goes on, and history is there when it is back',
  async t => {
    road?.cut()
    const more = { INFERENCE_ENDPOINT: `${inference[1]?.url ?? ''}/webhooks/rest/webhook` }
    const late = await startService(tree, 'api', { ...environment, ...more })
    running.push(late)
    for (const url of [api?.url ?? '', late.url]) {
      const started = Date.now()
      const login = await fetch(`${url}/auth/login`, {
        method: 'POST',
        body: JSON.stringify({ email: 'admin@test.com', password: '123456' }),
      })
      t.is(login.status, 503)
      t.true(Date.now() - started < 4_000, `${Date.now() - started} ms`)
      t.true(Number(login.headers.get('retry-after')) > 0)
      t.true((await say(`${url}/conversations/webhook`, 'meanwhile', '/greet', url)).length > 0)
    }
    await road?.heal()
    api = late
    const end = Date.now() + 30_000
    let messages: readonly string[] = []
    while (messages.length === 0 && Date.now() < end) messages = await said('meanwhile').catch(() => [])
    t.deepEqual(messages, ['/greet', '/greet'])
  },
)

run('a process that is asked to stop ends by itself with 0, also while a widget is connected', async t => {
  const actions = await startService(tree, 'actions', environment)
  const more = { ACTION_ENDPOINT: `${actions.url}/webhook` }
  const server = await startService(tree, 'inference', { ...environment, ...more })
  running.push(actions, server)
  const page = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const closed = once(page, 'close')
  await once(page, 'message')
  for (const service of [server, actions]) {
    const started = Date.now()
    await service.kill('SIGTERM')
    t.is(service.child.exitCode, 0, service.output())
    t.true(Date.now() - started < 10_000, `${Date.now() - started} ms`)
  }
  await closed
})

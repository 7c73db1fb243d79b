// A minute of model swaps under load, and 200 reminders due within a minute over three processes of which two are killed. The
// reference of the swaps is the same load on the same server without them.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const helper = name => import(pathToFileURL(join(root, 'packages', 'core-server', 'test', `${name}.ts`)).href)
const seconds = Number(process.env.AROUND_SECONDS ?? 60)
const reminders = Number(process.env.AROUND_REMINDERS ?? 200)
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))

/** `{swaps, reminders}`: failed and mixed answers and the memory before and after; how often and how late each took effect. */
export async function measure() {
  const ends = []
  // Stands where the helpers expect a test: what they start ends with the bench.
  const scope = { teardown: end => ends.push(end) }
  try {
    return { swaps: await swaps(scope), reminders: await lateness(scope) }
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

async function swaps(scope) {
  const { startProcess } = await helper('start-process')
  const { temporaryFolder, trainTiny } = await helper('tiny-models')
  const folder = await temporaryFolder(scope)
  const files = [await trainTiny(folder, 'a'), await trainTiny(folder, 'b')]
  const server = await startProcess(scope, {
    model: files[0],
    credentials: { rest: null },
    trackerStore: { type: 'sql', dialect: 'sqlite', db: join(folder, 'conversations.sqlite') },
  })
  await load(server, seconds / 2)
  const without = await loadAndWatch(server)
  const begun = Date.now()
  let swapped = 0
  let refused = 0
  const swapping = (async () => {
    while (Date.now() - begun < seconds * 1000) {
      const answer = await fetch(`${server.url}/model`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model_file: files[(swapped + 1) % 2] }),
      })
      if (answer.status === 204) swapped += 1
      else refused += 1
      await pause(2000)
    }
  })()
  const withSwaps = await loadAndWatch(server)
  await swapping
  return { seconds, swapped, refused, withSwaps, without }
}

/** The load with the memory of the server at its beginning and after each sixth of it. Conversations lie in SQLite. */
async function loadAndWatch(server) {
  const residentMiB = [residentOf(server.child.pid)]
  const timer = setInterval(() => residentMiB.push(residentOf(server.child.pid)), (seconds * 1000) / 6)
  const result = await load(server, seconds)
  clearInterval(timer)
  return { ...result, residentMiB }
}

async function load({ url }, time) {
  const until = Date.now() + time * 1000
  let [messages, failed, mixed] = [0, 0, 0]
  const person = async number => {
    for (let message = 0; Date.now() < until; message += 1) {
      const answer = await fetch(`${url}/webhooks/rest/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sender: `${number}-${Math.floor(message / 20) % 500}`, message: '/greet' }),
      }).catch(() => null)
      const said = answer?.status === 200 ? (await answer.json()).map(({ text }) => text).join() : null
      messages += 1
      if (said === null) failed += 1
      else if (said !== 'a one,a two' && said !== 'b one,b two') mixed += 1
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, number) => person(number)))
  return { messages, perSecond: Math.round(messages / time), failed, mixed }
}

async function lateness(scope) {
  const { startProcess } = await helper('start-process')
  const { temporaryFolder, trainTiny } = await helper('tiny-models')
  const folder = await temporaryFolder(scope)
  const options = {
    model: await trainTiny(folder, 'a'),
    credentials: { rest: {} },
    trackerStore: { type: 'sql', dialect: 'sqlite', db: join(folder, 'conversations.sqlite') },
  }
  const open = () => startProcess(scope, options)
  const servers = [await open(), await open(), await open()]
  const base = Date.now() + 8000
  const gap = 50_000 / reminders
  for (let index = 0; index < reminders; index += 1) {
    const reminder = {
      ...{ event: 'reminder', name: `r${index}`, intent: 'greet', entities: null },
      date_time: new Date(base + index * gap).toISOString(),
      kill_on_user_msg: false,
    }
    const path = `/conversations/s${index}/tracker/events?execute_side_effects=true`
    await fetch(servers[index % 3].url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([reminder]),
    })
  }
  await pause(base + 12_000 - Date.now())
  await servers[0].kill()
  await pause(12_000)
  await servers[1].kill()
  const last = await open()
  await pause(Math.max(0, base + 50_000 + 16_000 - Date.now()))
  const counts = {}
  const late = []
  for (let index = 0; index < reminders; index += 1) {
    const answer = await fetch(`${last.url}/conversations/s${index}/tracker?include_events=ALL`)
    const { events } = await answer.json()
    const times = events
      .filter(({ event, text }) => event === 'user' && text === 'EXTERNAL: greet')
      .map(({ timestamp }) => timestamp * 1000 - (base + index * gap))
    counts[times.length] = (counts[times.length] ?? 0) + 1
    late.push(...times)
  }
  late.sort((a, b) => a - b)
  const at = share => Math.round(late[Math.floor(share * (late.length - 1))] ?? Number.NaN)
  return {
    due: reminders,
    processes: 3,
    killed: 2,
    takenEffectTimes: counts,
    lateMilliseconds: { median: at(0.5), most: at(1) },
  }
}

/** VmRSS of a process in MiB (Linux). */
function residentOf(pid) {
  return Math.round(
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  )
}

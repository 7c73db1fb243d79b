// Calls a second to an action that sets one slot, beside a bare koa echo of the same bodies, and what HTTP adds to the time of
// one call. Each server is a process of its own; the callers share this one. Figures are medians of runs that alternate.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { createEndpointClient } from '../packages/core-server/src/action-client/endpoint-client.ts'
import { HttpActionRunner } from '../packages/core-server/src/action-client/http-action-runner.ts'
import { readActionSettings } from '../packages/core-server/src/config/action-settings.ts'
import { actionRunner } from '../packages/action-sdk/src/index.ts'
import { setOne } from './reference/action-server.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const CONNECTIONS = 16
const SECONDS = 2
const RUNS = 5
const LATENCY_CALLS = 2_000

/** `{bodies, latency}`: calls a second of both servers by body, their ratio, and microseconds of one call by its way. */
export async function measure() {
  const actions = await serve('action-server.mjs', ['serve'])
  const echo = await serve('koa-echo.mjs', [])
  try {
    const bodies = {}
    for (const [name, call] of Object.entries(calls())) bodies[name] = await compare(actions, echo, call)
    return { bodies, latency: await latencies(actions) }
  } finally {
    for (const { child } of [actions, echo]) child.kill()
  }
}

/** A fresh conversation under enable_selective_domain, and one of 40 events with a domain as a small shop has it. */
function calls() {
  const state = {
    sender_id: 'ann',
    slots: { one: null },
    latest_message: { intent: { name: 'ask', confidence: 1 }, entities: [], text: '/ask' },
    latest_event_time: 1,
    followup_action: null,
    paused: false,
    events: [],
    latest_input_channel: 'rest',
    active_loop: {},
    latest_action: { action_name: 'action_listen' },
    latest_action_name: 'action_listen',
  }
  const small = { next_action: 'action_set_one', sender_id: 'ann', tracker: state, version: '3.6.21' }
  const turn = index => [
    {
      event: 'user',
      timestamp: index,
      text: 'What does shipping cost?',
      parse_data: {
        intent: { name: 'ask_shipping_cost', confidence: 0.98 },
        entities: [],
        text: 'What does shipping cost?',
        intent_ranking: Array.from({ length: 10 }, (_, rank) => ({
          name: `intent_${rank}`,
          confidence: 0.1,
        })),
      },
      input_channel: 'rest',
      message_id: `m${index}`,
      metadata: {},
    },
    { event: 'user_featurization', timestamp: index, use_text_for_featurization: false },
    { event: 'action', timestamp: index, name: 'utter_shipping_cost', policy: 'RulePolicy', confidence: 1 },
    { event: 'bot', timestamp: index, text: 'Shipping is free from 50 euros.', data: {}, metadata: {} },
  ]
  const domain = {
    version: '3.1',
    intents: Array.from({ length: 20 }, (_, index) => `intent_${index}`),
    slots: { one: { type: 'any', mappings: [{ type: 'custom' }] } },
    responses: Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `utter_${index}`,
        [{ text: `This is what the assistant says to question number ${index}.` }],
      ]),
    ),
    actions: ['action_set_one'],
  }
  const events = Array.from({ length: 10 }, (_, index) => turn(index)).flat()
  return { small, typical: { ...small, tracker: { ...state, events }, domain } }
}

async function compare(actions, echo, call) {
  const body = JSON.stringify(call)
  const figures = { actions: [], echo: [] }
  const costs = { actions: [], echo: [] }
  for (let run = 0; run <= RUNS; run += 1) {
    for (const [name, server] of Object.entries({ actions, echo })) {
      const before = cpuOf(server.child.pid)
      const { rate, answered } = await load(server.url, body, run === 0 ? 0.5 : SECONDS)
      if (run === 0) continue // warms up
      figures[name].push(rate)
      costs[name].push(((cpuOf(server.child.pid) - before) * 1e6) / answered)
    }
  }
  const [ours, theirs] = [median(figures.actions), median(figures.echo)]
  return {
    bytes: body.length,
    actionsPerSecond: Math.round(ours),
    echoPerSecond: Math.round(theirs),
    ratio: round(ours / theirs, 2),
    // What does not depend on who else uses the machine.
    cpuMicrosecondsPerCall: { actions: round(median(costs.actions)), echo: round(median(costs.echo)) },
    cpuRatio: round(median(costs.echo) / median(costs.actions), 2),
    runs: { actions: figures.actions.map(Math.round), echo: figures.echo.map(Math.round) },
  }
}

/** Calls a second over kept connections, each of which sends the next call when it has the answer. */
async function load(url, body, seconds) {
  const pool = new Pool(url, { connections: CONNECTIONS })
  const end = performance.now() + seconds * 1000
  const started = performance.now()
  let answered = 0
  const caller = async () => {
    while (performance.now() < end) {
      const reply = await pool.request({
        path: '/webhook',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      await reply.body.arrayBuffer()
      if (reply.statusCode !== 200) throw new Error(`${url} answered ${reply.statusCode}`)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller))
  await pool.close()
  return { rate: (answered * 1000) / (performance.now() - started), answered }
}

/** Seconds of CPU that a process has used; NaN where the system does not tell. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return Number.NaN
  }
}

/** One call after another: in this process, and over HTTP as the server makes it. */
async function latencies(actions) {
  const settings = { url: `${actions.url}/webhook` }
  const client = createEndpointClient({ url: settings.url, headers: {}, cafile: null })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const runners = {
    inProcess: actionRunner([setOne]),
    overHttp: new HttpActionRunner(client, readActionSettings(settings), log),
  }
  const result = {}
  for (const [size, call] of Object.entries(calls())) {
    const times = { inProcess: [], overHttp: [] }
    for (let count = 0; count < LATENCY_CALLS; count += 1) {
      for (const [way, runner] of Object.entries(runners)) {
        const started = performance.now()
        const outcome = await runner.run(call)
        if (outcome.kind !== 'done') throw new Error(outcome.message)
        if (count >= LATENCY_CALLS / 10) times[way].push((performance.now() - started) * 1000)
      }
    }
    const [local, remote] = [times.inProcess, times.overHttp]
    result[size] = {
      inProcess: { p50: round(quantile(local, 0.5)), p99: round(quantile(local, 0.99)) },
      overHttp: { p50: round(quantile(remote, 0.5)), p99: round(quantile(remote, 0.99)) },
      addedByHttp: round(quantile(remote, 0.5) - quantile(local, 0.5)),
    }
  }
  await client.close()
  return { unit: 'microseconds', ...result }
}

async function serve(file, args) {
  const child = spawn(process.execPath, [join(here, 'reference', file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()))
    child.once('close', status => reject(new Error(`${file} ended with status ${status}`)))
  })
  return { child, url: `http://127.0.0.1:${port}` }
}

const median = values => quantile(values, 0.5)

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

function round(value, digits = 0) {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}

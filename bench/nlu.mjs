// Understanding: training seconds and memory, the model's size, accuracy, and how fast messages are parsed in process and over
// HTTP, beside the classifier of node-nlp on the same set in the same run. The set is banking77 where ../shared holds it, else
// the small one of packages/conformance. Port 6210.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { loadModel, readProject } from '../packages/model/src/index.ts'
import { trainPipeline } from '../packages/nlu/src/index.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const PORT = 6210
const shared = join(root, '..', 'shared', 'nlu')
const isShared = existsSync(shared)
const folder = isShared ? join(shared, 'banking77') : join(root, 'packages/conformance/sets/kiosk')
const config = isShared ? join(shared, 'config.yml') : join(root, 'packages/conformance/sets/config.yml')

/** Figures of one set; times in seconds, microseconds and milliseconds as their names say, memory in MiB. */
export async function measure() {
  const project = mkdtempSync(join(tmpdir(), 'tabula-nlu-'))
  try {
    cpSync(join(folder, 'train.yml'), join(project, 'nlu.yml'))
    cpSync(config, join(project, 'config.yml'))
    writeFileSync(join(project, 'credentials.yml'), 'rest:\n')
    const read = await readProject({ root: project, domain: [], data: 'nlu.yml' })
    const test = (await readProject({ root: folder, config, domain: [], data: 'test.yml' })).nlu.examples
    const texts = test.map(({ text }) => text)
    const trained = await train(project)
    const file = join(project, 'models', 'model.tar.gz')
    const { pipeline } = await loadModel(file)
    return {
      set: isShared ? 'banking77' : 'kiosk',
      training: trained,
      modelMB: Math.round(statSync(file).size / 1e4) / 100,
      accuracy: await accuracyOf(pipeline, test),
      inProcess: await parseTimes(pipeline, texts),
      longMessage: await longMessage(pipeline),
      overHttp: await overHttp(project, texts),
      nodeNlp: await nodeNlp(read, test),
    }
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

/** In a process of its own, so that its memory is its own. */
async function train(project) {
  const started = performance.now()
  const child = spawn(bot, ['train', 'nlu', '--nlu', 'nlu.yml', '--fixed-model-name', 'model'], {
    cwd: project,
    stdio: 'ignore',
  })
  const { peakMiB, status } = await watched(child)
  if (status !== 0) throw new Error(`bot train ended with status ${status}`)
  return { seconds: Math.round(performance.now() - started) / 1000, peakMiB }
}

async function watched(child) {
  let peak = 0
  const timer = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 20)
  const status = await new Promise(resolve => child.once('close', resolve))
  clearInterval(timer)
  return { peakMiB: Math.round(peak / 1024), status }
}

/** What the kernel saw of a process and its children at most, in kB, summed over them (Linux). */
function peakOf(pid) {
  try {
    const own = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/)
    return children.filter(Boolean).reduce((sum, each) => sum + peakOf(each), own)
  } catch {
    return 0 // It has ended.
  }
}

async function accuracyOf(pipeline, examples) {
  let right = 0
  for (const { text, intent } of examples)
    right += Number((await pipeline.parse(text)).intent.name === intent)
  return Math.round((1e4 * right) / examples.length) / 1e4
}

async function parseTimes(pipeline, texts) {
  const times = []
  const before = process.cpuUsage()
  for (const text of texts) {
    const started = performance.now()
    await pipeline.parse(text)
    times.push(performance.now() - started)
  }
  const { user, system } = process.cpuUsage(before)
  const sorted = times.toSorted((a, b) => a - b)
  const at = share => Math.round(1000 * sorted[Math.floor(share * (sorted.length - 1))])
  return {
    medianMicroseconds: at(0.5),
    p99Microseconds: at(0.99),
    cpuMicroseconds: Math.round((user + system) / texts.length),
  }
}

/** How long others wait while a message of 100,000 characters is parsed. */
async function longMessage(pipeline) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const text = 'please tell me about my card '.repeat(3500)
  await pipeline.parse(text)
  delay.enable()
  const started = performance.now()
  await pipeline.parse(text)
  const took = performance.now() - started
  await new Promise(resolve => setTimeout(resolve, 5))
  delay.disable()
  return {
    characters: text.length,
    milliseconds: round(took),
    longestWaitMilliseconds: round(delay.max / 1e6),
  }
}

function round(value) {
  return Math.round(value * 100) / 100
}

/** Parses a second with 20 at a time, and the median answer with one at a time. */
async function overHttp(project, texts) {
  const args = ['run', '--enable-api', '--port', String(PORT), '--model', 'models/model.tar.gz']
  const child = spawn(bot, args, { cwd: project, stdio: 'ignore' })
  const ended = new Promise(resolve => child.once('close', resolve))
  try {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 })
    const deadline = performance.now() + 60_000
    while ((await ask(agent, texts[0]).catch(() => null)) === null) {
      if (performance.now() > deadline) throw new Error('the server gave no answer')
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    for (const text of texts.slice(0, 300)) await ask(agent, text)
    const single = []
    for (const text of texts.slice(0, 500)) {
      const started = performance.now()
      await ask(agent, text)
      single.push(performance.now() - started)
    }
    const started = performance.now()
    let next = 0
    const total = Math.min(6000, texts.length * 10)
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        while (next < total) {
          next += 1
          await ask(agent, texts[next % texts.length])
        }
      }),
    )
    const seconds = (performance.now() - started) / 1000
    agent.destroy()
    return {
      parsesPerSecond: Math.round(total / seconds),
      medianMilliseconds: round(single.toSorted((a, b) => a - b)[Math.floor(single.length / 2)]),
    }
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

function ask(agent, text) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ text })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const options = { agent, host: '127.0.0.1', port: PORT, path: '/model/parse', method: 'POST', headers }
    const sent = request(options, answer => {
      answer.resume()
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(true)
        else reject(new Error(`status ${answer.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The reference: node-nlp's classifier on the same examples. */
async function nodeNlp(project, test) {
  const started = performance.now()
  const configs = [
    { name: 'WhitespaceTokenizer', options: {} },
    { name: 'NodeNlpClassifier', options: {} },
  ]
  const pipeline = await trainPipeline(configs, project.nlu, { language: 'en', seed: 1 })
  const seconds = Math.round(performance.now() - started) / 1000
  const some = test.slice(0, 1000)
  return { trainSeconds: seconds, accuracy: await accuracyOf(pipeline, some), messages: some.length }
}

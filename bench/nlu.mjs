// Understanding: of every set of ../shared/nlu (else of the small one of packages/conformance) training seconds and memory, the
// model's size, accuracy, entity F1, calibration error, and AUROC out of scope; of banking77 how fast messages are parsed in
// process and over HTTP too, beside the classifier of node-nlp on the same set in the same run. The same with sentence vectors in
// the pipeline where their packages are installed. `NLU_SETS=banking77,snips70` takes some sets alone. Port 6210.

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { scorePipeline } from '../packages/conformance/src/score-nlu.ts'
import { loadModel, readProject } from '../packages/model/src/index.ts'
import {
  hasSentenceVectors,
  SENTENCE_VECTOR_PACKAGES,
} from '../packages/nlu/src/featurizers/sentence-vector-featurizer.ts'
import { trainPipeline } from '../packages/nlu/src/index.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bot = join(root, 'node_modules', '.bin', 'bot')
const PORT = 6210
const shared = join(root, '..', 'shared', 'nlu')
const isShared = existsSync(shared)
const home = isShared ? shared : join(root, 'packages/conformance/sets')
const config = join(home, 'config.yml')
const SETS = isShared ? ['banking77', 'banking77-10shot', 'clinc150', 'snips70', 'sofmattress'] : ['kiosk']
/** Those that are scored with sentence vectors, too: training takes minutes. */
const WITH_VECTORS = isShared ? ['banking77', 'banking77-10shot'] : ['kiosk']

/** Figures by set; times in seconds, microseconds and milliseconds as their names say, memory in MiB, the model in MB. */
export async function measure() {
  const chosen = process.env['NLU_SETS']?.split(',') ?? SETS
  const sets = {}
  for (const set of chosen) sets[set] = await figuresOf(set, readFileSync(config, 'utf8'))
  return { sets, withSentenceVectors: await withSentenceVectors(chosen) }
}

async function withSentenceVectors(chosen) {
  if (!hasSentenceVectors()) return `not installed: npm install ${SENTENCE_VECTOR_PACKAGES.join(' ')}`
  const pipeline = readFileSync(config, 'utf8').replace(
    /^( *)- name: DIETClassifier/m,
    '$1- name: SentenceVectorFeaturizer\n$&',
  )
  const sets = {}
  for (const set of WITH_VECTORS.filter(name => chosen.includes(name)))
    sets[set] = await figuresOf(set, pipeline)
  return sets
}

async function figuresOf(set, pipelineYaml) {
  const folder = join(home, set)
  const project = mkdtempSync(join(tmpdir(), 'tabula-nlu-'))
  try {
    cpSync(join(folder, 'train.yml'), join(project, 'nlu.yml'))
    writeFileSync(join(project, 'config.yml'), pipelineYaml)
    writeFileSync(join(project, 'credentials.yml'), 'rest:\n')
    const training = await train(project)
    const file = join(project, 'models', 'model.tar.gz')
    const { pipeline } = await loadModel(file)
    return {
      training,
      modelMB: Math.round(statSync(file).size / 1e4) / 100,
      ...(await scorePipeline(pipeline, folder, config)),
      ...(set === SETS[0] ? await speeds(pipeline, project, folder) : {}),
    }
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
}

async function speeds(pipeline, project, folder) {
  const read = await readProject({ root: project, domain: [], data: 'nlu.yml' })
  const test = (await readProject({ root: folder, config, domain: [], data: 'test.yml' })).nlu.examples
  const texts = test.map(({ text }) => text)
  return {
    inProcess: await parseTimes(pipeline, texts),
    longMessage: await longMessage(pipeline),
    overHttp: await overHttp(project, texts),
    nodeNlp: await nodeNlp(read, test),
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

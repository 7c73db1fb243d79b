// A bot under development: it runs, and what changes of its files is trained and swapped in while the conversation goes on.

import { randomUUID } from 'node:crypto'
import { relative } from 'node:path'
import { isStale, latestModel, readProject, trainModel, validateProject } from '@tabula/model'
import { ProjectError } from '@tabula/protocol'
import { ConversationClient } from '../chat/conversation-client.ts'
import { colorsOf, type Console } from '../console.ts'
import { showError } from '../output/show-error.ts'
import { showProblems } from '../output/show-problems.ts'
import { type Addresses, type RoleStart, startRoles } from '../roles/start-roles.ts'
import { type ChangeKind, kindOfChange } from './kind-of-change.ts'

/** The model that is trained on the way; it is written over. */
const MODEL_NAME = 'dev'

export interface DevParts extends Omit<RoleStart, 'role' | 'model' | 'reloadsActions'> {
  /** Shows a line, also while a person types. */
  readonly notice: (text: string) => void
}

export class DevSession {
  readonly #parts: DevParts
  readonly #console: Console
  #running: { stop(): Promise<void> }[] = []
  #addresses: Addresses = {}
  #sender = randomUUID()
  #work: Promise<void> = Promise.resolve()
  #training: AbortController | null = null

  constructor(parts: DevParts) {
    this.#parts = parts
    const { notice } = parts
    // Problems come as lines of their own, above what is being typed.
    const stderr = Object.assign(Object.create(parts.console.stderr) as NodeJS.WritableStream, {
      write: (text: string) => {
        notice(text.replace(/\n$/, ''))
        return true
      },
    })
    this.#console = { ...parts.console, stderr }
  }

  get addresses(): Addresses {
    return this.#addresses
  }

  /** The conversation of the terminal, on the server as it is now. */
  readonly client = (): ConversationClient => {
    const token = this.#parts.environment['INFERENCE_TOKEN'] ?? ''
    return new ConversationClient(
      this.#addresses.server ?? '',
      this.#sender,
      token === '' ? undefined : token,
    )
  }

  /** Trains if need be and starts; with mistakes in the project it starts with the model of before, if there is one. */
  async start(): Promise<void> {
    await this.#train([], { swaps: false })
    await this.#open()
  }

  /** Takes changes one after the other; a training that is under way is given up for the newer one. */
  change(files: readonly string[]): Promise<void> {
    const kinds = new Map<ChangeKind, string[]>()
    for (const file of files) {
      const kind = kindOfChange(file)
      if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), file])
    }
    if (kinds.has('project')) this.#training?.abort()
    this.#work = this.#work
      .then(() => this.#apply(kinds))
      .catch((error: unknown) => {
        showError(error, this.#parts.folder, this.#console)
      })
    return this.#work
  }

  /** Says the messages of the conversation again to the model of now: the lines tell what is answered otherwise. */
  async replay(): Promise<string[]> {
    const { events } = await this.client().tracker('APPLIED')
    const before = turnsOf(events ?? [])
    if (before.length === 0) return ['Nothing was said yet.']
    this.#sender = randomUUID()
    for (const { said } of before) await this.client().say(said)
    const { events: newest } = await this.client().tracker('APPLIED')
    const after = turnsOf(newest ?? [])
    const lines = before.flatMap(({ said, answers }, index) => {
      const now = after[index]?.answers ?? []
      return answers.join('\n') === now.join('\n')
        ? [`= ${said}`]
        : [`≠ ${said}`, ...answers.map(each => `  - ${each}`), ...now.map(each => `  + ${each}`)]
    })
    return [...lines, 'The conversation goes on from here.']
  }

  async stop(): Promise<void> {
    this.#training?.abort()
    await this.#work.catch(() => undefined)
    for (const each of this.#running) await each.stop()
    this.#running = []
  }

  async #apply(kinds: ReadonlyMap<ChangeKind, readonly string[]>): Promise<void> {
    const { actions, settings, project } = Object.fromEntries(kinds) as Partial<
      Record<ChangeKind, readonly string[]>
    >
    if (actions !== undefined) await this.#reloadActions(actions)
    if (project !== undefined) await this.#train(project, { swaps: settings === undefined })
    if (settings !== undefined) {
      for (const each of this.#running) await each.stop()
      await this.#open()
      this.#say(`${settings.join(', ')} changed: started again, ready.`)
    }
  }

  async #open(): Promise<void> {
    const { folder } = this.#parts
    this.#running = []
    this.#addresses = await startRoles(
      {
        ...this.#parts,
        console: this.#console,
        role: 'all',
        model: `${folder}/models`,
        reloadsActions: true,
      },
      this.#running,
    )
  }

  /** The action server looks at its files before each call; asking for the names makes it look now. */
  async #reloadActions(files: readonly string[]): Promise<void> {
    const { actions } = this.#addresses
    if (actions === undefined) return
    const answer = await fetch(new URL('/actions', actions))
    const names = (await answer.json()) as readonly unknown[]
    this.#say(`${files.join(', ')} changed: ${names.length} actions, reloaded, ready.`)
  }

  async #train(files: readonly string[], { swaps }: { readonly swaps: boolean }): Promise<void> {
    const { folder, environment } = this.#parts
    const controller = new AbortController()
    this.#training = controller
    try {
      const project = await readProject({ root: folder }, environment)
      const findings = validateProject(project)
      const known = await latestModel(`${folder}/models`)
      if (known !== null && !(await isStale(project, known))) {
        this.#say(swaps ? `${files.join(', ')} changed: nothing to train.` : 'The model is up to date.')
        return
      }
      showProblems([...project.problems, ...findings], folder, this.#console)
      const { file, seconds, reused, problems } = await trainModel(project, {
        fixedModelName: MODEL_NAME,
        signal: controller.signal,
      })
      showProblems(problems, folder, this.#console)
      if (swaps) await this.client().loadModel(file)
      const unchanged = reused.length === 0 ? '' : ` (${reused.length} parts unchanged)`
      const changed = swaps ? `${files.join(', ')} changed: ` : ''
      this.#say(
        `${changed}trained in ${seconds.toFixed(2)} s${unchanged}${swaps ? ', reloaded, ready.' : `: ${relative(folder, file)}`}`,
      )
    } catch (error) {
      if (controller.signal.aborted) return
      showError(error, folder, this.#console)
      if (!(error instanceof ProjectError)) return
      this.#parts.notice(
        colorsOf(this.#console).yellow('The bot goes on as it was; mend the files and it is trained again.'),
      )
    } finally {
      if (this.#training === controller) this.#training = null
    }
  }

  #say(text: string): void {
    this.#parts.notice(`${colorsOf(this.#console).green('✓')} ${text}`)
  }
}

interface Turn {
  readonly said: string
  readonly answers: readonly string[]
}

type Events = readonly { readonly event: string; readonly text?: string | null }[]

/** What was said, and what the bot answered to it. */
function turnsOf(events: Events): Turn[] {
  const turns: { said: string; answers: string[] }[] = []
  for (const { event, text } of events) {
    if (event === 'user') turns.push({ said: text ?? '', answers: [] })
    else if (event === 'bot') turns.at(-1)?.answers.push(text ?? '')
  }
  return turns
}

// Interactive learning: a person says what a message means and what the bot does next, step by step.

import { readAnnotations } from '@tabula/model'
import type { Button, Entity, ParseData, TrackerEvent, TrackerState, UserUttered } from '@tabula/protocol'
import { colorsOf, type Console } from '../console.ts'
import { type Asking, Interrupted } from '../chat/asking.ts'
import type { ConversationClient, Prediction } from '../chat/conversation-client.ts'
import { annotatedText, chatLines } from '../chat/show-chat.ts'

const LISTEN = 'action_listen'
const UNLIKELY = 'action_unlikely_intent'
/** Stands for any turns within rules; it is no action that runs. */
const SNIPPET = '...'
const LISTENS = { event: 'action', name: LISTEN } as const

/** What was said and done in a session. */
export interface Recorded {
  /** Applied events of each conversation, the one under way last. */
  readonly conversations: readonly (readonly TrackerEvent[])[]
  /** Every message with what it means, also those that a form or a fallback has taken out of the conversation's events. */
  readonly messages: readonly UserUttered[]
  /** Responses that were written on the way: name to words. */
  readonly responses: ReadonlyMap<string, string>
}

export interface SessionParts {
  readonly client: ConversationClient
  readonly asking: Asking
  readonly console: Console
  /** Is told what has been recorded so far, after every step. */
  readonly onChange: (recorded: Recorded) => void
}

type MenuChoice = 'continue' | 'undo' | 'fork' | 'fresh' | 'slot' | 'export' | 'quit'

export class InteractiveSession {
  readonly #client: ConversationClient
  readonly #asking: Asking
  readonly #console: Console
  readonly #onChange: SessionParts['onChange']
  readonly #finished: (readonly TrackerEvent[])[] = []
  readonly #messages: UserUttered[] = []
  readonly #responses = new Map<string, string>()
  readonly #newActions = new Set<string>()
  #intents: readonly string[] = []
  #actions: ReadonlySet<string> = new Set()
  #isUnderstood = true

  constructor({ client, asking, console, onChange }: SessionParts) {
    this.#client = client
    this.#asking = asking
    this.#console = console
    this.#onChange = onChange
  }

  /** What was recorded, or null where nothing of it is to be kept. Rejects with InputEnded where nobody answers any more. */
  async record(): Promise<Recorded | null> {
    this.#intents = await this.#client.intents()
    for (;;) {
      try {
        if (await this.#isListening()) await this.#hear()
        if (!this.#isUnderstood) await this.#checkUnderstanding()
        await this.#act()
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error
        const ending = await this.#menu()
        if (ending !== 'continue') return ending === 'export' ? this.#recorded() : null
      }
    }
  }

  async #isListening(): Promise<boolean> {
    const { events } = await this.#client.tracker('APPLIED')
    const last = (events ?? []).findLast(({ event }) => event === 'user' || event === 'action')
    return (
      last === undefined ||
      (last.event === 'action' && (last.name === LISTEN || last.name === 'action_session_start'))
    )
  }

  async #hear(): Promise<void> {
    const buttons = buttonsOf(await this.#client.tracker('APPLIED'))
    buttons.forEach(({ title, payload }, index) => {
      this.#asking.say(`  ${index + 1}: ${title ?? ''} (${payload ?? title ?? ''})`)
    })
    let text = ''
    while (text === '') text = await this.#asking.text('Your input ->')
    if (text === '/restart') {
      await this.#startAfresh([LISTENS])
      return this.#hear()
    }
    const button = /^\d+$/.test(text) ? buttons[Number(text) - 1] : undefined
    await this.#client.hear(button?.payload ?? button?.title ?? text)
    this.#isUnderstood = false
    await this.#changed()
  }

  /** Asks whether the newest message was understood; where not, it is taken back and said again with what it means. */
  async #checkUnderstanding(): Promise<void> {
    const message = await this.#latestMessage()
    if (message !== undefined && !(await this.#isRight(message))) {
      const intent = await this.#askIntent(message.parse_data)
      const entities = await this.#askEntities(message)
      const { text } = message
      await this.#client.append([{ event: 'rewind' }, LISTENS])
      await this.#client.hear(text ?? '', {
        text,
        intent: { name: intent, confidence: 1 },
        entities,
        intent_ranking: [{ name: intent, confidence: 1 }],
      })
    }
    const meant = await this.#latestMessage()
    if (meant !== undefined) this.#messages.push(meant)
    this.#isUnderstood = true
    await this.#changed()
  }

  async #latestMessage(): Promise<UserUttered | undefined> {
    const { events } = await this.#client.tracker('AFTER_RESTART')
    return events?.findLast((event): event is UserUttered => event.event === 'user')
  }

  async #isRight(message: UserUttered): Promise<boolean> {
    const { intent, entities } = message.parse_data
    const name = intent.name ?? null
    const text = annotatedText(message)
    if (text.startsWith('/')) return name !== null && this.#intents.includes(name)
    if (name === null) {
      this.#asking.say(`Your NLU model found no intent for '${text}'.`)
      return false
    }
    return this.#asking.confirm(
      entities.length > 0
        ? `Is the intent '${name}' correct for '${text}' and are all entities labeled correctly?`
        : `Your NLU model classified '${text}' with intent '${name}' and there are no entities, is this correct?`,
    )
  }

  async #askIntent({ intent_ranking: ranking = [] }: ParseData): Promise<string> {
    const ranked = ranking.filter(({ name }) => name !== null)
    const others = this.#intents.filter(name => ranked.every(each => each.name !== name))
    const intent = await this.#asking.choose(
      'What intent is it?',
      [
        ...ranked.map(({ name, confidence = 0 }) => ({
          label: `${confidence.toFixed(2)} ${name ?? ''}`,
          value: name ?? '',
        })),
        ...others.map(name => ({ label: `0.00 ${name}`, value: name })),
      ],
      'the name of a new intent',
    )
    if (!this.#intents.includes(intent)) this.#intents = [...this.#intents, intent]
    return intent
  }

  async #askEntities(message: UserUttered): Promise<Entity[]> {
    const before = annotatedText(message)
    for (;;) {
      const answer = await this.#asking.text(
        'Please mark the entities using [value](type) notation, or press Enter:',
        {
          prefilled: before,
        },
      )
      const { text, entities, faults } = readAnnotations(answer === '' ? before : answer)
      const [fault] = faults
      if (fault !== undefined) this.#asking.say(fault.message)
      else if (text !== message.text)
        this.#asking.say(`The words must stay as they are: ${message.text ?? ''}`)
      else
        return entities.map(({ start, end, ...entity }) => ({
          ...entity,
          start: Array.from(text.slice(0, start)).length,
          end: Array.from(text.slice(0, end)).length,
        }))
    }
  }

  /** Asks what the bot does next until it listens. */
  async #act(): Promise<void> {
    for (let name = ''; name !== LISTEN;) {
      const prediction = await this.#client.predict()
      const [best] = prediction.scores
      if (best === undefined)
        throw new Error('No action was predicted: the model was trained without a policy. Train it with one.')
      this.#actions = new Set(prediction.scores.map(({ action }) => action))
      await this.#showChat()
      const isRight = await this.#asking.confirm(questionOf(best.action, prediction, this.#console))
      name = isRight || best.action === UNLIKELY ? best.action : await this.#askAction(prediction)
      await this.#prepareForm(name)
      if (isRight)
        await this.#client.execute(name, { policy: prediction.policy, confidence: prediction.confidence })
      else if (this.#actions.has(name)) await this.#client.execute(name)
      else await this.#client.append(this.#madeUp(name))
      await this.#changed()
    }
  }

  async #askAction({ scores }: Prediction): Promise<string> {
    const made = [...this.#newActions].map(name => ({ label: `new  ${name}`, value: name }))
    const choices = scores
      .filter(({ action }) => action !== SNIPPET)
      .map(({ action, score }) => ({ label: `${score.toFixed(2)} ${action}`, value: action }))
    const name = await this.#asking.choose(
      'What is the next action of the bot?',
      [...made, ...choices],
      'the name of a new action',
    )
    if (this.#actions.has(name) || this.#newActions.has(name)) return name
    if (name.startsWith('utter_')) {
      let words = ''
      while (words === '')
        words = await this.#asking.text(`Please type the message for your new bot response '${name}':`)
      this.#responses.set(name, words)
    }
    this.#newActions.add(name)
    return name
  }

  /** An action that the model does not know yet is noted; a new response is said besides. */
  #madeUp(name: string): { readonly event: 'action' | 'bot'; readonly [key: string]: unknown }[] {
    const words = this.#responses.get(name)
    if (words === undefined)
      this.#asking.say(`'${name}' is new: it is noted, and cannot be run before it is written and trained.`)
    return [
      { event: 'action', name },
      ...(words === undefined ? [] : [{ event: 'bot' as const, text: words, data: {} }]),
    ]
  }

  /** Another action than the form that waits means that the form refused; a form that comes back may skip its question. */
  async #prepareForm(name: string): Promise<void> {
    const tracker = await this.#client.tracker('AFTER_RESTART')
    const { name: loop, rejected } = tracker.active_loop as { name?: string | null; rejected?: boolean }
    if (typeof loop !== 'string') return
    if (name !== loop && name !== LISTEN)
      await this.#client.append([{ event: 'action_execution_rejected', name: loop }])
    else if (rejected === true && tracker.latest_action_name === LISTEN && name === loop) {
      const slot = tracker.slots['requested_slot']
      const fills = await this.#asking.confirm(
        `Should '${name}' validate user input to fill the slot '${typeof slot === 'string' ? slot : ''}'?`,
      )
      if (!fills) await this.#client.append([{ event: 'loop_interrupted', is_interrupted: true }])
    }
  }

  async #menu(): Promise<'continue' | 'export' | 'quit'> {
    const choice = await this.#askMenu()
    if (choice === 'export' || choice === 'quit') return choice
    try {
      if (choice === 'undo') await this.#undo()
      else if (choice === 'fork') await this.#fork()
      else if (choice === 'fresh') await this.#startAfresh([LISTENS])
      else if (choice === 'slot') await this.#setSlot()
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
    }
    await this.#changed()
    return 'continue'
  }

  /** Ctrl-C there asks where to write, as in Rasa; once more ends without writing. */
  async #askMenu(): Promise<MenuChoice> {
    try {
      const choice = await this.#asking.choose('Do you want to stop?', [
        { label: 'Continue', value: 'continue' },
        { label: 'Undo Last', value: 'undo' },
        { label: 'Fork', value: 'fork' },
        { label: 'Start Fresh', value: 'fresh' },
        { label: 'Set a slot', value: 'slot' },
        { label: 'Export & Quit', value: 'export' },
        { label: 'Quit and keep nothing', value: 'quit' },
      ])
      return choice as MenuChoice
    } catch (error) {
      if (error instanceof Interrupted) return 'export'
      throw error
    }
  }

  /** Takes back the newest message, or what the bot did last. */
  async #undo(): Promise<void> {
    const { events } = await this.#client.tracker('APPLIED')
    const last = events?.findLast(({ event }) => event === 'user' || event === 'action')
    if (last?.event === 'user') {
      await this.#client.append([{ event: 'rewind' }, LISTENS])
      if (this.#isUnderstood) this.#messages.pop()
    } else if (last !== undefined) await this.#client.append([{ event: 'undo' }])
    this.#isUnderstood = true
    await this.#showChat()
  }

  /** Goes on from before an earlier message; what there was is kept as a story of its own. */
  async #fork(): Promise<void> {
    const { events } = await this.#client.tracker('APPLIED')
    const all = events ?? []
    const messages = all.flatMap((event, index) =>
      event.event === 'user' ? [{ label: event.text ?? '', value: String(index) }] : [],
    )
    if (messages.length === 0) {
      this.#asking.say('There is no message yet.')
      return
    }
    const chosen = await this.#asking.choose(
      'Before which user message do you want to fork?',
      messages.toReversed(),
    )
    await this.#startAfresh(all.slice(0, Number(chosen)))
    await this.#showChat()
  }

  async #startAfresh(events: readonly { readonly event: TrackerEvent['event'] }[]): Promise<void> {
    const { events: applied } = await this.#client.tracker('APPLIED')
    this.#finished.push(applied ?? [])
    await this.#client.append([{ event: 'restart' }, ...events])
    this.#isUnderstood = true
  }

  async #setSlot(): Promise<void> {
    const { slots } = await this.#client.tracker('AFTER_RESTART')
    const names = Object.keys(slots).filter(name => name !== 'session_started_metadata')
    const name = await this.#asking.choose(
      'Which slot?',
      names.map(each => ({ label: `${each}: ${JSON.stringify(slots[each])}`, value: each })),
    )
    const written = await this.#asking.text(`What is ${name}? (JSON, or words; null empties it)`)
    await this.#client.append([{ event: 'slot', name, value: readValue(written) }])
    await this.#showChat()
  }

  async #showChat(): Promise<void> {
    const tracker = await this.#client.tracker('APPLIED')
    for (const line of chatLines(tracker, this.#console)) this.#asking.say(line)
  }

  async #recorded(): Promise<Recorded> {
    const { events } = await this.#client.tracker('APPLIED')
    return {
      conversations: [...this.#finished, events ?? []],
      messages: this.#messages,
      responses: this.#responses,
    }
  }

  async #changed(): Promise<void> {
    this.#onChange(await this.#recorded())
  }
}

function questionOf(action: string, { policy, confidence }: Prediction, console: Console): string {
  const by =
    policy === null
      ? ''
      : colorsOf(console).dim(` (${policy.replace(/^policy_\d+_/, '')} ${confidence.toFixed(2)})`)
  if (action === UNLIKELY)
    return `The bot wants to run '${action}'${by}, to say that the last message was not expected here. Is that correct?`
  return `The bot wants to run '${action}'${by}, correct?`
}

/** Buttons of what the bot said last before it listened. */
function buttonsOf({ events }: TrackerState): readonly Button[] {
  const spoken = (events ?? []).findLast(({ event }) => event === 'bot' || event === 'user')
  return spoken?.event === 'bot' ? (spoken.data.buttons ?? []) : []
}

function readValue(written: string): unknown {
  try {
    return JSON.parse(written) as unknown
  } catch {
    return written
  }
}

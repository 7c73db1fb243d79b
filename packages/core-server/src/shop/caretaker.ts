// What the public side does by itself: gives conversations back to the bot when it is time, and erases what is too old.

import type { Assistant } from '../assistant/assistant.ts'
import type { VisitorFiles } from '../files/visitor-files.ts'
import type { History } from '../history/history.ts'
import type { Log } from '../telemetry/log.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'

export interface CaretakerParts {
  readonly assistant: Assistant
  readonly history: History
  readonly store: TrackerStore
  readonly files: Pick<VisitorFiles, 'erase'>
  /** Days without activity after which a conversation is erased; 0 keeps all. */
  readonly historyDays: number
  readonly now: () => number
  readonly log: Log
}

const INTERVAL = 15_000
const ERASED_AT_ONCE = 100

export class Caretaker {
  readonly #parts: CaretakerParts
  readonly #timer: NodeJS.Timeout
  #round: Promise<void> | null = null

  constructor(parts: CaretakerParts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.look(), INTERVAL)
    this.#timer.unref()
  }

  /** One round; a second call during it waits for the same one. */
  async look(): Promise<void> {
    this.#round ??= this.#lookOnce().finally(() => {
      this.#round = null
    })
    await this.#round
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#round
  }

  async #lookOnce(): Promise<void> {
    const { log } = this.#parts
    try {
      await this.#resume()
      await this.#eraseOld()
    } catch (err) {
      log.warn(
        { code: 'caretaker.round', err },
        'A round of looking after conversations failed; it comes again.',
      )
    }
  }

  async #resume(): Promise<void> {
    const { assistant, history, now } = this.#parts
    for (const sender of await history.takeDueResumes(now())) {
      try {
        await assistant.append(sender, [{ event: 'resume' }], { send: false })
      } catch (error) {
        await history.setResumeTime(sender, now())
        throw error
      }
    }
  }

  async #eraseOld(): Promise<void> {
    const { history, historyDays, now } = this.#parts
    if (historyDays === 0) return
    for (const sender of await history.inactiveSince(now() - historyDays * 86_400, ERASED_AT_ONCE)) {
      await eraseConversation(sender, this.#parts)
      await history.audit({ user_id: null, email: null, action: 'conversation.expire' })
    }
  }
}

/** Leaves nothing of the conversation in the store, in processes that keep it in memory, and in the index. */
export async function eraseConversation(
  sender: string,
  { store, assistant, history, files }: Pick<CaretakerParts, 'store' | 'assistant' | 'history' | 'files'>,
): Promise<boolean> {
  const isStored = (await store.load(sender)).revision.number > 0
  await store.erase(sender)
  await assistant.forget(sender)
  const isKnown = await history.forget(sender)
  await files.erase(sender)
  return isStored || isKnown
}

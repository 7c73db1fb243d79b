// The ledger of messages in this process: as short-lived as the conversations beside it.

import type { BotMessage } from '@tabula/protocol'
import { inboxFull } from '../inbox/inbox.ts'
import { isSameBody, MESSAGE_MEMORY, otherBody } from './message-ledger.ts'
import type {
  AcceptedMessage,
  HandledMessage,
  JournalEntry,
  MessageLedger,
  MessageRecord,
} from './message-ledger.ts'

interface Kept {
  readonly digest: string
  readonly accepted: AcceptedMessage | null
  readonly journal: Map<number, JournalEntry>
  state: MessageRecord['state']
  readonly tries: Set<string>
  replies: readonly BotMessage[]
  sent: number
  isWaiting: boolean
  time: number
}

export class MemoryMessageLedger implements MessageLedger {
  readonly #senders = new Map<string, Map<string, Kept>>()

  async accept(sender: string, accepted: AcceptedMessage, most: number): Promise<'accepted' | 'known'> {
    const messages = this.#of(sender)
    const known = messages.get(accepted.key)
    if (known !== undefined) {
      if (!isSameBody(known.digest, accepted.digest)) throw otherBody(sender)
      return 'known'
    }
    if (this.waiting(sender) >= most) throw inboxFull(most)
    messages.set(accepted.key, { ...kept(accepted.digest), accepted, isWaiting: true })
    return 'accepted'
  }

  async pending(sender: string): Promise<readonly AcceptedMessage[]> {
    return [...(this.#senders.get(sender)?.values() ?? [])].flatMap(({ accepted, isWaiting }) =>
      isWaiting && accepted !== null ? [accepted] : [],
    )
  }

  async begin(sender: string, key: string, digest: string, attempt: string): Promise<MessageRecord> {
    const messages = this.#of(sender)
    const message = messages.get(key) ?? kept(digest)
    if (!isSameBody(message.digest, digest)) throw otherBody(sender)
    messages.set(key, message)
    if (message.state === 'open') message.tries.add(attempt)
    const { state, tries, replies, sent, journal } = message
    return { state, tries: tries.size, replies, sent, journal: new Map(journal) }
  }

  async giveBack(sender: string, key: string, attempt: string): Promise<void> {
    const message = this.#senders.get(sender)?.get(key)
    if (message?.state === 'open') message.tries.delete(attempt)
  }

  async replies(sender: string, key: string): Promise<readonly BotMessage[]> {
    return this.#senders.get(sender)?.get(key)?.replies ?? []
  }

  async journal(sender: string, key: string, step: number, entry: JournalEntry): Promise<void> {
    const { journal } = this.#of(sender).get(key) ?? kept('')
    if (!journal.has(step)) journal.set(step, entry)
  }

  async sent(sender: string, key: string, parts: number, isAll: boolean): Promise<void> {
    const message = this.#of(sender).get(key)
    if (message === undefined) return
    message.sent = Math.max(message.sent, parts)
    if (isAll) message.isWaiting = false
  }

  async bury(sender: string, key: string, replies: readonly BotMessage[]): Promise<void> {
    const message = this.#of(sender).get(key)
    if (message?.state !== 'open') return
    message.state = 'dead'
    message.replies = replies
  }

  async stranded(age: number, limit: number): Promise<readonly string[]> {
    const until = Date.now() / 1000 - age
    const found: string[] = []
    for (const [sender, messages] of this.#senders) {
      for (const [key, { time, isWaiting }] of messages) {
        if (time > until) break
        if (isWaiting) found.push(sender)
        else if (time < until - MESSAGE_MEMORY) messages.delete(key)
      }
      if (messages.size === 0) this.#senders.delete(sender)
    }
    return [...new Set(found)].slice(0, limit)
  }

  /** Whether a turn for the message may be saved; a second time it would be there twice. */
  isOpen(sender: string, key: string): boolean {
    return (this.#senders.get(sender)?.get(key)?.state ?? 'open') === 'open'
  }

  /** Part of saving a turn. */
  handled(sender: string, { key, digest, replies }: HandledMessage): void {
    const messages = this.#of(sender)
    const message = messages.get(key) ?? kept(digest)
    message.state = 'done'
    message.replies = replies
    if (replies.length === 0) message.isWaiting = false
    messages.set(key, message)
  }

  waiting(sender: string): number {
    let count = 0
    for (const { isWaiting } of this.#senders.get(sender)?.values() ?? []) if (isWaiting) count += 1
    return count
  }

  erase(sender: string): void {
    this.#senders.delete(sender)
  }

  #of(sender: string): Map<string, Kept> {
    const known = this.#senders.get(sender)
    if (known !== undefined) return known
    const made = new Map<string, Kept>()
    this.#senders.set(sender, made)
    return made
  }
}

function kept(digest: string): Kept {
  return {
    ...{ digest, accepted: null, journal: new Map<number, JournalEntry>(), state: 'open' },
    ...{ tries: new Set<string>(), replies: [], sent: 0, isWaiting: false, time: Date.now() / 1000 },
  }
}

// For tools: the stored conversations of a project's endpoints.yml, and the brokers that it names, without a server.

import type { LoggedEvent } from '@tabula/protocol'
import { openBrokers } from '../brokers/open-brokers.ts'
import { readEndpoints } from '../config/read-endpoints.ts'
import type { Settings } from '../config/server-options.ts'
import { createLog } from '../telemetry/log.ts'
import { openState } from '../tracker-store/open-state.ts'

export interface StoredConversation {
  readonly sender: string
  readonly events: readonly LoggedEvent[]
}

export interface ConversationSource {
  /** All conversations, one after the other, by their ids. */
  conversations(): AsyncGenerator<StoredConversation>
  /** Leaves it where Rasa reads it: in Redis under Rasa's own key; in SQL it is there anyway. */
  leaveToRasa(sender: string): Promise<void>
  close(): Promise<void>
}

export interface ConversationSink {
  readonly name: string
  /** Resolves when the broker has the events, in this order. */
  publish(sender: string, events: readonly LoggedEvent[]): Promise<void>
  close(): Promise<void>
}

/** Ids that are asked for at once. */
const PAGE = 500

/** The store of the endpoints. Throws CodedError `store.unavailable` where it is not there. */
export async function openConversations(endpoints: Settings): Promise<ConversationSource> {
  const log = createLog('warn', process.stderr)
  const { trackerStore } = readEndpoints(endpoints, undefined, log)
  const state = await openState({ trackerStore, lockStore: { kind: 'memory' } }, log)
  const { store } = state
  return {
    async *conversations() {
      let after: string | null = null
      for (;;) {
        const senders: readonly string[] = await store.senders(after, PAGE)
        for (const sender of senders) yield { sender, events: (await store.load(sender)).events }
        after = senders.at(-1) ?? null
        if (senders.length < PAGE) return
      }
    },
    leaveToRasa: sender => store.leaveToRasa(sender),
    close: () => state.close(),
  }
}

/** The brokers of the endpoints; none where they name none. Throws CodedError `endpoints.broker` for settings that cannot work. */
export async function openSinks(
  endpoints: Settings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly ConversationSink[]> {
  const brokers = await openBrokers(endpoints['event_broker'], environment, createLog('warn', process.stderr))
  return brokers.map(broker => ({
    name: broker.name,
    publish: (sender, events) =>
      broker.publish(events.map((event, index) => ({ id: `${sender} ${index}`, sender, event }))),
    close: () => broker.close(),
  }))
}

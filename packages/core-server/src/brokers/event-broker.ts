// Takes a conversation's events somewhere else: to a queue, a table, a file. Settings and payloads are Rasa's.

import type { LogEntry } from '../tracker-store/event-log.ts'

export interface EventBroker {
  /** For logs and for its place in the event log, such as `pika rasa-exchange@localhost`; without secrets. */
  readonly name: string
  /** Resolves when the broker has taken all of them, in this order; rejects where it may not have: then they come again. */
  publish(entries: readonly LogEntry[]): Promise<void>
  close(): Promise<void>
}

/** Rasa's payload: the event with its sender. */
export function payloadOf({ event, sender }: LogEntry): Readonly<Record<string, unknown>> {
  return { sender_id: sender, ...event }
}

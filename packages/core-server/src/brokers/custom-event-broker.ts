// An event broker of a project's own: a class that endpoints.yml names by its path, as Rasa names Python's.

import { CodedError } from '@tabula/protocol'
import { type EventBroker, payloadOf } from './event-broker.ts'

/** What a project's class is; its constructor takes the entry of endpoints.yml. */
export type CustomBrokerClass = new (settings: Readonly<Record<string, unknown>>) => CustomBroker

export interface CustomBroker {
  /** Takes an event with its `sender_id`; where it throws, the event comes again. The id is the same each time. */
  publish(event: Readonly<Record<string, unknown>>, id: string): Promise<void> | void
  close?(): Promise<void> | void
}

/** Throws CodedError `endpoints.broker` where the class cannot publish. */
export function createCustomEventBroker(
  type: CustomBrokerClass,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): EventBroker {
  const own = new type(settings)
  if (typeof (own as { readonly publish?: unknown }).publish !== 'function')
    throw new CodedError(
      'endpoints.broker',
      `endpoints.yml: the event_broker ${name} has no method publish(event, id).`,
      { status: 400 },
    )
  return {
    name,
    async publish(entries) {
      for (const entry of entries) await own.publish(payloadOf(entry), entry.id)
    },
    async close() {
      await own.close?.()
    },
  }
}

// The brokers that endpoints.yml names: `event_broker` is one, as in Rasa, or a list of them.

import { resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'
import type { Log } from '../telemetry/log.ts'
import type { EventBroker } from './event-broker.ts'

type Settings = Readonly<Record<string, unknown>>

/** Throws CodedError `endpoints.broker` for settings that cannot work; an unknown type is a warning and no broker, as in Rasa. */
export async function openBrokers(
  setting: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<readonly EventBroker[]> {
  const entries = (Array.isArray(setting) ? setting : [setting]).filter(isRecord)
  const name = environment['RASA_ENVIRONMENT'] ?? 'RASA_ENVIRONMENT_NOT_SET'
  const opened = await Promise.all(entries.map(entry => openBroker(entry, name, log)))
  return opened.filter(broker => broker !== null)
}

async function openBroker(settings: Settings, environment: string, log: Log): Promise<EventBroker | null> {
  const { type = 'pika' } = settings
  switch (typeof type === 'string' ? type.toLowerCase() : '') {
    case 'pika': {
      const { createPikaEventBroker, readPikaSettings } = await import('./pika-event-broker.ts')
      return createPikaEventBroker(readPikaSettings(settings, environment))
    }
    case 'kafka': {
      const { createKafkaEventBroker, readKafkaSettings } = await import('./kafka-event-broker.ts')
      return createKafkaEventBroker(readKafkaSettings(settings, environment))
    }
    case 'file': {
      const { createFileEventBroker } = await import('./file-event-broker.ts')
      return createFileEventBroker(settings)
    }
    case 'sql':
      return openSqlBroker(settings)
    default:
      log.warn(
        { code: 'endpoints.broker', type },
        'This type of event_broker is not known (pika, kafka, sql, file); events go to no broker.',
      )
      return null
  }
}

async function openSqlBroker({ dialect = 'sqlite', db = 'events.db' }: Settings): Promise<EventBroker> {
  if (dialect !== 'sqlite' || typeof db !== 'string')
    throw new CodedError(
      'endpoints.broker',
      `endpoints.yml: event_broker of type sql takes the dialect sqlite and db, the path of its file; found ${String(dialect)}.`,
      { status: 400 },
    )
  const [{ openSqlite }, { createSqlEventBroker }] = await Promise.all([
    import('../tracker-store/open-sqlite.ts'),
    import('./sql-event-broker.ts'),
  ])
  return createSqlEventBroker(await openSqlite(resolve(db)), db)
}

// The brokers that endpoints.yml names: `event_broker` is one, as in Rasa, or a list of them.

import { isClassPath, loadProjectClass } from '@tabula/model'
import { readSqlSettings, textOf } from '../config/read-sql-settings.ts'
import { isRecord } from '../http/body.ts'
import type { Log } from '../telemetry/log.ts'
import type { PostgresSettings } from '../tracker-store/open-postgres.ts'
import type { CustomBrokerClass } from './custom-event-broker.ts'
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
    default: {
      const own = isClassPath(type) ? await openCustomBroker(settings, type) : null
      if (own !== null) return own
      log.warn(
        { code: 'endpoints.broker', type },
        'This type of event_broker is not known (pika, kafka, sql, file, the path of a class in TypeScript or JavaScript); events go to no broker.',
      )
      return null
    }
  }
}

async function openSqlBroker(settings: Settings): Promise<EventBroker> {
  // Rasa names the server by `host` here, and by `url` in a tracker_store.
  const entry = { ...settings, url: settings['url'] ?? settings['host'] }
  const database = readSqlSettings(entry, 'endpoints.yml: event_broker', 'events.db')
  const { createSqlEventBroker } = await import('./sql-event-broker.ts')
  if (database.kind === 'sqlite') {
    const { openSqlite } = await import('../tracker-store/open-sqlite.ts')
    return createSqlEventBroker(await openSqlite(database.file), textOf(settings['db']) ?? 'events.db')
  }
  const { openPostgres } = await import('../tracker-store/open-postgres.ts')
  return createSqlEventBroker(await openPostgres(database.settings), placeOf(database.settings))
}

/** Database and server, without secrets. */
function placeOf({ url, host, port, database }: PostgresSettings): string {
  if (url === null) return `${database}@${host}:${port}`
  const address = new URL(url)
  return `${address.pathname.slice(1)}@${address.host}`
}

async function openCustomBroker(settings: Settings, name: string): Promise<EventBroker | null> {
  const found = await loadProjectClass(process.cwd(), name)
  if (found === null) return null
  const { createCustomEventBroker } = await import('./custom-event-broker.ts')
  return createCustomEventBroker(found as CustomBrokerClass, name, settings)
}

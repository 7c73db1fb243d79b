// Kafka (`type: kafka`): one topic, the sender as key where asked, the environment and the event's id as headers.

import { readFile } from 'node:fs/promises'
import type { KafkaConfig, Producer } from 'kafkajs'
import { CodedError } from '@tabula/protocol'
import { type EventBroker, payloadOf } from './event-broker.ts'

export interface KafkaSettings {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly partitionBySender: boolean
  readonly clientId: string
  readonly environment: string
  readonly security: {
    readonly protocol: 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'
    readonly username: string
    readonly password: string
    readonly mechanism: string
    readonly cafile: string | null
    readonly certfile: string | null
    readonly keyfile: string | null
    readonly checksHost: boolean
  }
}

const PROTOCOLS = ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL'] as const
const MECHANISMS: Readonly<Record<string, 'plain' | 'scram-sha-256' | 'scram-sha-512'>> = {
  PLAIN: 'plain',
  'SCRAM-SHA-256': 'scram-sha-256',
  'SCRAM-SHA-512': 'scram-sha-512',
}

/** Rasa's settings under its keys. Throws CodedError `endpoints.broker` for what cannot work. */
export function readKafkaSettings(
  settings: Readonly<Record<string, unknown>>,
  environment: string,
): KafkaSettings {
  const { url, topic, client_id: clientId, security_protocol: protocol = 'SASL_PLAINTEXT' } = settings
  const brokers = (Array.isArray(url) ? url : [url]).filter(each => typeof each === 'string' && each !== '')
  if (brokers.length === 0) throw wrong('needs url, the address of Kafka (host:port)')
  const known = PROTOCOLS.find(each => each === String(protocol).toUpperCase())
  if (known === undefined)
    throw wrong(`has security_protocol ${String(protocol)}; known: ${PROTOCOLS.join(', ')}`)
  const mechanism = text(settings['sasl_mechanism'], 'PLAIN').toUpperCase()
  if (known.startsWith('SASL') && !(mechanism in MECHANISMS))
    throw wrong(`has sasl_mechanism ${mechanism}; supported: ${Object.keys(MECHANISMS).join(', ')}`)
  return {
    brokers: brokers.map(String),
    topic: text(topic, 'rasa_core_events'),
    partitionBySender: settings['partition_by_sender'] === true,
    clientId: text(clientId, 'tabula'),
    environment,
    security: {
      protocol: known,
      username: text(settings['sasl_username'], ''),
      password: text(settings['sasl_password'], ''),
      mechanism,
      cafile: textOrNull(settings['ssl_cafile']),
      certfile: textOrNull(settings['ssl_certfile']),
      keyfile: textOrNull(settings['ssl_keyfile']),
      checksHost: settings['ssl_check_hostname'] === true,
    },
  }
}

export function createKafkaEventBroker(settings: KafkaSettings): EventBroker {
  const { brokers, topic, partitionBySender, environment } = settings
  let producer: Producer | null = null
  return {
    name: `kafka ${topic}@${brokers.join()}`,
    async publish(entries) {
      producer ??= await connect(settings)
      await producer.send({
        topic,
        // All replicas have it before it counts as taken.
        acks: -1,
        messages: entries.map(entry => ({
          key: partitionBySender ? entry.sender : null,
          value: JSON.stringify(payloadOf(entry)),
          headers: { RASA_ENVIRONMENT: environment, event_id: entry.id },
        })),
      })
    },
    async close() {
      await producer?.disconnect()
    },
  }
}

async function connect(settings: KafkaSettings): Promise<Producer> {
  const { Kafka, logLevel, Partitioners } = await import('kafkajs')
  const { brokers, clientId } = settings
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 5000,
    requestTimeout: 10_000,
    // The feed asks again by itself, with its own pauses.
    retry: { retries: 1 },
    ...(await securityOf(settings)),
  }
  const producer = new Kafka(config).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  return producer
}

async function securityOf({ security }: KafkaSettings): Promise<Partial<KafkaConfig>> {
  const { protocol, username, password, mechanism, cafile, certfile, keyfile, checksHost } = security
  const read = async (file: string | null): Promise<string | undefined> =>
    file === null ? undefined : readFile(file, 'utf8')
  const [ca, cert, key] = await Promise.all([read(cafile), read(certfile), read(keyfile)])
  const ssl = {
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(checksHost ? {} : { checkServerIdentity: () => undefined }),
  }
  const chosen = MECHANISMS[mechanism] ?? 'plain'
  return {
    ...(protocol.endsWith('SSL') ? { ssl } : {}),
    // One type for each mechanism, all with these two fields.
    ...(protocol.startsWith('SASL')
      ? { sasl: { mechanism: chosen, username, password } as NonNullable<KafkaConfig['sasl']> }
      : {}),
  }
}

function wrong(what: string): CodedError {
  return new CodedError('endpoints.broker', `endpoints.yml: event_broker ${what}.`, { status: 400 })
}

function text(value: unknown, usual: string): string {
  return typeof value === 'string' ? value : usual
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

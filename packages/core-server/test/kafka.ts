// For tests: a Kafka of their own, from the folder of Kafka's jars that TABULA_TEST_KAFKA_LIBS names (with java on the path).
// Debian has no package of it; `mvn dependency:copy-dependencies` on org.apache.kafka:kafka_2.13 makes such a folder.

import type { ExecutionContext } from 'ava'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import type { KafkaRecord } from './kafka-wire.ts'
import { answers, freePort } from './ports.ts'
import { temporaryFolder } from './tiny-models.ts'

export const kafkaLibs = process.env['TABULA_TEST_KAFKA_LIBS'] ?? null

export interface StoredRecord extends KafkaRecord {
  readonly partition: number
}

export interface KafkaServer {
  readonly address: string
  start(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
  /** What its log holds of a topic, each partition in order. */
  read(topic: string): Promise<readonly StoredRecord[]>
}

/** Started; ends with the test. */
export async function startKafka(t: ExecutionContext): Promise<KafkaServer> {
  const folder = await temporaryFolder(t)
  const [port, controller] = [await freePort(), await freePort()]
  const settings = join(folder, 'server.properties')
  await writeFile(settings, propertiesOf(folder, port, controller))
  const java = ['-Xmx512m', '-cp', join(kafkaLibs ?? '', '*')]
  const id = spawnSync('java', [...java, 'kafka.tools.StorageTool', 'random-uuid'], { encoding: 'utf8' })
  spawnSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', id.stdout.trim(), '-c', settings])
  let child: ChildProcess | null = null
  const kafka: KafkaServer = {
    address: `127.0.0.1:${port}`,
    async start() {
      child = spawn('java', [...java, 'kafka.Kafka', settings], { stdio: 'ignore' })
      await answers(port, 60_000)
    },
    async kill() {
      const running = child
      child = null
      if (running?.exitCode !== null) return
      const ended = new Promise(resolve => running.once('close', resolve))
      running.kill('SIGKILL')
      await ended
    },
    read: topic => consume(`127.0.0.1:${port}`, topic),
  }
  t.teardown(() => kafka.kill())
  await kafka.start()
  return kafka
}

async function consume(address: string, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  const consumer = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).consumer({ groupId: 'test' })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message: { key, value, headers = {} } }) => {
      const named = Object.entries(headers).map(([name, header]) => [name, String(header)])
      records.push({
        partition,
        key: key?.toString() ?? null,
        value: value?.toString() ?? null,
        headers: Object.fromEntries(named) as Record<string, string>,
      })
    },
  })
  for (let before = -1; before !== records.length;) {
    before = records.length
    await new Promise(resolve => setTimeout(resolve, 2000))
  }
  await consumer.disconnect()
  return records
}

function propertiesOf(folder: string, port: number, controller: number): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${join(folder, 'data')}`,
    'num.partitions=3',
    'offsets.topic.replication.factor=1',
    'group.initial.rebalance.delay.ms=0',
    '',
  ].join('\n')
}

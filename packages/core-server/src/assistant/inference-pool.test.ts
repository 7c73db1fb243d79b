import test from 'ava'
import type { ExecutionContext } from 'ava'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InferencePool } from './inference-pool.ts'

/** A process that answers with its address, on a port that all of them share. */
async function process(t: ExecutionContext, address: string, port = 0): Promise<number> {
  const server = createServer((_request, response) => response.end(address)).listen(port, address)
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const PEOPLE = Array.from({ length: 60 }, (_, number) => `person-${number}`)

async function askedBy(pool: InferencePool): Promise<ReadonlyMap<string, string>> {
  const answers = PEOPLE.map(async person => {
    const { text } = await pool.ask(person, '/webhooks/rest/webhook', '{}')
    return [person, text] as const
  })
  return new Map(await Promise.all(answers))
}

test('a name that stands for several processes is shared out between them, as they come and go', async t => {
  const port = await process(t, '127.0.0.1')
  await process(t, '127.0.0.2', port)
  let addresses: readonly string[] | Error = ['127.0.0.1', '127.0.0.2']
  const pool = new InferencePool({
    endpoints: [`http://inference.example:${port}/webhooks/rest/webhook`],
    token: '',
    deadline: 5_000,
    connections: 4,
    answerBytes: 1_000,
    lookEvery: 20,
    resolve: async () => {
      if (addresses instanceof Error) throw addresses
      return addresses
    },
  })
  t.teardown(() => pool.close())
  const settled = async (): Promise<void> => new Promise(resolve => setTimeout(resolve, 80))
  await settled()
  const two = await askedBy(pool)
  t.deepEqual([...new Set(two.values())].toSorted(), ['127.0.0.1', '127.0.0.2'])
  t.deepEqual(await askedBy(pool), two, 'each person stays where they are')

  await process(t, '127.0.0.3', port)
  addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3']
  await settled()
  const three = await askedBy(pool)
  const moved = PEOPLE.filter(person => three.get(person) !== two.get(person))
  t.true(moved.length > 0 && moved.length < PEOPLE.length / 2)
  t.true(
    moved.every(person => three.get(person) === '127.0.0.3'),
    'only to the new one',
  )

  addresses = new Error('no name server')
  await settled()
  t.deepEqual(await askedBy(pool), three, 'those that are known are kept')

  addresses = ['127.0.0.1', '127.0.0.2']
  await settled()
  t.deepEqual(await askedBy(pool), two)
})

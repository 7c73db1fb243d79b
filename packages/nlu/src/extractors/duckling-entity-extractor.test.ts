import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { type ConfigEntry, toConfigs, trainAndLoad } from '../../test/train.ts'
import { setSurroundings } from '../surroundings.ts'

const DATA = readExamples('- intent: greet\n  examples: |\n    - hello\n')
const train = async (options: ConfigEntry) =>
  (await trainAndLoad(toConfigs('WhitespaceTokenizer', options), DATA)).pipeline

test('without a server amounts are found all the same, with the keys that Rasa gives', async t => {
  const pipeline = await train(['DucklingEntityExtractor', { dimensions: ['amount-of-money'] }])
  t.is(
    JSON.stringify((await pipeline.parse('😀 pay 10 dollars')).entities),
    JSON.stringify([
      {
        entity: 'amount-of-money',
        start: 6,
        end: 16,
        value: 10,
        extractor: 'DucklingEntityExtractor',
        text: '10 dollars',
        confidence: 1,
        additional_info: { value: 10, type: 'value', unit: '$' },
      },
    ]),
  )
})

test('an interval is its two ends', async t => {
  const pipeline = await train(['DucklingEntityExtractor', { dimensions: ['distance'] }])
  t.deepEqual((await pipeline.parse('between 3 and 5 km')).entities[0]?.value, { to: 5, from: 3 })
  t.deepEqual((await pipeline.parse('under 5 km')).entities[0]?.value, { to: 5, from: null })
})

test.serial(
  'a Duckling server is asked as Rasa asks it, and its answer taken; its failure costs the entities alone',
  async t => {
    let asked = ''
    let status = 200
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (asked += chunk.toString()))
      request.on('end', () => {
        response.statusCode = status
        const match = {
          body: 'x',
          start: 2,
          end: 3,
          dim: 'number',
          latent: false,
          value: { value: 7, type: 'value' },
        }
        response.end(JSON.stringify([match, { ...match, dim: 'email' }]))
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const pipeline = await train([
      'DucklingEntityExtractor',
      { url, dimensions: ['number'], locale: 'de_DE', timezone: 'Europe/Berlin' },
    ])
    const { entities } = await pipeline.parse('😀 x')
    t.deepEqual(
      entities.map(({ entity, start, end, value }) => [entity, start, end, value]),
      [['number', 2, 3, 7]],
    )
    const form = new URLSearchParams(asked)
    t.deepEqual(
      [form.get('locale'), form.get('tz'), form.get('dims')],
      ['de_DE', 'Europe/Berlin', '["number"]'],
    )
    const warned: string[] = []
    setSurroundings({ warn: ({ message }) => warned.push(message) })
    status = 500
    t.deepEqual((await pipeline.parse('x')).entities, [])
    t.regex(warned[0] ?? '', /gave no entities: it answered 500/)
  },
)

test('a time zone that there is not is refused', async t => {
  await t.throwsAsync(train(['DucklingEntityExtractor', { timezone: 'Mars/Olympus' }]), {
    message: /Europe\/Berlin/,
  })
})

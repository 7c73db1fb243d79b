import test from 'ava'
import { eventually, startShop } from '../../test/shop.ts'
import type { Call } from '../../test/serve.ts'

const PERSONAL = ['ann.smith@mail.example', '+49 30 1234567', 'CUST-4711']
const SAID = `I am ${PERSONAL.join(' or ')}, where is my parcel`
const PLACES = [
  '/conversations',
  '/conversations?q=parcel',
  '/conversations?format=csv',
  '/conversations/ann',
  '/conversations/ann/reasons',
  '/conversations/ann/export',
  '/conversations/ann/export?format=csv',
]

async function shown(call: Call): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>()
  for (const place of PLACES) {
    const { text, status } = await call('GET', place)
    answers.set(place, `${status} ${text}`)
  }
  return answers
}

test('viewers read no address and no number where the history is named, and who answers people reads all', async t => {
  const privacy = { patterns: ['CUST-[0-9]+'], in: ['logs', 'history'] }
  const shop = await startShop(t, {}, undefined, { privacy })
  await shop.say('ann', SAID)
  const [viewer, reviewer] = [await shop.as('viewer'), await shop.as('reviewer')]
  await eventually(
    () => reviewer('GET', '/conversations?q=parcel'),
    ({ text }) => text.includes('"ann"'),
  )
  for (const [place, text] of await shown(viewer)) {
    t.true(text.startsWith('200'), place)
    for (const personal of PERSONAL) t.false(text.includes(personal), `${place}: ${text}`)
  }
  const seen = await shown(reviewer)
  for (const personal of PERSONAL) t.true(seen.get('/conversations/ann')?.includes(personal))
  // It is still the conversation: who, where and when are as they were.
  const [own, other] = [
    await viewer('GET', '/conversations/ann'),
    await reviewer('GET', '/conversations/ann'),
  ]
  const name = (body: unknown): unknown => (body as { readonly conversation: object }).conversation
  t.like(name(own.body), { sender: 'ann', channel: 'rest', turns: 1 })
  t.deepEqual(Object.keys(name(own.body) as object), Object.keys(name(other.body) as object))
})

test('a viewer cannot find out by searching what is masked, and whoever reads it can', async t => {
  const shop = await startShop(t, {}, undefined, { privacy: { patterns: ['CUST-[0-9]+'], in: ['history'] } })
  await shop.say('ann', SAID)
  const [viewer, reviewer] = [await shop.as('viewer'), await shop.as('reviewer')]
  for (const personal of PERSONAL) {
    const place = `/conversations?q=${encodeURIComponent(personal)}`
    t.is((await viewer('GET', place)).status, 400, personal)
    t.is((await reviewer('GET', place)).status, 200, personal)
  }
  t.is((await viewer('GET', '/conversations?q=parcel')).status, 200)
})

test('viewers read what was said where nothing is named', async t => {
  const shop = await startShop(t)
  await shop.say('ann', SAID)
  const text = (await shown(await shop.as('viewer'))).get('/conversations/ann')
  for (const personal of PERSONAL) t.true(text?.includes(personal))
})

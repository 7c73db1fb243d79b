import test from 'ava'
import { ADMIN, eventually, startShop, logIn } from '../../test/shop.ts'

interface List {
  readonly conversations: readonly {
    readonly sender: string
    readonly last_text: string
    readonly hit?: unknown
  }[]
  readonly total: number
}

test('the first callers’ commands work: a question, a login, the history with the bare token', async t => {
  const { call, say } = await startShop(t)
  const answer = await say('Samuel', 'How much is the shipping fee?')
  t.deepEqual(answer.body, [{ recipient_id: 'Samuel', text: 'How much is the shipping fee?' }])
  const token = await logIn(call, ADMIN)
  const list = await eventually(
    () => call('GET', '/conversations/', undefined, { authorization: token }),
    ({ body }) => (body as List).total === 1,
  )
  t.is(list.status, 200)
  t.like((list.body as List).conversations[0], {
    sender: 'Samuel',
    last_text: 'How much is the shipping fee?',
  })
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >
  t.like(claims, { scope: true, role: 'admin' })
  t.is(Number(claims['exp']) - Number(claims['iat']), 900)
})

test('why a turn went as it did tells how long each of its steps took', async t => {
  const { say, as } = await startShop(t)
  for (const text of ['one', 'two']) await say('Samuel', text)
  const viewer = await as('viewer')
  const { turns } = (await viewer('GET', '/conversations/Samuel/reasons')).body as {
    readonly turns: readonly {
      readonly milliseconds: Readonly<Record<string, number>>
      readonly actions: readonly object[]
    }[]
  }
  // However quick they are, each has its own.
  t.is(turns.length, 2)
  for (const { milliseconds, actions } of turns) {
    t.deepEqual(Object.keys(milliseconds).toSorted(), ['dialogue', 'load', 'parse', 'wait'])
    t.deepEqual(Object.keys(actions[0] ?? {}).toSorted(), ['chosen', 'runnerUp'])
  }
})

import test from 'ava'
import { echoModel } from '../../test/echo-engine.ts'
import { parseMessage, parsePlainText } from './parse-message.ts'

test('security row 26: /intent goes around understanding, unless the channel takes words alone', async t => {
  const model = echoModel()
  t.like(await parseMessage(model, '/greet'), { intent: { name: 'greet', confidence: 1 } })
  t.like(await parsePlainText(model, '/greet'), { intent: { name: 'greet', confidence: 0.5 } })
  t.like(await parseMessage(model, 'hello'), { intent: { confidence: 0.5 } })
})

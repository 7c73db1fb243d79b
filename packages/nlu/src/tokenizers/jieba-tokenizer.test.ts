import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { toConfigs, trainAndLoad } from '../../test/train.ts'

test('a sentence without spaces is cut into words, with their places', async t => {
  const { pipeline } = await trainAndLoad(toConfigs('JiebaTokenizer'), readExamples(''))
  const { text_tokens } = await pipeline.parse('我想订一张去北京的票')
  t.true((text_tokens ?? []).length > 4)
  t.is(text_tokens?.[0]?.[0], 0)
  t.is(text_tokens?.at(-1)?.[1], 10)
})

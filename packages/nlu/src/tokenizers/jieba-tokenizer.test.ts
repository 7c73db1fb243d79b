import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { readExamples } from '../../test/read-examples.ts'
import { type ConfigEntry, toConfigs, trainAndLoad } from '../../test/train.ts'

const DATA = readExamples('- intent: a\n  examples: |\n    - 我想订机票\n')

async function words(text: string, options: ConfigEntry): Promise<string[]> {
  const { pipeline } = await trainAndLoad(toConfigs(options), DATA)
  const { text_tokens: tokens = [], text: whole } = await pipeline.parse(text)
  const points = Array.from(whole ?? '')
  return tokens.map(([start, end]) => points.slice(start, end).join(''))
}

test('a sentence without spaces is cut into words, with their places', async t => {
  t.deepEqual(await words('我来到北京清华大学', 'JiebaTokenizer'), ['我', '来到', '北京', '清华大学'])
  t.deepEqual(await words('😀 你好 hello', 'JiebaTokenizer'), ['😀', '你好', 'hello'])
})

test('words of a dictionary of one’s own are kept whole, also where the model is loaded without it', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tabula-jieba-'))
  writeFileSync(join(folder, 'own.txt'), '石墨烯电池 nz\n')
  t.false((await words('买石墨烯电池', 'JiebaTokenizer')).includes('石墨烯电池'))
  t.deepEqual(await words('买石墨烯电池', ['JiebaTokenizer', { dictionary_path: folder }]), [
    '买',
    '石墨烯电池',
  ])
})

test('a dictionary folder that is missing is refused with its name', async t => {
  await t.throwsAsync(words('x', ['JiebaTokenizer', { dictionary_path: '/nowhere/at/all' }]), {
    message: /\/nowhere\/at\/all/,
  })
})

import { readFile } from 'node:fs/promises'
import test from 'ava'
import { echoModel } from '../../test/echo-engine.ts'
import { recordingLog } from '../../test/serve.ts'
import { temporaryFolder, trainTiny } from '../../test/tiny-models.ts'
import type { FetchedModel, ModelSource } from './model-source.ts'
import { ModelWatch } from './model-watch.ts'
import { loadFetched } from './open-model.ts'
import type { ServedModel } from './served-model.ts'

function sourceOf(answers: (FetchedModel | Error | null)[], known: (string | null)[] = []): ModelSource {
  return {
    place: 'a test',
    async fetch(fingerprint) {
      known.push(fingerprint)
      const answer = answers.shift() ?? null
      if (answer instanceof Error) throw answer
      return answer
    },
    close: () => Promise.resolve(),
  }
}

test('fault row 39: broken models and a source that is away leave the old model serving', async t => {
  const folder = await temporaryFolder(t)
  const bytes = await readFile(await trainTiny(folder, 'a'))
  const named = (content: Buffer, fingerprint: string): FetchedModel => ({
    name: 'm.tar.gz',
    bytes: content,
    fingerprint,
  })
  const damaged = Buffer.from(bytes)
  damaged.fill(7, 40, 200)
  const taken: ServedModel[] = []
  const known: (string | null)[] = []
  const log = recordingLog()
  const watch = new ModelWatch({
    source: sourceOf(
      [
        named(bytes, '1'),
        new Error('away'),
        named(damaged, '2'),
        named(bytes.subarray(0, 300), '3'),
        named(Buffer.from('no archive'), '4'),
        null,
        named(bytes, '5'),
      ],
      known,
    ),
    pause: null,
    load: loadFetched,
    onModel: model => taken.push(model),
    log,
  })
  for (let look = 0; look < 7; look += 1) await watch.look()
  t.is(taken.length, 2)
  t.deepEqual(known, [null, '1', '1', '2', '3', '4', '4'])
  t.is(log.entries.filter(({ level }) => level === 'error').length, 4)
})

test('the source is asked again and again until the server stops', async t => {
  const known: (string | null)[] = []
  const watch = new ModelWatch({
    source: sourceOf([], known),
    pause: 0.005,
    load: async () => echoModel(),
    onModel: () => undefined,
    log: recordingLog(),
  })
  await watch.start()
  await new Promise(resolve => setTimeout(resolve, 100))
  await watch.close()
  const asked = known.length
  t.true(asked > 2)
  await new Promise(resolve => setTimeout(resolve, 30))
  t.true(known.length <= asked + 1)
})

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { areaUnderCurve, scoreNlu } from './score-nlu.ts'
import { SHARED } from './shared-folder.ts'

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)))
/** A fall by more than this is a fault. */
const TOLERANCE = 0.01

type Baseline = Readonly<Record<'accuracy' | 'ece' | 'entityF1' | 'oosAUROC', number | null>>

const baselines = JSON.parse(readFileSync(join(PACKAGE, 'nlu-baselines.json'), 'utf8')) as Readonly<
  Record<string, Baseline>
>

for (const [set, baseline] of Object.entries(baselines)) {
  const own = join(PACKAGE, 'sets', set)
  const isOwn = existsSync(own)
  const folder = isOwn ? own : join(SHARED, 'nlu', set)
  const config = isOwn ? join(PACKAGE, 'sets', 'config.yml') : join(SHARED, 'nlu', 'config.yml')
  const run = existsSync(folder) ? test.serial : test.skip
  run(`${set} is understood no worse than it was`, async t => {
    t.timeout(240_000)
    const score = await scoreNlu(set, folder, config)
    for (const metric of ['accuracy', 'entityF1', 'oosAUROC'] as const) {
      const before = baseline[metric]
      if (before === null) continue
      t.true(
        (score[metric] ?? 0) >= before - TOLERANCE,
        `${metric} was ${before}, is ${String(score[metric])}`,
      )
    }
    t.true(
      score.ece <= (baseline.ece ?? 0) + 2 * TOLERANCE,
      `ece was ${String(baseline.ece)}, is ${score.ece}`,
    )
  })
}

test('how well confidences tell one kind of message from another is counted over all pairs', t => {
  t.is(areaUnderCurve([0.9, 0.8], [0.1, 0.2]), 1)
  t.is(areaUnderCurve([0.1], [0.9]), 0)
  t.is(areaUnderCurve([0.5, 0.9], [0.5]), 0.75)
})

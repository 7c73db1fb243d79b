// bot train core with several configs: a model for each config, run and share of the stories, for `bot test core` to compare.

import { basename, join, resolve } from 'node:path'
import { sampleStories, trainModel } from '@tabula/model'
import { type Console, print, printJson, tell } from '../console.ts'
import { untilStopped } from '../stopped.ts'
import { openProject, type TrainFlags } from './train.ts'
import { PERCENTAGE } from './percentage.ts'
import { writeJson } from '../results/result-files.ts'

/** 0 where all models were written, below `run_N/` in the folder of models. */
export async function trainComparison(flags: TrainFlags, console: Console): Promise<number> {
  const { config: configs = [], percentages = [0, 25, 50, 75], runs = 3, out = 'models' } = flags
  const files: string[] = []
  const counts: number[] = []
  await untilStopped(async signal => {
    for (let run = 1; run <= runs; run += 1)
      for (const percentage of percentages)
        for (const config of configs) {
          signal.throwIfAborted()
          const project = await openProject({ ...flags, config: [config] }, console)
          const stories = sampleStories(project.stories, 1 - percentage / 100, run)
          if (run === 1 && config === configs[0])
            counts.push(stories.filter(({ kind }) => kind === 'story').length)
          const name = basename(config).replace(/\.ya?ml$/, '')
          const { file } = await trainModel(
            { ...project, stories },
            {
              out: join(out, `run_${run}`),
              fixedModelName: `${name}${PERCENTAGE}${percentage}`,
              scope: 'core',
              signal,
              ...(flags.augmentation === undefined ? {} : { augmentation: flags.augmentation }),
            },
          )
          files.push(file)
          tell(console, `  run ${run} of ${runs}, ${percentage} % left out, ${name}`)
        }
  })
  await writeJson(resolve(console.folder, out), 'num_stories.json', counts)
  print(
    console,
    `${files.length} models were written below '${out}'. Compare them: bot test core --evaluate-model-directory -m ${out}`,
  )
  printJson(console, { files })
  return 0
}

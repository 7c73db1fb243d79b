// The result files of a test of dialogue, under Rasa's names and in its shapes.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type StoryEvaluation, storyReport, type StoryReport, writePlayedStories } from '@tabula/model'
import { confusionMatrixSvg } from '../pictures/confusion-matrix.ts'
import { writePicture } from '../pictures/picture-files.ts'
import { type ResultOptions, writeJson } from './result-files.ts'

/** Writes story_report.json, the stories by outcome, and the picture; returns the figures. */
export async function writeStoryResults(
  evaluation: StoryEvaluation,
  { out, successes, errors, warnings, plots }: ResultOptions,
): Promise<StoryReport> {
  const report = storyReport(evaluation)
  const { stories } = evaluation
  await mkdir(out, { recursive: true })
  await writeJson(out, 'story_report.json', report.report)
  if (plots)
    await writePicture(
      out,
      'story_confusion_matrix',
      confusionMatrixSvg(report.actions.confusion, 'Action Confusion matrix'),
    )
  const write = (name: string, chosen: typeof stories, none: string): Promise<void> =>
    writeFile(join(out, name), writePlayedStories(chosen, none))
  if (errors)
    await write(
      'failed_test_stories.yml',
      stories.filter(({ isRight }) => !isRight),
      'None of the test stories failed - all good!',
    )
  if (successes)
    await write(
      'successful_test_stories.yml',
      stories.filter(({ isRight }) => isRight),
      'None of the test stories succeeded :(',
    )
  if (warnings)
    await write(
      'stories_with_warnings.yml',
      stories.filter(({ isRight, hasWarnings }) => isRight && hasWarnings),
      'No warnings for test stories',
    )
  return report
}

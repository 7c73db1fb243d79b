// bot test, test core and test nlu, with their flags.

import type { Command } from 'commander'
import { accepted, addJson, addLogging, wholeNumber, wholeNumbers } from '../flags.ts'
import type { Add } from './add.ts'

export const addTest: Add = (program, console, end, warn) => {
  const run =
    (what: 'all' | 'core' | 'nlu') =>
    async (options: { model?: string | readonly string[] }, command: Command): Promise<void> => {
      warn(command)
      const { test } = await import('../commands/test.ts')
      const { model, ...flags } = options
      const models = typeof model === 'string' ? [model] : model
      end(
        await test(
          { ...flags, ...endToEndOf(what, flags), what, ...(models === undefined ? {} : { models }) },
          console,
        ),
      )
    }
  const test = resultFlags(
    nluFlags(
      coreFlags(
        addJson(addLogging(program.command('test').description('Test a model with stories and NLU data.'))),
        '.',
      )
        .addOption(accepted('--endpoints <file>', 'the stories say what actions do'))
        .option('-m, --model <path>', 'a model, or a folder whose newest one is taken', 'models'),
    ),
  ).action(run('all'))
  resultFlags(
    coreFlags(addJson(addLogging(test.command('core').description('Test dialogue with stories.'))), 'data')
      .option('-m, --model <paths...>', 'one model or several to compare; the newest of a folder', ['models'])
      .option('--e2e, --end-to-end', 'understand the words of test stories too (files named test_…)')
      .option(
        '--actions <how>',
        'play test stories as conversations in which custom actions run: real, stub (they do nothing), or a file of what they do',
      )
      .option('--endpoints <file>', 'with --actions real: where the action server is', 'endpoints.yml')
      .option('--record-actions <file>', 'keep what the actions did, to be given to --actions later'),
  ).action(run('core'))
  resultFlags(
    nluFlags(
      addJson(addLogging(test.command('nlu').description('Test understanding with NLU data.'))),
    ).option('-m, --model <path>', 'a model, or a folder whose newest one is taken', 'models'),
  ).action(run('nlu'))
}

/** `bot test` is always end to end, as in Rasa. */
function endToEndOf(what: string, flags: { readonly endToEnd?: boolean; readonly e2e?: boolean }): object {
  return { endToEnd: what === 'all' || flags.endToEnd === true || flags.e2e === true }
}

function coreFlags(command: Command, stories: string): Command {
  return command
    .option('-s, --stories <path>', 'file or folder of test stories', stories)
    .option('--max-stories <number>', 'test at most so many stories', wholeNumber)
    .option('--fail-on-prediction-errors', 'end with status 1 where a story fails')
    .option('--url <address>', 'not taken: download the stories instead')
    .option('--evaluate-model-directory', 'compare the models that train core wrote for several configs')
}

function nluFlags(command: Command): Command {
  return command
    .option('-u, --nlu <path>', 'file or folder of NLU data', 'data')
    .option('-c, --config <files...>', 'the config to cross-validate; several, or a folder, to compare')
    .addOption(accepted('-d, --domain <path>', 'responses stand in the model'))
    .option('--cross-validation', 'train on parts of the data and test on the rest')
    .option('-f, --folds <number>', 'parts of the cross-validation', wholeNumber, 5)
    .option('-r, --runs <number>', 'runs of a comparison', wholeNumber, 3)
    .option('-p, --percentages <numbers...>', 'shares of the data to leave out in a comparison', wholeNumbers)
}

function resultFlags(command: Command): Command {
  return command
    .option('--out <folder>', 'where the results are written', 'results')
    .option('--no-plot', 'draw no pictures')
    .option('--successes', 'write what was right too')
    .option('--no-errors', 'do not write what was wrong')
    .option('--no-warnings', 'do not write stories with warnings')
}

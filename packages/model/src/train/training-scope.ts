// What is trained: understanding, dialogue, or both; a project without the data for one of them gets the other alone.

import type { Problem } from '@tabula/protocol'
import { CodedError } from '@tabula/protocol'
import { isEmptyDomain } from '../project/is-empty-domain.ts'
import type { Project } from '../project/read-project.ts'

export type TrainingScope = 'both' | 'nlu' | 'core'

/** The scope that the project has data for; `warn` hears what is left out. Throws CodedError `train.nothing` (400) where nothing is left. */
export function chooseScope(
  { domain, nlu, stories }: Pick<Project, 'domain' | 'nlu' | 'stories'>,
  asked: TrainingScope,
  warn: (problem: Problem) => void,
): TrainingScope {
  const hasNlu = nlu.examples.length > 0
  const hasStories = stories.length > 0
  const say = (code: string, message: string): void => {
    warn({ severity: 'warning', code, message })
  }
  if (asked !== 'core' && !hasNlu && (asked === 'nlu' || !hasStories)) throw nothing(asked)
  if (asked === 'nlu') return 'nlu'
  if (asked === 'core' && !hasStories) throw nothing('core')
  if (isEmptyDomain(domain)) {
    if (!hasNlu || asked === 'core') throw nothing('domain')
    say('train.no-domain', 'No domain was found. Just a model for understanding (nlu) will be trained.')
    return 'nlu'
  }
  if (asked === 'core') return 'core'
  if (!hasStories) {
    say(
      'train.no-stories',
      'No stories or rules are present. Just a model for understanding (nlu) will be trained.',
    )
    return 'nlu'
  }
  if (!hasNlu) {
    say('train.no-nlu', 'No NLU data is present. Just a model for dialogue (core) will be trained.')
    return 'core'
  }
  return 'both'
}

const NOTHING = {
  both: 'No training data was given. Stories or rules, NLU data, or both are needed; name their files with --data.',
  nlu: 'No NLU data was given. Intents with examples are needed to train understanding (nlu).',
  core: 'No stories were given. Stories or rules are needed to train dialogue (core).',
  domain: 'No domain was found. It is needed to train dialogue (core); name its file with --domain.',
} as const

function nothing(what: keyof typeof NOTHING): CodedError {
  return new CodedError('train.nothing', NOTHING[what], { status: 400 })
}

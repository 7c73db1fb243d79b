import { readdirSync, readFileSync } from 'node:fs'
import test from 'ava'
import { createEnsemble, Domain, trainPolicies } from '../src/index.ts'
import { readStories } from './read-stories.ts'
import { BOTS, hasRecording, isWhole, readRecording, readTape } from './recordings.ts'
import { replay } from './replay.ts'

const POLICIES = [
  { name: 'MemoizationPolicy', options: {} },
  { name: 'RulePolicy', options: {} },
]

for (const bot of BOTS) {
  const run = hasRecording(bot) ? test : test.skip
  run(`${bot}: rules and stories lead where they lead with Rasa, event by event`, async t => {
    const recording = readRecording(bot)
    const domain = Domain.fromJson(recording.domain)
    const policies = await trainPolicies(POLICIES, domain, storiesOf(bot), { seed: 1, augmentation: 0 })
    const ensemble = createEnsemble(policies, domain)
    const tape = Map.groupBy(readTape(bot), call => call.sender)
    const failed: string[] = []
    const whole = recording.conversations.filter(isWhole)
    for (const conversation of whole) {
      const { differences } = replay(domain, conversation, tape.get(conversation.sender) ?? [], ensemble)
      if (differences.length > 0) failed.push(`${conversation.id}: ${differences.join('\n')}`)
    }
    t.deepEqual(failed, [], `${failed.length} of ${whole.length} conversations differ`)
  })
}

function storiesOf(bot: string) {
  const folder = new URL(`../../../../shared/conformance/bots/${bot}/data/`, import.meta.url)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.yml'))
    .toSorted()
    .flatMap(file => readStories(readFileSync(new URL(file, folder), 'utf8'), file))
}

import test from 'ava'
import { Domain } from '../src/index.ts'
import { createRecordedEnsemble } from './recorded-ensemble.ts'
import { BOTS, hasRecording, isWhole, readRecording, readTape } from './recordings.ts'
import { replay } from './replay.ts'

for (const bot of BOTS) {
  const run = hasRecording(bot) ? test : test.skip
  run(`${bot}: a conversation goes as it went with Rasa, event by event`, t => {
    const recording = readRecording(bot)
    const domain = Domain.fromJson(recording.domain)
    const tape = Map.groupBy(readTape(bot), call => call.sender)
    for (const conversation of recording.conversations.filter(isWhole)) {
      const { sender, tracker } = conversation
      const { differences } = replay(
        domain,
        conversation,
        tape.get(sender) ?? [],
        createRecordedEnsemble(tracker.body.events),
      )
      t.deepEqual(differences, [], conversation.id)
    }
  })
}

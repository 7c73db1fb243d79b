import test from 'ava'
import { explainReason } from './explain.ts'

const runnerUp = { policy: 'TEDPolicy', action: 'utter_default', confidence: 0.3149 }

test('an admin reads in one line what decided, on what, and what came second', t => {
  const chosen = {
    policy: 'RulePolicy',
    action: 'utter_bye',
    confidence: 1,
    source: { kind: 'rule' as const, name: 'Say goodbye' },
  }
  t.is(
    explainReason({ chosen, runnerUp, heard: 'intent goodbye' }),
    'rule `Say goodbye` on intent goodbye; next: TEDPolicy utter_default 0.31',
  )
  const position = { file: 'data/rules.yml', line: 4, column: 3 }
  t.is(
    explainReason({ chosen: { ...chosen, source: { ...chosen.source, position } }, runnerUp: null }),
    'rule `Say goodbye` (data/rules.yml:4)',
  )
})

test('scores, loops, followups and fallbacks have words of their own', t => {
  const say = (kind: 'score' | 'loop' | 'followup' | 'fallback', name?: string) =>
    explainReason({
      chosen: {
        policy: 'TEDPolicy',
        action: 'utter_x',
        confidence: 0.456,
        source: { kind, ...(name === undefined ? {} : { name }) },
      },
      runnerUp: null,
    })
  t.is(say('score'), 'TEDPolicy utter_x 0.46')
  t.is(say('loop', "running the loop 'form'"), "running the loop 'form'")
  t.is(say('followup'), 'followup utter_x, which an action asked for')
  t.is(say('fallback'), 'fallback utter_x 0.46: no rule fits and nothing is surer')
})

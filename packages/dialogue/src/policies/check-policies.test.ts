import test from 'ava'
import { checkPolicies } from './check-policies.ts'

const position = { file: 'config.yml', line: 7, column: 9 }
const codes = (name: string, options = {}) => checkPolicies([{ name, options, position }]).map(p => p.code)

test('an unknown policy is an error at its line that says what is meant', t => {
  const [problem] = checkPolicies([{ name: 'RulPolicy', options: {}, position }])
  t.like(problem, { severity: 'error', position, hint: "Did you mean 'RulePolicy'?" })
  t.deepEqual(codes('my.module.MyPolicy'), ['config.unknown-policy'])
})

test('a policy of an older Rasa names the one that took its place', t => {
  const [problem] = checkPolicies([{ name: 'FormPolicy', options: {}, position }])
  t.true(problem?.hint?.includes("'RulePolicy'"))
})

test('Rasa names its policies by class path too', t => {
  t.deepEqual(codes('rasa.core.policies.rule_policy.RulePolicy'), [])
})

test('an option of the wrong type is an error, an unknown one a warning', t => {
  t.deepEqual(codes('RulePolicy', { core_fallback_threshold: 'high' }), ['config.option-type'])
  t.deepEqual(codes('RulePolicy', { fallback_threshold: 0.3 }), ['config.unknown-option'])
})

test('two policies of one priority are pointed out', t => {
  const problems = checkPolicies([
    { name: 'MemoizationPolicy', options: {} },
    { name: 'AugmentedMemoizationPolicy', options: {}, position },
  ])
  t.deepEqual(
    problems.map(({ code }) => code),
    ['policy.same-priority'],
  )
})

import test from 'ava'
import { type ProjectConfig, readConfig } from './read-config.ts'
import { readYaml } from './read-yaml.ts'
import { Problems } from './yaml-node.ts'

function read(text: string): { config: ProjectConfig; told: readonly string[] } {
  const problems = new Problems()
  const config = readConfig(readYaml(text, 'config.yml', problems, {}), 'config.yml', problems)
  return { config, told: problems.all.map(({ code, position }) => `${code} ${position?.line ?? 0}`) }
}

test('components and policies are read with their options and places', t => {
  const { config, told } = read(
    'language: de\nassistant_id: me\npipeline:\n- WhitespaceTokenizer\n- name: DIETClassifier\n  epochs: 5\npolicies:\n- name: RulePolicy\n',
  )
  t.deepEqual(told, [])
  t.is(config.language, 'de')
  t.deepEqual(
    config.pipeline.map(({ name, options, position }) => [name, options, position?.line]),
    [
      ['WhitespaceTokenizer', {}, 4],
      ['DIETClassifier', { epochs: 5 }, 5],
    ],
  )
  t.deepEqual(config.defaulted, [])
})

test("only what is missing or empty gets Rasa's defaults", t => {
  const { config } = read('pipeline:\npolicies:\n- name: RulePolicy\n')
  t.is(config.pipeline.length, 9)
  t.deepEqual(
    config.policies.map(({ name }) => name),
    ['RulePolicy'],
  )
  t.deepEqual(config.defaulted, ['pipeline'])
  t.deepEqual(read('').config.defaulted, ['pipeline', 'policies'])
})

test('an assistant without an id of its own is warned of', t => {
  t.deepEqual(read('assistant_id: placeholder_default\n').told, ['config.assistant-id 1'])
  t.is(read('assistant_id: placeholder_default\n').config.assistantId, null)
  t.deepEqual(read('language: en\n').told, ['config.assistant-id 1'])
})

test('what is not as it must be is told with its line', t => {
  t.deepEqual(read('- a\n').told, ['config.not-a-map 1', 'config.assistant-id 1'])
  t.deepEqual(
    read('assistant_id: me\nrecipe: graph.v1\npipeline: some\npolicies:\n- epochs: 3\n- 4\n').told,
    ['config.recipe 2', 'config.not-a-list 3', 'config.nameless 5', 'config.nameless 6'],
  )
})

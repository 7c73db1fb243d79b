// Thirty projects with one mistake each, laid over the tiny bot: what the command says of each is kept as a snapshot.

import type { Files } from './bot.ts'

const NLU = 'version: "3.1"\nnlu:\n'
const RULES = 'version: "3.1"\nrules:\n'
const STORIES = 'version: "3.1"\nstories:\n'
const DOMAIN_HEAD = 'version: "3.1"\nintents:\n- greet\n- goodbye\nactions: [action_look]\n'
const RESPONSES = 'responses:\n  utter_greet:\n  - text: Hello!\n  utter_goodbye:\n  - text: Goodbye!\n'
const POLICIES = 'policies:\n- name: RulePolicy\n'
const CONFIG_HEAD = 'recipe: default.v1\nassistant_id: tiny\n'

export const BROKEN_PROJECTS: Readonly<Record<string, Files>> = {
  'no config': { 'config.yml': null },
  'no domain': { 'domain.yml': null },
  'a tab in the domain': { 'domain.yml': 'version: "3.1"\nintents:\n\t- greet\n' },
  'a key twice': { 'domain.yml': `${DOMAIN_HEAD}${RESPONSES}intents: []\n` },
  'a quote that is never closed': {
    'domain.yml': `${DOMAIN_HEAD}responses:\n  utter_greet:\n  - text: "Hello\n`,
  },
  'a wrong indentation': {
    'data/rules.yml': `${RULES}- rule: bye\n  steps:\n  - intent: goodbye\n - action: utter_goodbye\n`,
  },
  'a version without quotes': { 'domain.yml': 'version: 3.1\nintents:\n- greet\n' },
  'a version of the future': { 'data/rules.yml': RULES.replace('3.1', '4.0') },
  'an unknown component': { 'config.yml': `${CONFIG_HEAD}pipeline:\n- name: FooFeaturizer\n${POLICIES}` },
  'a misspelt component': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n- name: WhitespaceTokeniser\n${POLICIES}`,
  },
  'components in the wrong order': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n- name: CountVectorsFeaturizer\n- name: WhitespaceTokenizer\n${POLICIES}`,
  },
  'an option of a wrong kind': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n- name: WhitespaceTokenizer\npolicies:\n- name: RulePolicy\n  core_fallback_threshold: high\n`,
  },
  'an unknown policy': { 'config.yml': `${CONFIG_HEAD}policies:\n- name: MemoryPolicy\n` },
  'a component in Python': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n- name: components.Sentiment\n${POLICIES}`,
  },
  'a recipe that is not known': { 'config.yml': `recipe: my.recipe\nassistant_id: tiny\n${POLICIES}` },
  'a pipeline that is no list': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n  name: WhitespaceTokenizer\n${POLICIES}`,
  },
  'a slot without mappings': { 'domain.yml': `${DOMAIN_HEAD}${RESPONSES}slots:\n  city:\n    type: text\n` },
  'a slot of an unknown type': {
    'domain.yml': `${DOMAIN_HEAD}${RESPONSES}slots:\n  city:\n    type: txt\n    mappings: []\n`,
  },
  'a mapping of an unknown type': {
    'domain.yml': `${DOMAIN_HEAD}${RESPONSES}slots:\n  city:\n    type: text\n    mappings:\n    - type: from_entitty\n      entity: city\n`,
  },
  'a response without a text': {
    'domain.yml': `${DOMAIN_HEAD}responses:\n  utter_greet:\n  - image: a.png\n`,
  },
  'a response that is no list': { 'domain.yml': `${DOMAIN_HEAD}responses:\n  utter_greet: Hello!\n` },
  'a form with a slot that is not there': {
    'domain.yml': `${DOMAIN_HEAD}${RESPONSES}slots:\n  city: {type: text, mappings: []}\nforms:\n  trip_form:\n    required_slots: [citty]\n`,
  },
  'an intent with a colon': { 'domain.yml': `version: "3.1"\nintents:\n- greet:\n- goodbye\n${RESPONSES}` },
  'an action that is not in the domain': {
    'data/stories.yml': `${STORIES}- story: look\n  steps:\n  - intent: greet\n  - action: action_loook\n`,
  },
  'a slot in a story that is not in the domain': {
    'data/stories.yml': `${STORIES}- story: look\n  steps:\n  - intent: greet\n  - slot_was_set:\n    - town\n  - action: action_look\n`,
  },
  'a rule with a checkpoint': {
    'data/rules.yml': `${RULES}- rule: bye\n  steps:\n  - intent: goodbye\n  - checkpoint: later\n`,
  },
  'rules that contradict each other': {
    'data/rules.yml': `${RULES}- rule: bye\n  steps:\n  - intent: goodbye\n  - action: utter_goodbye\n- rule: bye again\n  steps:\n  - intent: goodbye\n  - action: utter_greet\n`,
  },
  'a story that contradicts a rule': {
    'data/stories.yml': `${STORIES}- story: rude\n  steps:\n  - intent: goodbye\n  - action: utter_greet\n`,
  },
  'an annotation that is no JSON': {
    'data/nlu.yml': `${NLU}- intent: greet\n  examples: |\n    - hello [Rome]{"entity": city}\n    - hi\n`,
  },
  'an expression that cannot be read': {
    'config.yml': `${CONFIG_HEAD}pipeline:\n- name: WhitespaceTokenizer\n- name: RegexFeaturizer\n- name: CountVectorsFeaturizer\n- name: LogisticRegressionClassifier\npolicies:\n- name: RulePolicy\n`,
    'data/nlu.yml': `${NLU}- intent: greet\n  examples: |\n    - hello\n    - hi\n- intent: goodbye\n  examples: |\n    - bye\n    - ciao\n- regex: number\n  examples: |\n    - [0-9\n`,
  },
  'a lookup file that is not there': {
    'data/nlu.yml': `${NLU}- intent: greet\n  examples: |\n    - hello\n- lookup: city\n  examples: |\n    - cities.txt\n`,
  },
  'a variable that is not set': {
    'domain.yml': `${DOMAIN_HEAD}responses:\n  utter_greet:\n  - text: $\{NO_SUCH_NAME}\n`,
  },
}

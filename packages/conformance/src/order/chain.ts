// The bot of the order checker: each message carries a number, one action adds it to a hash chain in a slot and answers in
// three parts. Loss, repetition and exchange of messages all show in the chain.

import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readProject, trainModel } from '@tabula/model'

export const PARTS = 3

/** The next link: h = H(h, n). */
export function link(hash: string, number: number): string {
  return createHash('sha256').update(`${hash} ${number}`).digest('hex').slice(0, 16)
}

export function messageOf(number: number): string {
  return `/step{"n":"${number}"}`
}

/** The number of a message's text; null for another text. */
export function numberOf(text: unknown): number | null {
  const match = typeof text === 'string' ? /"n":"(\d+)"/.exec(text) : null
  return match === null ? null : Number(match[1])
}

export function partOf(number: number, part: number, hash: string): string {
  return `${number} ${part} ${hash}`
}

/** What a part says; null for any other text, such as an apology. */
export function readPart(text: unknown): { number: number; part: number; hash: string } | null {
  const match = typeof text === 'string' ? /^(\d+) (\d+) ([0-9a-f]+)$/.exec(text) : null
  return match === null ? null : { number: Number(match[1]), part: Number(match[2]), hash: match[3] ?? '' }
}

/** Trains the bot in the folder; gives its model's file. */
export async function trainChainBot(folder: string): Promise<string> {
  const root = join(folder, 'bot')
  await mkdir(join(root, 'data'), { recursive: true })
  const files = {
    'config.yml':
      'recipe: default.v1\nassistant_id: chain\nlanguage: en\npipeline:\n- name: KeywordIntentClassifier\npolicies:\n- name: RulePolicy\n',
    'domain.yml':
      'version: "3.1"\nintents: [step]\nentities: [n]\nactions: [action_chain, action_rest]\n' +
      'slots:\n  chain:\n    type: any\n    influence_conversation: false\n    mappings:\n    - type: custom\n',
    'data/nlu.yml': 'version: "3.1"\nnlu:\n- intent: step\n  examples: |\n    - step\n',
    'data/rules.yml':
      'version: "3.1"\nrules:\n- rule: step\n  steps:\n  - intent: step\n  - action: action_chain\n  - action: action_rest\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
  const project = await readProject({ root })
  return (await trainModel(project, { out: join(folder, 'models'), fixedModelName: 'chain' })).file
}

// For tests: models trained from a tiny project, each saying everything under a letter of its own; and a server to fetch from.

import type { ExecutionContext } from 'ava'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProject, trainModel } from '@tabula/model'

/** A folder that goes when the test ends. */
export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-server-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Trains a bot that answers /greet with `<letter> one` and `<letter> two`; gives the model's file. */
export async function trainTiny(folder: string, letter: string): Promise<string> {
  const root = join(folder, `project-${letter}`)
  await mkdir(join(root, 'data'), { recursive: true })
  await writeFile(
    join(root, 'config.yml'),
    'recipe: default.v1\nassistant_id: tiny\nlanguage: en\npipeline:\n- name: KeywordIntentClassifier\npolicies:\n- name: RulePolicy\n',
  )
  await writeFile(
    join(root, 'domain.yml'),
    `version: "3.1"\nintents: [greet, bye]\nresponses:\n  utter_one:\n  - text: ${letter} one\n  utter_two:\n  - text: ${letter} two\n`,
  )
  await writeFile(
    join(root, 'data', 'nlu.yml'),
    'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n- intent: bye\n  examples: |\n    - goodbye\n',
  )
  await writeFile(
    join(root, 'data', 'rules.yml'),
    'version: "3.1"\nrules:\n- rule: greet\n  steps:\n  - intent: greet\n  - action: utter_one\n  - action: utter_two\n',
  )
  const project = await readProject({ root })
  const { file } = await trainModel(project, { out: join(folder, 'models'), fixedModelName: letter })
  return file
}

/** The address of a server that answers with the handler until the test ends. */
export async function answering(
  t: ExecutionContext,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

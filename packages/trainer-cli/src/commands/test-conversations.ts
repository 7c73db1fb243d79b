// bot test core --actions: test stories as whole conversations, with actions that run.

import { writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { start } from '@tabula/core-server'
import { readDataFiles } from '@tabula/model'
import { ConversationClient } from '../chat/conversation-client.ts'
import { colorsOf, type Console, print, tell } from '../console.ts'
import { callingRunner, openActions, recorder } from '../conversations/played-actions.ts'
import { isPlayable, type PlayedConversation, playConversation } from '../conversations/play-conversations.ts'
import { createCounter } from '../output/counter.ts'
import { showProblems } from '../output/show-problems.ts'
import { writeJson } from '../results/result-files.ts'
import { existingPath } from './existing-path.ts'
import { modelFileAt } from './open-model.ts'
import { serverOptions } from './server-settings.ts'
import { resultOptions, type TestCoreFlags } from './test-core.ts'

export interface TestConversationsFlags extends TestCoreFlags {
  readonly actions: string
  /** Where to keep what the actions did. */
  readonly recordActions?: string
  readonly endpoints?: string
}

const REPORT = 'conversation_report.json'

/** The conversations as they were played; what they are held against is in conversation_report.json. */
export async function testConversations(
  flags: TestConversationsFlags,
  console: Console,
): Promise<readonly PlayedConversation[]> {
  const stories = await storiesOf(flags, console)
  const names = new Map(stories.map(({ name }, index) => [`test-${index}`, name]))
  const storyOf = (sender: string): string => names.get(sender) ?? sender
  const model = await modelFileAt(flags.model?.[0] ?? 'models', console)
  const { endpoints = 'endpoints.yml' } = flags
  const options = await serverOptions({ model, endpoints }, console)
  const url = actionUrl(options.endpoints)
  const opened = await openActions(flags.actions, url, storyOf, console)
  const kept =
    flags.recordActions === undefined ? null : recorder(opened ?? callingRunner(url ?? ''), storyOf)
  const runner = kept?.runner ?? opened
  // The stores and brokers of a bot in production are not for tests.
  const server = await start({
    ...options,
    endpoints: { action_endpoint: options.endpoints?.['action_endpoint'] ?? null },
    ...{ port: 0, interface: '127.0.0.1', credentials: { rest: {} }, connector: 'rest', enableApi: true },
    ...(runner === null ? {} : { actionRunner: runner }),
    logLevel: 'error',
  })
  const counter = createCounter('conversations', console)
  try {
    const played: PlayedConversation[] = []
    for (const [index, story] of stories.entries()) {
      played.push(await playConversation(story, new ConversationClient(server.urls.server, `test-${index}`)))
      counter.take(played.length, stories.length)
    }
    counter.done()
    show(played, console)
    await writeJson(resultOptions(flags, console).out, REPORT, { conversations: played })
    if (kept !== null && flags.recordActions !== undefined)
      await writeFile(resolve(console.folder, flags.recordActions), `${JSON.stringify(kept.tape, null, 2)}\n`)
    return played
  } finally {
    counter.done()
    await server.stop()
  }
}

type Stories = Awaited<ReturnType<typeof readDataFiles>>['stories']

async function storiesOf(
  { stories: given = 'data', maxStories }: TestConversationsFlags,
  console: Console,
): Promise<Stories> {
  // Test stories may lie anywhere, as for `bot test`.
  const path = given === 'data' ? '.' : existingPath(given, 'tests', console)
  const isNamed = (file: string): boolean => resolve(console.folder, path) === file
  const { stories, problems } = await readDataFiles(
    {
      root: console.folder,
      data: [path],
      isWanted: file => /^test_|\.md$/.test(basename(file)) || isNamed(file),
    },
    console.environment,
  )
  showProblems(problems, console.folder, console)
  const playable = stories.filter(isPlayable)
  if (playable.length < stories.length)
    tell(
      console,
      `${stories.length - playable.length} are left out: rules, and stories with checkpoints or \`or:\`.`,
    )
  if (playable.length === 0) tell(console, `No test stories were found at '${path}'.`)
  return playable.slice(0, maxStories)
}

function actionUrl(endpoints: Readonly<Record<string, unknown>> | undefined): string | null {
  const { url } = (endpoints?.['action_endpoint'] ?? {}) as { readonly url?: unknown }
  return typeof url === 'string' ? url : null
}

function show(played: readonly PlayedConversation[], console: Console): void {
  const colors = colorsOf(console)
  for (const { name, position, mismatches } of played) {
    if (mismatches.length === 0) continue
    print(console, `${colors.red('✗')} ${name} ${colors.dim(`${position.file}:${position.line}`)}`)
    for (const { position: place, said, what, expected, found } of mismatches)
      print(
        console,
        `    ${place.file}:${place.line} "${said}": ${what} ${found === '' ? 'none' : found}, not ${expected === '' ? 'none' : expected}`,
      )
  }
  const right = played.filter(({ mismatches }) => mismatches.length === 0).length
  print(console, `Conversations right: ${right} of ${played.length}`)
}

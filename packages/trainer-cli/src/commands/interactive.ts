// bot interactive: a conversation in which a person corrects what the bot understands and does, and keeps it as training data.

import { randomUUID } from 'node:crypto'
import { start } from '@tabula/core-server'
import { loadModel, type Project } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import { type Console, tell } from '../console.ts'
import { Asking, InputEnded, Interrupted } from '../chat/asking.ts'
import { ConversationClient } from '../chat/conversation-client.ts'
import { type GraphPage, serveGraphPage } from '../interactive/graph-page.ts'
import { saveSession, type SaveTargets } from '../interactive/save-session.ts'
import { InteractiveSession } from '../interactive/session.ts'
import { modelFileAt } from './open-model.ts'
import { type ServerFlags, serverOptions } from './server-settings.ts'
import { openProject, type TrainFlags, trainProject } from './train.ts'

export interface InteractiveFlags extends TrainFlags, Pick<ServerFlags, 'endpoints' | 'port'> {
  readonly model?: string
  readonly conversationId?: string
  readonly skipVisualization?: boolean
  readonly endToEnd?: boolean
}

const PORT = 5005

/** 0 after the session, whether something was written or not; 130 where it ended by Ctrl-C. */
export async function interactive(flags: InteractiveFlags, console: Console): Promise<number> {
  const { port = PORT } = flags
  const project = await openProject(flags, console)
  const model = await modelOf(flags, project, console)
  const options = await serverOptions({ ...flags, model, port }, console)
  const server = await start({
    ...options,
    interface: '127.0.0.1',
    credentials: { rest: {} },
    connector: 'rest',
    enableApi: true,
    logLevel: options.logLevel ?? 'error',
  })
  const graph =
    flags.skipVisualization === true ? null : await serveGraphPage(project, port === 0 ? 0 : port + 1)
  try {
    const client = new ConversationClient(server.urls.server, flags.conversationId ?? randomUUID())
    return await runSession({ client, project, graph, flags, console })
  } finally {
    graph?.close()
    await server.stop()
  }
}

interface Run {
  readonly client: ConversationClient
  readonly project: Project
  readonly graph: GraphPage | null
  readonly flags: InteractiveFlags
  readonly console: Console
}

async function runSession({ client, project, graph, flags, console }: Run): Promise<number> {
  const asking = new Asking(console)
  const seen = graph === null ? '' : ` Visualisation at ${graph.url} .`
  asking.say(`Bot loaded.${seen}\nType a message and press enter (press 'Ctrl-c' or type /stop to exit).`)
  try {
    const session = new InteractiveSession({
      client,
      asking,
      console,
      onChange: recorded => graph?.show(recorded),
    })
    const recorded = await session.record()
    const endToEnd = flags.endToEnd === true
    if (recorded !== null)
      await saveSession(recorded, project, targetsOf(flags), { asking, console, endToEnd })
    return 0
  } catch (error) {
    if (!(error instanceof InputEnded || error instanceof Interrupted)) throw error
    tell(console, 'Nothing was written.')
    return error instanceof Interrupted ? 130 : 0
  } finally {
    asking.close()
  }
}

function targetsOf({ data = [], domain = 'domain.yml' }: InteractiveFlags): SaveTargets {
  const isFile = (path: string): boolean => /\.(ya?ml|md)$/.test(path)
  const [only] = data.filter(isFile)
  return {
    stories: only ?? 'data/stories.yml',
    nlu: 'data/nlu.yml',
    domain: isFile(domain) ? domain : `${domain}/interactive.yml`,
  }
}

/** The model that --model names, or one trained now. Throws CodedError where there is none, or it knows no dialogue. */
async function modelOf(flags: InteractiveFlags, project: Project, console: Console): Promise<string> {
  if (flags.model === undefined) {
    if (project.stories.length === 0)
      throw new CodedError(
        'interactive.no-stories',
        'There are no stories and no rules to begin with. Write some, or name a model that was trained on some with --model.',
      )
    return (await trainProject(project, flags, console)).file
  }
  const file = await modelFileAt(flags.model, console)
  if ((await loadModel(file)).ensemble === null)
    throw new CodedError(
      'interactive.no-dialogue',
      `The model ${file} was trained without dialogue. Train it whole.`,
    )
  return file
}

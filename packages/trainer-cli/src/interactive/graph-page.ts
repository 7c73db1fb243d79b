// The page that shows the conversation of a session among the stories; it looks again when something has changed.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Project, storyOfEvents, visualizeStories } from '@tabula/model'
import { placedGraph } from '../results/placed-graph.ts'
import { fillTemplate } from '../results/report-page.ts'
import type { Recorded } from './session.ts'

const TEMPLATE = join(import.meta.dirname, '../../assets/graph.html')
/** With more stories than these only the session's own are drawn, as in Rasa. */
const MOST_STORIES = 200
const MAX_HISTORY = 2

const RELOADING = `<script>
  const shown = '%'
  setInterval(async () => {
    const answer = await fetch('/version').catch(() => null)
    if (answer !== null && (await answer.text()) !== shown) location.reload()
  }, 1000)
</script>`

export interface GraphPage {
  readonly url: string
  readonly show: (recorded: Recorded) => void
  close(): void
}

/** Serves the page on this machine alone: on the port, or on a free one where that is taken. */
export async function serveGraphPage(project: Project, port: number): Promise<GraphPage> {
  const template = await readFile(TEMPLATE, 'utf8')
  let recorded: Recorded = { conversations: [], messages: [], responses: new Map() }
  let version = 0
  const page = (): string => {
    const own = recorded.conversations.map((events, index) =>
      storyOfEvents(events, `this session, ${index + 1}`),
    )
    const known = project.stories.length > MOST_STORIES ? [] : project.stories
    const graph = visualizeStories(
      { ...project, stories: [...known, ...own.filter(({ steps }) => steps.length > 0)] },
      MAX_HISTORY,
    )
    return fillTemplate(template, { ...placedGraph(graph), examples: {} }).replace(
      '</body>',
      () => `${RELOADING.replace('%', String(version))}</body>`,
    )
  }
  const server = createServer((request, response) => {
    const isVersion = request.url === '/version'
    response.setHeader('content-type', isVersion ? 'text/plain' : 'text/html; charset=utf-8')
    response.setHeader('cache-control', 'no-store')
    response.end(isVersion ? String(version) : page())
  })
  const listen = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port).catch(() => listen(0))
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://localhost:${taken}/visualization.html`,
    show(newest) {
      recorded = newest
      version += 1
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

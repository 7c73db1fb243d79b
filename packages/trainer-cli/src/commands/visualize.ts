// bot visualize: the stories as a page to look around in; nodes are chosen to see slots, stories and their lines.

import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readProject, visualizeStories } from '@tabula/model'
import { type Console, print, printJson } from '../console.ts'
import { placedGraph } from '../results/placed-graph.ts'
import { fillTemplate } from '../results/report-page.ts'
import { existingPath, existingPaths } from './existing-path.ts'

export interface VisualizeFlags {
  readonly config?: string
  readonly domain?: string
  readonly stories?: string
  readonly nlu?: string
  readonly out?: string
  readonly maxHistory?: number
}

const TEMPLATE = join(import.meta.dirname, '../../assets/graph.html')

/** Examples of an intent that the page shows. */
const MOST_EXAMPLES = 5

/** 0 where the page was written. */
export async function visualize(flags: VisualizeFlags, console: Console): Promise<number> {
  const {
    config = 'config.yml',
    domain = 'domain.yml',
    stories = 'data',
    nlu,
    out = 'graph.html',
    maxHistory = 2,
  } = flags
  const project = await readProject(
    {
      root: console.folder,
      config: existingPath(config, 'config.yml', console),
      domain: existingPath(domain, 'domain.yml', console),
      data: existingPaths(nlu === undefined ? [stories] : [stories, nlu], 'data', console),
    },
    console.environment,
  )
  const graph = visualizeStories(project, maxHistory)
  const file = resolve(console.folder, out)
  const template = await readFile(TEMPLATE, 'utf8')
  await writeFile(file, fillTemplate(template, { ...placedGraph(graph), examples: examplesOf(project) }))
  print(
    console,
    `${graph.nodes.length} nodes and ${graph.edges.length} edges were drawn: open ${out} in a browser.`,
  )
  printJson(console, { file, nodes: graph.nodes.length, edges: graph.edges.length })
  return 0
}

function examplesOf({ nlu }: Awaited<ReturnType<typeof readProject>>): Record<string, string[]> {
  const groups = Map.groupBy(nlu.examples, ({ intent }) => intent ?? '')
  return Object.fromEntries(
    [...groups].map(([intent, examples]) => [
      intent,
      examples.slice(0, MOST_EXAMPLES).map(({ text }) => text),
    ]),
  )
}

// bot visualize: the stories as a page to look around in; nodes are chosen to see slots, stories and their lines.

import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readProject, type StoryGraph, visualizeStories } from '@tabula/model'
import { type Console, print, printJson } from '../console.ts'
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
  await writeFile(file, fillTemplate(template, { ...placed(graph), examples: examplesOf(project) }))
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

const COLUMN = 260
const ROW = 70

/** Nodes in columns by their distance from the beginning, in the order of the middle of what leads to them. */
function placed({ nodes, edges }: StoryGraph): object {
  const columns = Map.groupBy(nodes, ({ depth }) => depth)
  const yOf = new Map<number, number>()
  for (const depth of [...columns.keys()].toSorted((a, b) => a - b)) {
    const wanted = (columns.get(depth) ?? []).map(node => {
      const before = edges.filter(({ to }) => to === node.id).flatMap(({ from }) => yOf.get(from) ?? [])
      return { node, middle: before.length === 0 ? 0 : before.reduce((sum, y) => sum + y, 0) / before.length }
    })
    let next = 0
    for (const { node, middle } of wanted.toSorted((a, b) => a.middle - b.middle)) {
      const y = Math.max(next, middle)
      yOf.set(node.id, y)
      next = y + ROW
    }
  }
  return {
    nodes: nodes.map(node => ({ ...node, x: node.depth * COLUMN, y: yOf.get(node.id) ?? 0 })),
    edges,
  }
}

// Where the nodes of a story graph stand on its page.

import type { StoryGraph } from '@tabula/model'

const COLUMN = 260
const ROW = 70

/** Nodes in columns by their distance from the beginning, in the order of the middle of what leads to them. */
export function placedGraph({ nodes, edges }: StoryGraph): object {
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

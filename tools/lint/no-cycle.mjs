// An ESLint rule of our own: a file must not import itself through others. It follows relative imports of .ts files;
// `import type` is left out, since nothing of it is there at run time. Between packages, tools/architecture.test.ts holds the order.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"](\.[^'"]+)['"]/gm

/** File to the files that it imports, read once a run. */
const known = new Map()

export const noCycle = {
  meta: { type: 'problem', schema: [], messages: { cycle: 'This import closes a circle: {{path}}' } },
  create(context) {
    const file = context.filename
    const check = node => {
      const source = node.source?.value
      if (!source?.startsWith('.') || node.importKind === 'type' || node.exportKind === 'type') return
      const path = pathBack(resolve(dirname(file), source), file)
      if (path === null) return
      const names = [file, ...path].map(each => relative(context.cwd, each))
      context.report({ node, messageId: 'cycle', data: { path: names.join(' → ') } })
    }
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check }
  },
}

/** The shortest chain of imports from one file to another, both included; null where there is none. */
function pathBack(from, target) {
  const cameFrom = new Map([[from, null]])
  for (const file of cameFrom.keys()) {
    if (file === target) {
      const path = []
      for (let at = file; at !== null; at = cameFrom.get(at)) path.unshift(at)
      return path
    }
    for (const next of importsOf(file)) if (!cameFrom.has(next)) cameFrom.set(next, file)
  }
  return null
}

function importsOf(file) {
  const found = known.get(file)
  if (found !== undefined) return found
  const text = existsSync(file) && /\.tsx?$/.test(file) ? readFileSync(file, 'utf8') : ''
  const targets = [...text.matchAll(IMPORT)].map(match => resolve(dirname(file), match[1]))
  known.set(file, targets)
  return targets
}

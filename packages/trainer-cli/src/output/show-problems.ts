// Complaints as people read them: where, what, three lines of the file with a mark, and what would be right.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Problem } from '@tabula/protocol'
import { colorsOf, type Console, tell } from '../console.ts'

/** Lines of the file that are shown, the one at fault in the middle. */
const AROUND = 1
const LONGEST_LINE = 160

/** Writes all problems, errors last so that they stay in sight, and how many there are of each. */
export function showProblems(problems: readonly Problem[], root: string, console: Console): void {
  const colors = colorsOf(console)
  const files = new Map<string, readonly string[]>()
  const ordered = [...problems].sort(
    (a, b) => Number(a.severity === 'error') - Number(b.severity === 'error'),
  )
  for (const problem of ordered) {
    const { position, severity } = problem
    const mark = severity === 'error' ? colors.red('error') : colors.yellow('warning')
    const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column} `
    tell(console, `${colors.bold(place)}${mark}: ${problem.message} ${colors.dim(`[${problem.code}]`)}`)
    if (position !== undefined && !isBrief(problem)) {
      const lines = files.get(position.file) ?? readLines(resolve(root, position.file))
      files.set(position.file, lines)
      for (const line of excerpt(lines, position.line, position.column)) tell(console, colors.dim(line))
    }
    if (problem.hint !== undefined) tell(console, `  ${colors.cyan('→')} ${problem.hint}`)
  }
  if (ordered.length > 1) tell(console, `${counted(ordered)}.`)
}

/** What nothing uses is said in a line: there may be many, and the line says it all. */
function isBrief({ code }: Problem): boolean {
  return code.endsWith('.unused')
}

function counted(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.length - errors
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ]
  return parts.join(', ')
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}

/** The line with its neighbours, numbered, and a caret under the column. */
function excerpt(lines: readonly string[], line: number, column: number): string[] {
  if (lines[line - 1] === undefined) return []
  const first = Math.max(1, line - AROUND)
  const last = Math.min(lines.length, line + AROUND)
  const width = String(last).length
  const shown: string[] = []
  for (let number = first; number <= last; number += 1) {
    const text = (lines[number - 1] ?? '').replaceAll('\t', '→').slice(0, LONGEST_LINE)
    if (number === last && text.trim() === '' && number !== line) continue
    shown.push(`  ${String(number).padStart(width)} | ${text}`)
    if (number === line && column <= LONGEST_LINE)
      shown.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`)
  }
  return shown
}

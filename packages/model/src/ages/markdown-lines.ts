// The lines of a Markdown file of Rasa 1, comments taken out, each with its place.

import type { SourcePosition } from '@tabula/protocol'

export interface MarkdownLine {
  /** Without spaces at its ends. */
  readonly text: string
  /** Of its first character that is no space. */
  readonly position: SourcePosition
}

/** Lines that say something; those within comments are blank and left out. */
export function markdownLines(text: string, file: string): MarkdownLine[] {
  const bare = text.replaceAll(/<!--[\s\S]*?--!*>/g, comment => comment.replaceAll(/[^\n]/g, ' '))
  return bare.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const trimmed = line.trim()
    if (trimmed === '') return []
    const column = line.length - line.trimStart().length + 1
    return [{ text: trimmed, position: { file, line: index + 1, column } }]
  })
}

/** What a Markdown file of a project is about, by its first lines that tell; null for any other Markdown. */
export function kindOfMarkdown(text: string): 'nlu' | 'stories' | 'responses' | null {
  const lines = markdownLines(text, '').map(line => line.text)
  if (lines.some(line => /^##\s*(intent|synonym|regex|lookup):/.test(line))) return 'nlu'
  const hasTitle = lines.some(line => line.startsWith('#'))
  const messages = lines.flatMap(line => /^\*\s+(.+)/.exec(line)?.[1] ?? [])
  const answers = lines.flatMap(line => /^-\s*(.+)/.exec(line)?.[1] ?? [])
  // In a file of responses each answer is a sentence below one retrieval intent, in stories it is a name.
  if (hasTitle && messages.length > 0 && messages.every(each => /^[\w-]+\/[\w/-]+$/.test(each)))
    if (answers.some(each => /\s/.test(each.replace(/\{.*$/, '')))) return 'responses'
  if (hasTitle && (messages.length > 0 || lines.some(line => line.startsWith('>')))) return 'stories'
  return null
}

// Responses of retrieval intents as Markdown, the form of Rasa 1: `## title`, `* faq/opening`, `- The answer.`

import type { ResponseVariation } from '@tabula/protocol'
import { markdownLines } from './markdown-lines.ts'

/** The responses by name: `utter_faq/opening`. Rasa 1 spoke of `respond_faq`, whose action is `utter_faq` now. */
export function readMarkdownResponses(text: string, file: string): [string, readonly ResponseVariation[]][] {
  const responses = new Map<string, ResponseVariation[]>()
  let current: ResponseVariation[] | null = null
  for (const { text: line } of markdownLines(text, file)) {
    if (line.startsWith('#')) current = null
    else if (line.startsWith('*')) {
      const name = `utter_${line.slice(1).trim()}`
      current = responses.get(name) ?? []
      responses.set(name, current)
    } else if (line.startsWith('-') && current !== null)
      current.push({ text: line.slice(1).trim().replaceAll('\\n', '\n') })
  }
  return [...responses]
}

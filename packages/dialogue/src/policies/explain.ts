// The reason for an action in words, for logs, the API and the page that shows why.

import type { ActionReason } from '../turn/context.ts'
import type { PolicyReason } from './policy.ts'

/** One line: what decided, on what message, and what came second: "rule `Say goodbye` on intent goodbye; next: TEDPolicy utter_default 0.31". */
export function explainReason({ chosen, runnerUp, heard }: ActionReason): string {
  const on = heard === undefined ? '' : ` on ${heard}`
  const next =
    runnerUp === null ? '' : `; next: ${runnerUp.policy} ${runnerUp.action} ${rounded(runnerUp.confidence)}`
  return `${sourceInWords(chosen)}${on}${next}`
}

function sourceInWords({ policy, action, confidence, source }: PolicyReason): string {
  switch (source?.kind) {
    case 'rule':
    case 'story': {
      const { position } = source
      const place = position === undefined ? '' : ` (${position.file}:${position.line})`
      return `${source.kind} \`${source.name ?? ''}\`${place}`
    }
    case 'loop':
      return source.name ?? 'the active loop'
    case 'followup':
      return `followup ${action}, which an action asked for`
    case 'fallback':
      return `fallback ${action} ${rounded(confidence)}: no rule fits and nothing is surer`
    case 'score':
    case undefined:
      return `${policy === '' ? 'no policy' : policy} ${action} ${rounded(confidence)}`
  }
}

function rounded(confidence: number): string {
  return String(Math.round(confidence * 100) / 100)
}

// For tests: a log that keeps its entries.

import type { ActionLog, ActionLogData } from '../src/action-log.ts'

export interface Entry extends ActionLogData {
  readonly message: string
}

export function recordingLog(): ActionLog & { readonly entries: Entry[] } {
  const entries: Entry[] = []
  const keep = (data: ActionLogData, message: string) => {
    entries.push({ ...data, message })
  }
  return { entries, warn: keep, error: keep }
}

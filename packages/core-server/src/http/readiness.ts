// Whether the server can take messages: what /readyz answers with.

import { LIMITS } from '../config/limits.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { TrackerStore } from '../tracker-store/tracker-store.ts'

/** What keeps the server from taking messages; nothing where it can. */
export async function findUnready(
  models: ModelHost,
  store: TrackerStore,
  isStopping: boolean,
): Promise<readonly string[]> {
  const reasons: string[] = []
  if (isStopping) reasons.push('the server is stopping')
  if (models.current === null) reasons.push('no model is loaded')
  if (!(await canSave(store))) reasons.push('the tracker store cannot save')
  return reasons
}

async function canSave(store: TrackerStore): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<false>(resolve => {
    timer = setTimeout(resolve, LIMITS.readyDeadline, false)
  })
  const answer = store.probe().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answer, deadline])
  } finally {
    clearTimeout(timer)
  }
}

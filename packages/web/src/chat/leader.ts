// Of all tabs with this conversation one holds the connection: the lead passes on when its tab closes.

/** Calls `lead` when this tab is the one; its promise is what it holds the lead for. Gives what ends the waiting. */
export function askForLead(name: string, isShared: boolean, lead: (signal: AbortSignal) => void): () => void {
  const ended = new AbortController()
  // Plain http has no locks: each tab then has a connection of its own.
  if (!isShared || !('locks' in navigator)) {
    lead(ended.signal)
    return () => {
      ended.abort()
    }
  }
  navigator.locks
    .request(name, { signal: ended.signal }, async () => {
      lead(ended.signal)
      await new Promise(resolve => {
        ended.signal.addEventListener('abort', resolve)
      })
    })
    .catch(() => undefined)
  return () => {
    ended.abort()
  }
}

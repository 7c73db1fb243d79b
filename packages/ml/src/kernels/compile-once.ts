// Modules of WebAssembly that come with the package as base64.

/** The module, compiled when it is first asked for; null in a runtime without what it needs: plain loops then say the same, more slowly. */
export function compileOnce(pieces: readonly string[]): () => WebAssembly.Module | null {
  let compiled: WebAssembly.Module | null | undefined
  return () => {
    if (compiled === undefined) {
      try {
        compiled = new WebAssembly.Module(Buffer.from(pieces.join(''), 'base64'))
      } catch {
        compiled = null
      }
    }
    return compiled
  }
}

// Reads a stream of server-sent events. EventSource cannot send an Authorization header, so fetch carries it.

/** Calls back with the name and the JSON of each event; resolves at the end of the stream, throws where it breaks. */
export async function readServerEvents(
  body: ReadableStream<Uint8Array>,
  receive: (name: string, data: unknown) => void,
): Promise<void> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    rest += decoder.decode(value, { stream: true }).replaceAll('\r\n', '\n')
    const blocks = rest.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event !== null) receive(event.name, event.data)
    }
  }
}

function readEvent(block: string): { readonly name: string; readonly data: unknown } | null {
  let name = 'message'
  const data: string[] = []
  for (const line of block.split('\n')) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (field === 'event') name = value ?? ''
    else if (field === 'data') data.push(value ?? '')
  }
  if (data.length === 0) return null
  try {
    return { name, data: JSON.parse(data.join('\n')) as unknown }
  } catch {
    return null
  }
}

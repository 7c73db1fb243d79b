// A bot's replies as lines of a terminal: texts, numbered buttons, and links to pictures and files.

export interface Button {
  readonly title: string
  readonly payload: string
}

export interface Reply {
  readonly buttons: readonly Button[]
  readonly lines: readonly string[]
}

/** The replies of Rasa's REST channel. */
export function readReplies(body: unknown): Reply[] {
  if (!Array.isArray(body)) return [{ buttons: [], lines: [JSON.stringify(body)] }]
  return body.map((item: unknown): Reply => {
    const reply = isRecord(item) ? item : {}
    const shown = (['text', 'image', 'attachment'] as const).flatMap(key => {
      const value = reply[key]
      if (value === undefined || value === null) return []
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return key === 'text' ? [text] : [`${key}: ${text}`]
    })
    const custom = reply['custom'] === undefined ? [] : [JSON.stringify(reply['custom'], null, 2)]
    return { buttons: readButtons(reply['buttons']), lines: [...shown, ...custom] }
  })
}

/** All lines; buttons count on through the replies, so that a number means one of them. */
export function replyLines(replies: readonly Reply[]): string[] {
  let number = 0
  return replies.flatMap(({ lines, buttons }) => [
    ...lines,
    ...buttons.map(({ title, payload }) => `  ${(number += 1)}: ${title} (${payload})`),
  ])
}

function readButtons(value: unknown): Button[] {
  if (!Array.isArray(value)) return []
  return value.filter(isRecord).map(button => {
    const title =
      typeof button['title'] === 'string' ? button['title'] : JSON.stringify(button['title'] ?? '')
    return { title, payload: typeof button['payload'] === 'string' ? button['payload'] : title }
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

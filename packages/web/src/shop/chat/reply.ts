// What the assistant answers: the items of Rasa's REST webhook, read with care because any action may have made them.

export interface ReplyButton {
  readonly title: string
  /** What is sent when it is chosen. */
  readonly payload: string
  /** An address that it opens instead. */
  readonly url: string | null
}

export interface Attachment {
  readonly kind: string
  readonly url: string | null
  readonly title: string | null
}

/** One bubble; parts that the answer does not have are null or empty. */
export interface Reply {
  readonly text: string | null
  readonly image: string | null
  readonly buttons: readonly ReplyButton[]
  readonly attachment: Attachment | null
  /** JSON of a kind that this page has no picture for. */
  readonly custom: string | null
}

/** The bubbles of an answer; null where it is not a list, so that the caller can tell a fault from silence. */
export function readReplies(answer: unknown): Reply[] | null {
  return Array.isArray(answer) ? answer.filter(isRecord).map(readReply) : null
}

/** One item; what has no place of its own is kept as JSON, so that nothing is lost. */
export function readReply(item: Readonly<Record<string, unknown>>): Reply {
  const custom = item['custom']
  const customText = isRecord(custom) ? textOf(custom['text']) : null
  return {
    text: textOf(item['text']) ?? customText,
    image: textOf(item['image']),
    buttons: [...readButtons(item['buttons']), ...readButtons(item['quick_replies'])],
    attachment: readAttachment(item['attachment']),
    custom: customText === null && isFilled(custom) ? JSON.stringify(custom, null, 2) : null,
  }
}

function readButtons(value: unknown): ReplyButton[] {
  if (!Array.isArray(value)) return []
  return value.filter(isRecord).flatMap(button => {
    const title = textOf(button['title']) ?? textOf(button['payload'])
    if (title === null) return []
    // Without a payload the title itself is what the user says.
    return [{ title, payload: textOf(button['payload']) ?? title, url: textOf(button['url']) }]
  })
}

function readAttachment(value: unknown): Attachment | null {
  if (typeof value === 'string' && value !== '') return { kind: 'file', url: value, title: null }
  if (!isRecord(value)) return null
  const payload = isRecord(value['payload']) ? value['payload'] : value
  const url = textOf(payload['src']) ?? textOf(payload['url'])
  const title = textOf(payload['title']) ?? textOf(payload['name'])
  // This page keeps the type under the name of its own field.
  const kind = textOf(value['type']) ?? textOf(value['kind']) ?? 'file'
  return url === null && title === null ? null : { kind, url, title }
}

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && (typeof value !== 'object' || Object.keys(value).length > 0)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

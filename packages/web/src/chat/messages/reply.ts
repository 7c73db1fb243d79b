// What a bot said, in one shape: the messages of Rasa's socket, of its REST channel, of its stored events, and the types
// that RasaHQ's chat-widget gave to custom messages. What nobody knows stays as it is, and is shown as text.

import { firstText, isRecord, recordsOf, textOf } from './values.ts'

export interface Choice {
  readonly title: string
  readonly payload: string
  /** Of a button that opens a page instead of answering. */
  readonly url: string | null
}

export interface Card {
  readonly title: string | null
  readonly text: string | null
  readonly image: string | null
  readonly link: string | null
  readonly choices: readonly Choice[]
}

export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'choices'; readonly choices: readonly Choice[] }
  | { readonly kind: 'image' | 'audio' | 'video'; readonly url: string; readonly title: string | null }
  | { readonly kind: 'file'; readonly url: string; readonly name: string }
  | { readonly kind: 'cards'; readonly cards: readonly Card[] }
  | { readonly kind: 'accordion'; readonly items: readonly Card[] }
  | {
      readonly kind: 'rating'
      readonly text: string | null
      readonly thanks: string | null
      readonly choices: readonly Choice[]
    }
  | { readonly kind: 'custom'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unknown'; readonly json: string }

export type Reply = readonly Part[]

/** Keys that go along with a message and say nothing. */
const BESIDE = new Set(['recipient_id', 'metadata', 'timestamp', 'id', 'room'])

/** The parts of one message in the order that Rasa sends them; empty only where there was nothing in it. */
export function readReply(message: unknown): Reply {
  if (!isRecord(message)) {
    const text = textOf(message)
    return text !== null
      ? [{ kind: 'text', text }]
      : message === null || message === ''
        ? []
        : [unknown(message)]
  }
  if (typeof message['type'] === 'string') return readTyped(message)
  const { text, quick_replies, buttons, image, attachment, elements, custom, ...others } = message
  const parts: Part[] = []
  const words = textOf(text)
  if (words !== null) parts.push({ kind: 'text', text: words })
  const choices = [...recordsOf(quick_replies), ...recordsOf(buttons)].flatMap(readChoice)
  if (choices.length > 0) parts.push({ kind: 'choices', choices })
  if (isRecord(custom)) parts.push(...readReply(custom))
  else if (custom !== undefined && custom !== null) parts.push(unknown(custom))
  const picture = textOf(image)
  if (picture !== null) parts.push({ kind: 'image', url: picture, title: null })
  if (attachment !== undefined && attachment !== null) parts.push(...readAttachment(attachment))
  const cards = recordsOf(elements).map(readCard)
  if (cards.length > 0) parts.push({ kind: 'cards', cards })
  const hasMore = Object.keys(others).some(key => !BESIDE.has(key))
  if (parts.length === 0 && hasMore) parts.push({ kind: 'custom', data: message })
  return parts
}

/** Messages of one stored event or of one answer: a text is sent in parts, split at empty lines, as channels send it. */
export function readReplies(text: string | null, data: unknown): readonly Reply[] {
  const rest = isRecord(data) ? data : {}
  const texts = text === null || text === '' ? [] : text.trim().split('\n\n')
  const last = readReply({ ...rest, text: texts.at(-1) })
  const first = texts.slice(0, -1).map((part): Reply => [{ kind: 'text', text: part }])
  return last.length === 0 ? first : [...first, last]
}

/** One line that stands for the message: in a preview, and where it is compared. */
export function summarize(reply: Reply): string {
  for (const part of reply) {
    if (part.kind === 'text') return part.text
    if (part.kind === 'rating' && part.text !== null) return part.text
    if (part.kind === 'file') return part.name
    if ('title' in part && part.title !== null) return part.title
    if (part.kind === 'cards') return part.cards[0]?.title ?? '…'
  }
  return '…'
}

function readTyped(message: Readonly<Record<string, unknown>>): Reply {
  const text = textOf(message['text'])
  const words: Part[] = text === null ? [] : [{ kind: 'text', text }]
  const items = recordsOf(message['elements']).map(readCard)
  switch (message['type']) {
    case 'image':
    case 'audio':
    case 'video': {
      const url = firstText(message, `${message['type']}_url`, 'url', 'src') ?? sourceOf(message['payload'])
      if (url === null) break
      return [...words, { kind: message['type'], url, title: firstText(message, 'title', 'alt') }]
    }
    case 'file_download':
    case 'file': {
      const url = firstText(message, 'file_url', 'url', 'src')
      if (url === null) break
      return [...words, { kind: 'file', url, name: firstText(message, 'file_name', 'name', 'title') ?? url }]
    }
    case 'carousel':
      if (items.length > 0) return [...words, { kind: 'cards', cards: items }]
      break
    case 'accordion':
      if (items.length > 0) return [...words, { kind: 'accordion', items }]
      break
    case 'rating':
    case 'csat': {
      const thanks = firstText(message, 'message', 'thank_you')
      const asked = text ?? textOf(message['question'])
      const choices = recordsOf(message['options']).flatMap(({ value, payload }) =>
        readChoice({ title: value, payload }),
      )
      return [{ kind: 'rating', text: asked, thanks, choices }]
    }
    case 'text':
      if (text !== null) return words
  }
  return [{ kind: 'custom', data: message }]
}

function readChoice(button: Readonly<Record<string, unknown>>): Choice[] {
  const title = firstText(button, 'title', 'text', 'value', 'payload')
  if (title === null) return []
  const url =
    button['type'] === 'web_url' || textOf(button['payload']) === null ? textOf(button['url']) : null
  return [{ title, payload: textOf(button['payload']) ?? title, url }]
}

function readCard(element: Readonly<Record<string, unknown>>): Card {
  const action = element['default_action']
  return {
    title: textOf(element['title']),
    text: firstText(element, 'subtitle', 'text'),
    image: firstText(element, 'image_url', 'image'),
    link: firstText(element, 'link', 'url') ?? (isRecord(action) ? textOf(action['url']) : null),
    choices: recordsOf(element['buttons']).flatMap(readChoice),
  }
}

/** Rasa's socket sends each card of a carousel as an object; old widgets want a list: both are read. */
function readAttachment(attachment: unknown): Reply {
  if (!isRecord(attachment)) {
    const url = textOf(attachment)
    return url === null ? [unknown(attachment)] : [{ kind: 'file', url, name: nameOf(url) }]
  }
  const { type, payload } = attachment
  const content = isRecord(payload) ? payload : attachment
  if (type === 'template') {
    const cards = recordsOf(content['elements']).map(readCard)
    if (cards.length > 0) return [{ kind: 'cards', cards }]
  }
  const url = sourceOf(content)
  if (url === null) return [{ kind: 'custom', data: attachment }]
  const title = firstText(content, 'title', 'alt', 'name')
  if (type === 'image' || type === 'audio' || type === 'video') return [{ kind: type, url, title }]
  return [{ kind: 'file', url, name: title ?? nameOf(url) }]
}

function sourceOf(payload: unknown): string | null {
  return isRecord(payload) ? firstText(payload, 'src', 'url', 'image', 'link') : textOf(payload)
}

function nameOf(url: string): string {
  return url.split(/[?#]/)[0]?.split('/').filter(Boolean).at(-1) ?? url
}

function unknown(value: unknown): Part {
  return { kind: 'unknown', json: JSON.stringify(value, null, 2) }
}

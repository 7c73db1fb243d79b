// One bubble: what was said, and below it what can be done about it.

import type { BotEntry, UserEntry } from './conversation.ts'
import type { Attachment, ReplyButton } from './reply.ts'
import { linkTo, richText } from './rich-text.ts'

export interface MessageActions {
  say(text: string, payload: string): void
  retry(id: string): void
}

/** A message of the user, with its state unless that is as it should be. */
export function userMessage(entry: UserEntry, actions: MessageActions): HTMLElement {
  const item = create('li', 'message message-user')
  const bubble = create('div', 'bubble', entry.text)
  bubble.dir = 'auto'
  item.append(speaker('You said:'), bubble)
  if (entry.delivery === 'failed' || entry.delivery === 'unsure') {
    item.classList.add('message-failed')
    const retry = create('button', 'retry', 'Try again')
    retry.type = 'button'
    retry.addEventListener('click', () => {
      actions.retry(entry.id)
    })
    const note = create('p', 'note')
    note.append(create('span', 'problem', entry.problem ?? 'Not sent.'), ' ', retry)
    item.append(note)
  } else if (entry.delivery === 'waiting') {
    item.append(create('p', 'note', 'Waiting for the answer before'))
  }
  return item
}

/** A message of the assistant; its buttons are shown while nothing was said after it. */
export function botMessage({ reply }: BotEntry, actions: MessageActions): HTMLElement {
  const item = create('li', 'message message-bot')
  item.append(speaker('The assistant said:'))
  if (reply.text !== null) {
    const bubble = create('div', 'bubble')
    bubble.dir = 'auto'
    bubble.append(richText(reply.text))
    item.append(bubble)
  }
  if (reply.image !== null) item.append(picture(reply.image))
  if (reply.attachment !== null) item.append(attachment(reply.attachment))
  if (reply.custom !== null) item.append(create('pre', 'bubble custom', reply.custom))
  if (reply.buttons.length > 0) {
    const group = create('div', 'choices')
    group.setAttribute('role', 'group')
    group.setAttribute('aria-label', 'Answers to choose from')
    group.append(...reply.buttons.map(button => choice(button, actions)))
    item.append(group)
  }
  return item
}

function choice({ title, payload, url }: ReplyButton, actions: MessageActions): HTMLElement {
  const link = url === null ? null : linkTo(url, title)
  if (link !== null) {
    link.className = 'choice'
    return link
  }
  const button = create('button', 'choice', title)
  button.type = 'button'
  button.addEventListener('click', () => {
    actions.say(title, payload)
  })
  return button
}

/** A picture; where it cannot be shown, the way to it. */
function picture(address: string): HTMLElement {
  const frame = create('div', 'picture')
  const showLink = () => {
    frame.replaceChildren(addressOrText(address, 'Picture'))
  }
  if (!/^(https?:|data:image\/)/i.test(address)) {
    showLink()
    return frame
  }
  const image = create('img', '')
  image.alt = 'Picture from the assistant'
  image.addEventListener('error', showLink)
  image.src = address
  frame.append(image)
  return frame
}

function attachment({ kind, url, title }: Attachment): HTMLElement {
  if (kind === 'image' && url !== null) return picture(url)
  const bubble = create('div', 'bubble')
  bubble.append(url === null ? (title ?? kind) : addressOrText(url, title ?? kind))
  return bubble
}

function addressOrText(address: string, label: string): Node {
  return linkTo(address, label) ?? document.createTextNode(`${label}: ${address}`)
}

/** Who speaks, for those who hear the page. */
function speaker(text: string): HTMLElement {
  return create('span', 'heard-only', text)
}

export function create<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  text = '',
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name)
  if (className !== '') node.className = className
  node.textContent = text
  return node
}

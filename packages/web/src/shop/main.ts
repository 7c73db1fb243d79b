// The shop's page: puts the chat together. The page itself is index.html and needs no script.

import { setUpComposer } from './chat/composer.ts'
import type { Conversation } from './chat/conversation.ts'
import { newConversation } from './chat/conversation.ts'
import { ConversationStore } from './chat/conversation-store.ts'
import { MessageList } from './chat/message-list.ts'
import { Outbox } from './chat/outbox.ts'
import { Panel } from './chat/panel.ts'
import { Typing } from './chat/typing.ts'
import { webhookAt } from './chat/webhook.ts'

const WEBHOOK = '/conversations/webhook'

function startChat(): void {
  const store = new ConversationStore()
  const outbox = new Outbox(store, webhookAt(WEBHOOK))
  const list = new MessageList(find('chat-messages', HTMLElement), {
    say: (text, payload) => {
      outbox.say(text, payload)
      field.focus()
    },
    retry: id => {
      outbox.retry(id)
    },
  })
  const field = find('chat-field', HTMLTextAreaElement)
  const typing = new Typing(find('chat-typing', HTMLElement), find('chat-slow', HTMLElement))
  const panel = new Panel(
    {
      panel: find('chat', HTMLElement),
      launcher: find('chat-launcher', HTMLButtonElement),
      close: find('chat-close', HTMLButtonElement),
      badge: find('chat-badge', HTMLElement),
      field,
    },
    () => {
      list.scrollToEnd()
    },
  )
  const welcome = find('chat-welcome', HTMLElement)
  const restart = find('chat-restart', HTMLButtonElement)

  let answers = countAnswers(store.current)
  const show = (conversation: Conversation): void => {
    const { entries } = conversation
    welcome.hidden = entries.length > 0
    restart.hidden = entries.length === 0
    list.show(conversation)
    const isAwaited = entries.some(entry => entry.from === 'user' && entry.delivery === 'sending')
    if (typing.show(isAwaited)) list.scrollToEnd()
    const now = countAnswers(conversation)
    if (now > answers) panel.notice(now - answers)
    answers = now
  }
  store.onChange(show)
  show(store.current)

  setUpComposer(
    {
      form: find('chat-form', HTMLFormElement),
      field,
      send: find('chat-send', HTMLButtonElement),
      counter: find('chat-counter', HTMLElement),
    },
    text => {
      outbox.say(text)
    },
  )
  restart.addEventListener('click', () => {
    if (!confirm('Start a new conversation? This one is removed from the page.')) return
    store.update(() => newConversation())
    field.focus()
  })
  for (const opener of document.querySelectorAll<HTMLElement>('[data-ask]')) {
    opener.addEventListener('click', () => {
      panel.open()
      const question = opener.dataset['ask'] ?? ''
      if (question !== '') outbox.say(question)
    })
  }
  document.documentElement.classList.add('chat-ready')
}

function countAnswers({ entries }: Conversation): number {
  return entries.filter(entry => entry.from === 'bot').length
}

function find<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const node = document.getElementById(id)
  if (node instanceof kind) return node
  throw new Error(`The page has no ${kind.name} with the id ${id}.`)
}

startChat()

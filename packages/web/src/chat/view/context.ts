// What every part of the view needs.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { ChatHost, CustomRenderer, Outgoing } from '../../widget/contract.ts'
import type { BotEntry, Vote } from '../conversation.ts'
import type { Words } from '../locales/words.ts'

export interface ChatView {
  readonly words: Words
  readonly language: string
  readonly server: string
  readonly renderers: ReadonlyMap<string, CustomRenderer>
  readonly say: (message: Outgoing) => void
  readonly retry: (id: string) => void
  /** null where answers are not asked about. */
  readonly vote: ((entry: BotEntry, vote: Vote) => void) | null
  readonly emit: ChatHost['emit']
}

export const ViewContext = createContext<ChatView | null>(null)

export function useView(): ChatView {
  const view = useContext(ViewContext)
  if (view === null) throw new Error('A part of the chat stands outside of it.')
  return view
}

/** The words with the number in its place. */
export function withNumber(words: string, count: number): string {
  return words.replace('#', String(count))
}

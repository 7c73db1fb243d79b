// The chat's window: a dialog beside the page, and all of the screen on a phone.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatHost, Outgoing } from '../../widget/contract.ts'
import type { BotEntry, Vote } from '../conversation.ts'
import type { Words } from '../locales/words.ts'
import { RIGHT_TO_LEFT } from '../locales/words.ts'
import { safeMedia } from '../messages/safe-address.ts'
import type { Session } from '../session.ts'
import { Composer } from './composer.tsx'
import { ViewContext } from './context.ts'
import { Icon } from './icon.tsx'
import { MessageList, Notice } from './message-list.tsx'
import { Rating } from './rating.tsx'

export interface PanelProps {
  readonly host: ChatHost
  readonly session: Session
  readonly words: Words
  readonly language: string
  readonly isOpen: boolean
}

export function Panel({ host, session, words, language, isOpen }: PanelProps): ComponentChildren {
  const { options } = host
  const panel = useRef<HTMLDivElement>(null)
  const restart = useRef<HTMLButtonElement>(null)
  const answer = useRef<HTMLButtonElement>(null)
  const [isAsking, setAsking] = useState(false)
  const conversation = session.store.current
  const { live } = session
  const isEmpty = conversation.entries.every(entry => entry.from === 'user' && entry.isHidden)
  const title = options.title === '' ? words.title : options.title

  useEffect(() => {
    if (isOpen) focusIn(panel.current)
  }, [isOpen])
  useEffect(() => {
    if (isAsking) answer.current?.focus()
  }, [isAsking])
  useKeyboardInset(panel, isOpen)

  const view = {
    ...{ words, language, server: options.server, renderers: host.renderers, emit: host.emit.bind(host) },
    say: (message: Outgoing) => {
      session.say(message)
      focusIn(panel.current)
    },
    retry: session.retry.bind(session),
    vote:
      options.rating && live.isTabula
        ? (entry: BotEntry, vote: Vote) => void session.vote(entry, vote)
        : null,
  }
  return (
    <ViewContext.Provider value={view}>
      <div
        ref={panel}
        class="panel"
        part="panel"
        role="dialog"
        aria-label={title}
        lang={language}
        dir={RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr'}
        hidden={!isOpen}
        inert={!isOpen}
        onKeyDown={event => {
          if (event.key === 'Escape' && !event.isComposing) host.close()
          else if (event.key === 'Tab' && isFullScreen()) keepInside(event, panel.current)
        }}
      >
        <header class="head" part="header">
          <Avatar address={options.avatar} server={options.server} />
          <div class="titles">
            <h2>{title}</h2>
            {options.subtitle !== '' && <p>{options.subtitle}</p>}
          </div>
          {!isEmpty && (
            <button
              ref={restart}
              type="button"
              class="tool"
              aria-label={words.startOver}
              title={words.startOver}
              aria-expanded={isAsking}
              onClick={() => {
                setAsking(!isAsking)
              }}
            >
              <Icon name="restart" />
            </button>
          )}
          <button
            type="button"
            class="tool"
            aria-label={words.close}
            title={words.close}
            onClick={() => {
              host.close()
            }}
          >
            <Icon name="close" />
          </button>
        </header>
        {isAsking && (
          <div class="ask" role="alertdialog" aria-label={words.startOver}>
            <p>{words.startOverAsk}</p>
            <button
              type="button"
              class="choice filled"
              ref={answer}
              onClick={() => {
                setAsking(false)
                session.reset()
                focusIn(panel.current)
              }}
            >
              {words.startOver}
            </button>
            <button
              type="button"
              class="choice"
              onClick={() => {
                setAsking(false)
                restart.current?.focus()
              }}
            >
              {words.cancel}
            </button>
          </div>
        )}
        <MessageList conversation={conversation} live={live} isOpen={isOpen}>
          {isEmpty && (
            <div class="welcome message from-bot">
              <p class="bubble" dir="auto">
                {options.welcome === '' ? words.welcome : options.welcome}
              </p>
              {options.suggestions.length > 0 && (
                <div class="choices" role="group">
                  {options.suggestions.map(question => (
                    <button
                      type="button"
                      class="choice"
                      part="choice"
                      dir="auto"
                      onClick={() => {
                        view.say({ text: question })
                      }}
                    >
                      {question}
                    </button>
                  ))}
                </div>
              )}
            </div>
          )}
        </MessageList>
        {options.rating && live.isTabula && countAnswers(conversation.entries) > 1 && (
          <Rating given={conversation.rating} rate={session.rate.bind(session)} />
        )}
        <Notice conversation={conversation} live={live} />
        <Composer
          options={options}
          canUpload={options.upload && live.isTabula}
          upload={session.upload.bind(session)}
          say={(text, files) => {
            session.say({ text }, files)
          }}
        />
      </div>
    </ViewContext.Provider>
  )
}

function Avatar({
  address,
  server,
}: {
  readonly address: string
  readonly server: string
}): ComponentChildren {
  const url = address === '' ? null : safeMedia(address, server)
  if (url !== null) return <img class="avatar" src={url} alt="" width={36} height={36} />
  return (
    <svg class="avatar" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3C6.5 3 2.500 6.900 2.500 11.800c0 2.700 1.300 5 3.300 6.600V22l3.300-1.900c.9.3 1.900.4 2.900.4 5.500 0 9.500-3.900 9.500-8.700S17.500 3 12 3z" />
    </svg>
  )
}

/** Into the field; where a finger points, that would bring the keyboard up, so the messages have it. */
function focusIn(panel: HTMLElement | null): void {
  const place = matchMedia('(pointer: coarse)').matches ? '.scroll' : 'textarea'
  panel?.querySelector<HTMLElement>(place)?.focus({ preventScroll: true })
}

function countAnswers(entries: readonly { readonly from: string }[]): number {
  return entries.filter(({ from }) => from !== 'user').length
}

function isFullScreen(): boolean {
  return matchMedia('(max-width: 639px)').matches
}

/** Over the whole screen the focus stays in the chat: what is behind cannot be seen. */
function keepInside(event: KeyboardEvent, panel: HTMLElement | null): void {
  const root = panel?.getRootNode()
  const stops = [
    ...(panel?.querySelectorAll<HTMLElement>('button:not([disabled]), textarea, a[href], [tabindex="0"]') ??
      []),
  ]
  const [first, last] = [stops[0], stops.at(-1)]
  const focused = root instanceof ShadowRoot ? root.activeElement : null
  const [edge, other] = event.shiftKey ? [first, last] : [last, first]
  if (focused !== edge) return
  event.preventDefault()
  other?.focus()
}

/** On a phone the keyboard takes part of the screen: the chat takes what is left. */
function useKeyboardInset(panel: { readonly current: HTMLElement | null }, isOpen: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport
    if (!isOpen || viewport === null) return undefined
    const fit = (): void => {
      panel.current?.style.setProperty('--_height', `${viewport.height}px`)
      panel.current?.style.setProperty('--_top', `${viewport.offsetTop}px`)
    }
    fit()
    viewport.addEventListener('resize', fit)
    viewport.addEventListener('scroll', fit)
    return () => {
      viewport.removeEventListener('resize', fit)
      viewport.removeEventListener('scroll', fit)
    }
  }, [isOpen])
}

// The messages of a conversation with the days between them, scrolled to the latest unless the visitor reads further up.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { BotEntry, Conversation, Entry, UserEntry } from '../conversation.ts'
import type { Live } from '../session.ts'
import { useView, withNumber } from './context.ts'
import { Icon } from './icon.tsx'
import { FileLink, PartView } from './parts.tsx'

const SLOW = 8_000
const NEAR = 80

export interface MessageListProps {
  readonly conversation: Conversation
  readonly live: Live
  readonly isOpen: boolean
  readonly children: ComponentChildren
}

export function MessageList({ conversation, live, isOpen, children }: MessageListProps): ComponentChildren {
  const { words } = useView()
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const [isFar, setFar] = useState(false)
  const isWorking = isAwaited(conversation, live)
  const shown = conversation.entries.filter(entry => entry.from !== 'user' || !entry.isHidden)
  const latestUser = shown.findLastIndex(entry => entry.from === 'user')

  const toEnd = (): void => {
    if (scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }
  useLayoutEffect(() => {
    if (isAtEnd.current || shown.at(-1)?.from === 'user') toEnd()
    else setFar(true)
  }, [shown.length, isWorking, isOpen])
  useEffect(() => {
    // A picture that loads, or a keyboard that comes up, must not push the latest message out of sight.
    const node = scroller.current
    if (node === null) return undefined
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd()
    })
    sizes.observe(node)
    for (const child of node.children) sizes.observe(child)
    return () => {
      sizes.disconnect()
    }
  }, [])

  return (
    <div class="scroll-frame">
      <div
        class="scroll"
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={words.messages}
        onScroll={event => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR
          if (isAtEnd.current) setFar(false)
        }}
      >
        <div class="scrolled">
          {children}
          <div
            role="log"
            aria-live="polite"
            aria-relevant="additions"
            aria-label={words.conversation}
            class="log"
          >
            {shown.map((entry, at) => (
              <div key={entry.id} class="entry">
                <DayLine entry={entry} before={shown[at - 1]} />
                {entry.from === 'user' ? (
                  <UserMessage entry={entry} isLast={at === latestUser} />
                ) : (
                  <BotMessage
                    entry={entry}
                    isLatest={at > latestUser}
                    isFirst={shown[at - 1]?.from !== entry.from}
                  />
                )}
              </div>
            ))}
          </div>
          <Typing isShown={isWorking} />
        </div>
      </div>
      {isFar && (
        <button
          type="button"
          class="to-end"
          aria-label={words.latest}
          onClick={() => {
            setFar(false)
            toEnd()
          }}
        >
          <Icon name="latest" />
        </button>
      )}
    </div>
  )
}

/** Over a socket the server has said that it has the message; over HTTP the message is under way until it is answered. */
function isAwaited({ entries }: Conversation, live: Live): boolean {
  if (live.isTyping) return true
  return entries.some(
    entry =>
      entry.from === 'user' &&
      ((entry.delivery === 'sent' && !entry.isAnswered && Date.now() - entry.at < 300_000) ||
        (entry.delivery === 'sending' && live.isOnline !== false)),
  )
}

function Typing({ isShown }: { readonly isShown: boolean }): ComponentChildren {
  const { words } = useView()
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    setSlow(false)
    if (!isShown) return undefined
    const timer = setTimeout(() => {
      setSlow(true)
    }, SLOW)
    return () => {
      clearTimeout(timer)
    }
  }, [isShown])
  return (
    <>
      {isShown && (
        <div class="typing" part="typing">
          <span class="heard-only">{words.typing}</span>
          <i />
          <i />
          <i />
        </div>
      )}
      <p class="slow" role="status">
        {isShown && isSlow ? words.slow : ''}
      </p>
    </>
  )
}

function DayLine({
  entry,
  before,
}: {
  readonly entry: Entry
  readonly before: Entry | undefined
}): ComponentChildren {
  const { words, language } = useView()
  const day = new Date(entry.at)
  if (before !== undefined && new Date(before.at).toDateString() === day.toDateString()) return null
  const today = new Date()
  const yesterday = new Date(today.getTime() - 86_400_000)
  const text =
    day.toDateString() === today.toDateString()
      ? words.today
      : day.toDateString() === yesterday.toDateString()
        ? words.yesterday
        : day.toLocaleDateString(language, { weekday: 'long', day: 'numeric', month: 'long' })
  return (
    <p class="day">
      <span>{text}</span>
    </p>
  )
}

function Time({ at }: { readonly at: number }): ComponentChildren {
  const { language } = useView()
  const time = new Date(at)
  return (
    <time dateTime={time.toISOString()}>
      {time.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })}
    </time>
  )
}

function BotMessage(props: {
  readonly entry: BotEntry
  readonly isLatest: boolean
  readonly isFirst: boolean
}): ComponentChildren {
  const { words } = useView()
  const { entry, isLatest, isFirst } = props
  return (
    <div class={`message from-bot ${entry.from === 'human' ? 'from-human' : ''}`}>
      <span class={entry.from === 'human' && isFirst ? 'speaker' : 'heard-only'}>
        {entry.from === 'human' ? words.person : words.assistant}
      </span>
      {entry.reply.map(part => (
        <PartView part={part} isLatest={isLatest} />
      ))}
      <span class="state">
        <Time at={entry.at} />
        <Votes entry={entry} />
      </span>
    </div>
  )
}

/** Whether the answer helped; the server knows an answer by its number, which comes a moment after its words. */
function Votes({ entry }: { readonly entry: BotEntry }): ComponentChildren {
  const { words, vote } = useView()
  if (vote === null || entry.from !== 'bot' || entry.number === null) return null
  const given = entry.vote
  return (
    <span class={given === undefined ? 'votes' : 'votes given'} role="group" aria-label={words.helped}>
      {(['up', 'down'] as const).map(value => (
        <button
          type="button"
          aria-label={value === 'up' ? words.helpful : words.unhelpful}
          title={value === 'up' ? words.helpful : words.unhelpful}
          aria-pressed={given === value}
          disabled={given !== undefined && given !== value}
          onClick={() => {
            if (given === undefined) vote(entry, value)
          }}
        >
          <Icon name={value} />
        </button>
      ))}
    </span>
  )
}

function UserMessage({
  entry,
  isLast,
}: {
  readonly entry: UserEntry
  readonly isLast: boolean
}): ComponentChildren {
  const { words, retry } = useView()
  const { delivery, problem, id } = entry
  return (
    <div class={`message from-user ${delivery}`}>
      <span class="heard-only">{words.you}</span>
      {entry.files.map(({ name, url, type }) =>
        type.startsWith('image/') ? (
          <PartView part={{ kind: 'image', url, title: name }} isLatest={false} />
        ) : (
          <FileLink url={url} name={name} />
        ),
      )}
      {entry.text !== '' && (
        <p class="bubble" part="bubble user-bubble" dir="auto">
          {entry.text}
        </p>
      )}
      {delivery === 'failed' ? (
        <p class="problem">
          <span>{words[problem === 'too-long' ? 'tooLong' : (problem ?? 'refused')]}</span>
          {problem !== 'token' && problem !== 'too-long' && (
            <button
              type="button"
              onClick={() => {
                retry(id)
              }}
            >
              {words.retry}
            </button>
          )}
        </p>
      ) : (
        <span class="state">
          <Time at={entry.at} />
          {delivery === 'sent' ? isLast && <Icon name="check" /> : null}
          <span class={delivery === 'sent' ? 'heard-only' : ''}>
            {delivery === 'sent' ? (isLast ? words.sent : '') : words.sending}
          </span>
        </span>
      )}
    </div>
  )
}

/** What stands between the conversation and the field: offline, or a server that is busy. */
export function Notice({
  conversation,
  live,
}: {
  readonly conversation: Conversation
  readonly live: Live
}): ComponentChildren {
  const { words } = useView()
  const [now, setNow] = useState(Date.now())
  const isBusy = live.busyUntil > now
  useEffect(() => {
    if (live.busyUntil <= Date.now()) return undefined
    setNow(Date.now())
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 500)
    return () => {
      clearInterval(timer)
    }
  }, [live.busyUntil])
  const waiting = conversation.entries.filter(
    entry => entry.from === 'user' && entry.delivery === 'waiting',
  ).length
  const offline = navigator.onLine ? words.unreachable : words.offline
  const text = isBusy
    ? withNumber(words.busy, Math.ceil((live.busyUntil - now) / 1_000))
    : live.isOnline === false
      ? `${offline}${waiting > 0 ? ` ${withNumber(words.waiting, waiting)}` : ''}`
      : ''
  return (
    <p class={text === '' ? 'notice' : 'notice shown'} role="status">
      {text}
    </p>
  )
}

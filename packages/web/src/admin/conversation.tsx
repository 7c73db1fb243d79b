// One conversation: what was said, what the bot did and why, and what people may do about it.

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { pathOf, withQuery } from './api.ts'
import { toBubbles } from './bubbles.ts'
import { BubbleView } from './bubble-view.tsx'
import { ConversationTools } from './conversation-tools.tsx'
import { Loading, Problem, useApi, useLoaded } from './parts.tsx'
import type { EventPage, RasaEvent, Turn } from './types.ts'
import { WhyPanel } from './why.tsx'

const AT_ONCE = 200
/** Events of one step back: a long conversation is read in few of them. */
const OLDER = 500

export function ConversationScreen({
  sender,
  query,
}: {
  readonly sender: string
  readonly query: URLSearchParams
}): ComponentChildren {
  const api = useApi()
  const page = useLoaded(() => api.get<EventPage>(pathOf(sender), { limit: AT_ONCE }), [sender])
  const why = useLoaded(
    async () => (await api.get<{ readonly turns: readonly Turn[] }>(pathOf(sender, '/reasons'))).turns,
    [sender],
  )
  const [chosen, setChosen] = useState<number | null>(null)
  const [fresh, setFresh] = useState(0)
  const [isWhyOpen, setWhyOpen] = useState(false)
  const talk = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  const value = page.value
  const isLoaded = value !== null

  useEffect(() => {
    if (!isLoaded) return undefined
    const ended = new AbortController()
    const after = value.first + value.events.length
    void api.listen(
      { sender, after },
      (name, data) => {
        if (name === 'conversation' && (data as EventPage['conversation']).sender === sender) {
          page.set(shown =>
            shown === null ? null : { ...shown, conversation: data as EventPage['conversation'] },
          )
        }
        if (name !== 'events') return
        const { first, events } = data as { readonly first: number; readonly events: readonly RasaEvent[] }
        page.set(shown => {
          if (shown === null) return null
          const next = shown.first + shown.events.length
          const added = events.slice(Math.max(0, next - first))
          if (added.length === 0 || first > next) return shown
          if (!isAtEnd.current) setFresh(now => now + toBubbles(added, 0).length)
          return { ...shown, events: [...shown.events, ...added], total: next + added.length }
        })
        why.reload()
      },
      ended.signal,
    )
    return () => {
      ended.abort()
    }
  }, [sender, isLoaded])
  useEffect(() => {
    const scrolled = (): void => {
      isAtEnd.current = document.documentElement.scrollHeight - scrollY - innerHeight < 120
      if (isAtEnd.current) setFresh(0)
    }
    addEventListener('scroll', scrolled, { passive: true })
    return () => {
      removeEventListener('scroll', scrolled)
    }
  }, [])
  const length = value?.events.length ?? 0
  useLayoutEffect(() => {
    if (isAtEnd.current) scrollToEnd()
  }, [isLoaded, length])
  useEffect(() => {
    // A bubble has its true height only once it has been near the screen.
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) scrollToEnd()
    })
    if (talk.current !== null) sizes.observe(talk.current)
    return () => {
      sizes.disconnect()
    }
  }, [isLoaded])

  const older = async (): Promise<void> => {
    if (value === null) return
    isAtEnd.current = false
    const before = await api.get<EventPage>(pathOf(sender), { before: value.first, limit: OLDER })
    page.set(shown =>
      shown === null ? null : { ...shown, first: before.first, events: [...before.events, ...shown.events] },
    )
  }

  if (value === null) return page.problem === null ? <Loading /> : <Missing problem={page.problem} />
  const bubbles = toBubbles(value.events, value.first)
  const turns = why.value ?? []
  const turn = turnOf(turns, chosen ?? bubbles.findLast(({ from }) => from === 'user')?.number ?? null)
  return (
    <>
      <ConversationTools
        conversation={value.conversation}
        back={withQuery('/admin/conversations', { q: query.get('q') })}
        changed={conversation => {
          page.set(shown =>
            shown === null ? null : { ...shown, conversation: { ...shown.conversation, ...conversation } },
          )
        }}
      />
      <Problem text={page.problem} />
      <div class="conversation">
        <section class="talk" aria-label="Messages">
          {value.first > 0 && (
            <button type="button" class="older" onClick={() => void older()}>
              {`Show earlier events (${value.first} more)`}
            </button>
          )}
          <ol class="bubbles" ref={talk}>
            {bubbles.map(bubble => (
              <BubbleView
                key={bubble.number}
                bubble={bubble}
                turn={turns.find(({ event }) => event === bubble.number) ?? null}
                isChosen={turn !== null && turn.event === bubble.number}
                choose={() => {
                  setChosen(bubble.number)
                  setWhyOpen(true)
                }}
              />
            ))}
          </ol>
          {fresh > 0 && (
            <button
              type="button"
              class="pill floating"
              onClick={() => {
                scrollToEnd()
              }}
            >
              {`${fresh} new`}
            </button>
          )}
          {api.may('reviewer') && <ReplyForm sender={sender} isPaused={value.conversation.paused} />}
        </section>
        <WhyPanel
          turn={turn}
          turns={turns}
          problem={why.problem}
          isOpen={isWhyOpen}
          close={() => {
            setWhyOpen(false)
            document.querySelector<HTMLElement>('.said.chosen .why-button')?.focus()
          }}
        />
      </div>
    </>
  )
}

function scrollToEnd(): void {
  scrollTo(0, document.documentElement.scrollHeight)
}

/** The turn of this event, or of the last message before it. */
function turnOf(turns: readonly Turn[], event: number | null): Turn | null {
  if (event === null) return turns.at(-1) ?? null
  return turns.findLast(turn => turn.event !== null && turn.event <= event) ?? null
}

function Missing({ problem }: { readonly problem: string }): ComponentChildren {
  return (
    <>
      <h1>Conversation</h1>
      <Problem text={problem} />
      <p>
        <a href="/admin/conversations">← Conversations</a>
      </p>
    </>
  )
}

function ReplyForm({
  sender,
  isPaused,
}: {
  readonly sender: string
  readonly isPaused: boolean
}): ComponentChildren {
  const api = useApi()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const send = async (): Promise<void> => {
    const words = text.trim()
    if (words === '') return
    try {
      await api.send('POST', pathOf(sender, '/reply'), { text: words })
      setText('')
      setProblem(null)
      field.current?.focus()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <form
      class="reply"
      onSubmit={event => {
        event.preventDefault()
        void send()
      }}
    >
      <div class="reply-head">
        <label for="reply">Reply as a person</label>
        <p id="reply-hint" class="muted">
          {isPaused ? 'The bot is paused: only you answer.' : 'The bot still answers. Pause it to take over.'}
        </p>
      </div>
      <div class="reply-row">
        <textarea
          id="reply"
          ref={field}
          rows={1}
          dir="auto"
          maxLength={4_096}
          value={text}
          aria-describedby="reply-hint"
          onInput={event => {
            setText(event.currentTarget.value)
          }}
        />
        <button type="submit" class="primary" disabled={text.trim() === ''}>
          Send
        </button>
      </div>
      <Problem text={problem} />
    </form>
  )
}

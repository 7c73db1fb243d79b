// The conversations, the latest first: search, filters kept in the address, pages by cursor, and news that do not make the
// list jump.

import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { withQuery } from './api.ts'
import type { Values } from './api.ts'
import { confidence, count } from './format.ts'
import { focusContent } from './keep-focus.ts'
import { Badge, Loading, Problem, Time, useApi, useLoaded } from './parts.tsx'
import { go } from './route.ts'
import { SavedFilters } from './saved-filters.tsx'
import type { Models, Summary, SummaryPage } from './types.ts'

const SPANS = [
  { value: '1', title: 'Last 24 hours' },
  { value: '7', title: 'Last 7 days' },
  { value: '30', title: 'Last 30 days' },
  { value: 'all', title: 'All time' },
] as const
const CHANNELS = [
  ...['rest', 'socketio', 'callback', 'slack', 'telegram', 'facebook', 'twilio', 'mattermost', 'rocketchat'],
  ...['webexteams', 'botframework', 'hangouts', 'cmdline'],
]
const LOW = '0.6'

/** The filters of the address as the API takes them. */
export function filterOf(query: URLSearchParams, now: number): Values {
  const days = query.get('days') ?? '7'
  return {
    q: query.get('q'),
    from: days === 'all' ? null : Math.floor(now / 60) * 60 - Number(days) * 86_400,
    channel: query.get('channel'),
    intent: query.get('intent'),
    action: query.get('action'),
    tag: query.get('tag'),
    confidence_below: query.get('low'),
    csat_at_most: query.get('csat'),
    fallback: query.get('fallback') === '1',
    paused: query.get('paused') === '1',
    thumbs_down: query.get('thumbs') === '1',
  }
}

export function ListScreen({ query }: { readonly query: URLSearchParams }): ComponentChildren {
  const api = useApi()
  const key = query.toString()
  const filter = filterOf(query, Date.now() / 1_000)
  const page = useLoaded(
    () => api.get<SummaryPage>('/conversations', { ...filter, cursor: query.get('cursor') }),
    [key],
  )
  const [news, setNews] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    setNews(new Set())
    const ended = new AbortController()
    void api.listen(
      {},
      (name, data) => {
        if (name !== 'conversation') return
        const changed = data as Summary
        // A conversation that is shown changes in its place; another waits until it is asked for.
        page.set(shown => {
          if (shown?.conversations.some(({ sender }) => sender === changed.sender) !== true) {
            setNews(known => new Set([...known, changed.sender]))
            return shown
          }
          const conversations = shown.conversations.map(each =>
            each.sender === changed.sender ? { ...each, ...changed } : each,
          )
          return { ...shown, conversations }
        })
      },
      ended.signal,
    )
    return () => {
      ended.abort()
    }
  }, [key])

  const shown = page.value?.conversations ?? []
  useEffect(() => {
    addEventListener('keydown', stepThroughRows)
    return () => {
      removeEventListener('keydown', stepThroughRows)
    }
  }, [])

  const turn = (cursor: string | null | undefined): void => {
    go('/conversations', { ...Object.fromEntries(query), cursor: cursor ?? '' })
    scrollTo(0, 0)
    focusContent()
  }
  return (
    <>
      <div class="title-row">
        <h1>Conversations</h1>
        <div class="title-side">
          {page.value !== null && (
            <p class="muted" role="status">
              {`${page.value.total_is_exact ? '' : 'more than '}${count(page.value.total)} conversation${page.value.total === 1 ? '' : 's'}`}
            </p>
          )}
          <button
            type="button"
            onClick={() =>
              void api.download('/conversations', { ...filter, format: 'csv' }, 'conversations.csv')
            }
          >
            Export CSV
          </button>
        </div>
      </div>
      <Filters query={query} />
      <SavedFilters query={query} />
      <Problem text={page.problem} />
      <div class="news" role="status">
        {news.size > 0 && (
          <button
            type="button"
            class="pill"
            onClick={() => {
              setNews(new Set())
              if (query.has('cursor')) turn(null)
              else page.reload()
            }}
          >
            {`${news.size} new`}
          </button>
        )}
      </div>
      {page.value === null ? (
        page.problem === null && <Loading />
      ) : shown.length === 0 ? (
        <p class="empty">No conversation fits. Try a longer time or fewer filters.</p>
      ) : (
        <ul class="rows" aria-busy={page.isLoading}>
          {shown.map(each => (
            <Row key={each.sender} conversation={each} address={`/admin${addressOf(each, query)}`} />
          ))}
        </ul>
      )}
      {page.value !== null && (page.value.previous !== null || page.value.next !== null) && (
        <nav class="pages" aria-label="Pages">
          <button
            type="button"
            disabled={page.value.previous === null}
            onClick={() => {
              turn(page.value?.previous)
            }}
          >
            ← Newer
          </button>
          <button
            type="button"
            disabled={page.value.next === null}
            onClick={() => {
              turn(page.value?.next)
            }}
          >
            Older →
          </button>
        </nav>
      )}
    </>
  )
}

/** j goes to the next conversation and k to the one before, from a row or from nowhere; Enter opens it. */
function stepThroughRows({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
  if ((key !== 'j' && key !== 'k') || ctrlKey || metaKey || altKey || !(target instanceof Element)) return
  const row = target.closest('.row a')
  if (row === null && target !== document.body && target.id !== 'content') return
  const rows = [...document.querySelectorAll<HTMLAnchorElement>('.row a')]
  const at = rows.findIndex(each => each === row)
  rows[key === 'j' ? at + 1 : Math.max(at - 1, 0)]?.focus()
}

function addressOf({ sender }: Summary, query: URLSearchParams): string {
  const q = query.get('q') ?? ''
  return withQuery(`/conversations/${encodeURIComponent(sender)}`, { q })
}

function Row(props: { readonly conversation: Summary; readonly address: string }): ComponentChildren {
  const { conversation, address } = props
  const { sender, channel, last_text, last_from, turns, lowest_confidence, hit } = conversation
  return (
    <li class="row">
      <a href={address}>
        <span class="row-time">
          <Time at={conversation.last_active} />
          <span class="channel">{channel ?? '–'}</span>
        </span>
        <span class="row-text" dir="auto">
          {hit !== undefined ? (
            <Marked text={hit.text} marks={hit.marks} />
          ) : (
            <>
              {last_from !== null && last_from !== 'user' && (
                <span class="muted">{last_from === 'bot' ? 'Bot: ' : 'Person: '}</span>
              )}
              {last_text ?? '(no text)'}
            </>
          )}
        </span>
        <span class="row-flags">
          {conversation.paused && <Badge kind="warn">Paused</Badge>}
          {conversation.fallback && <Badge kind="bad">Fallback</Badge>}
          {lowest_confidence !== null && lowest_confidence < Number(LOW) && (
            <Badge kind="warn">{`Low ${confidence(lowest_confidence)}`}</Badge>
          )}
          {conversation.thumbs_down && <Badge kind="bad">Disliked</Badge>}
          {conversation.csat !== null && (
            <Badge
              kind={conversation.csat > 3 ? 'good' : conversation.csat < 3 ? 'bad' : 'plain'}
            >{`Rated ${conversation.csat} of 5`}</Badge>
          )}
          {conversation.tags.map(tag => (
            <Badge kind="plain">{tag}</Badge>
          ))}
        </span>
        <span class="row-who">
          <span class="sender" title={sender}>
            {sender}
          </span>
          <span class="muted">{`${count(turns)} turn${turns === 1 ? '' : 's'}`}</span>
        </span>
      </a>
    </li>
  )
}

/** The text with what was searched for made plain. */
function Marked({
  text,
  marks,
}: {
  readonly text: string
  readonly marks: readonly (readonly [number, number])[]
}): ComponentChildren {
  const parts: ComponentChildren[] = []
  let from = 0
  for (const [start, end] of marks) {
    parts.push(text.slice(from, start), <mark>{text.slice(start, end)}</mark>)
    from = end
  }
  return [...parts, text.slice(from)]
}

function Filters({ query }: { readonly query: URLSearchParams }): ComponentChildren {
  const api = useApi()
  const models = useLoaded(() => api.get<Models>('/models'), [])
  const [words, setWords] = useState(query.get('q') ?? '')
  const set = (name: string, value: string): void => {
    go('/conversations', { ...Object.fromEntries(query), cursor: '', [name]: value }, name === 'q')
  }
  useEffect(() => {
    setWords(query.get('q') ?? '')
  }, [query.get('q')])
  useEffect(() => {
    if (words === (query.get('q') ?? '')) return undefined
    const timer = setTimeout(() => {
      set('q', words)
    }, 300)
    return () => {
      clearTimeout(timer)
    }
  }, [words])
  const checks = [
    { name: 'fallback', on: '1', title: 'Fallback' },
    { name: 'low', on: LOW, title: `Confidence < ${LOW}` },
    { name: 'paused', on: '1', title: 'Paused' },
    { name: 'thumbs', on: '1', title: 'Disliked' },
    { name: 'csat', on: '2', title: 'Rated 1 or 2' },
  ]
  const hasFilter = [...query.keys()].some(name => name !== 'days' && name !== 'cursor')
  return (
    <form
      class="filters"
      role="search"
      onSubmit={event => {
        event.preventDefault()
        set('q', words)
      }}
    >
      <input
        type="search"
        class="search"
        aria-label="Search messages or sender"
        placeholder="Search messages or sender"
        value={words}
        onInput={event => {
          setWords(event.currentTarget.value)
        }}
      />
      <Select
        label="Time"
        value={query.get('days') ?? '7'}
        options={SPANS}
        set={value => {
          set('days', value)
        }}
      />
      <Select
        label="Channel"
        value={query.get('channel') ?? ''}
        options={[{ value: '', title: 'Any channel' }, ...CHANNELS.map(value => ({ value, title: value }))]}
        set={value => {
          set('channel', value)
        }}
      />
      <Select
        label="Intent"
        value={query.get('intent') ?? ''}
        options={[
          { value: '', title: 'Any intent' },
          ...(models.value?.intents ?? []).map(value => ({ value, title: value })),
        ]}
        set={value => {
          set('intent', value)
        }}
      />
      <Select
        label="Action"
        value={query.get('action') ?? ''}
        options={[
          { value: '', title: 'Any action' },
          ...(models.value?.actions ?? []).map(value => ({ value, title: value })),
        ]}
        set={value => {
          set('action', value)
        }}
      />
      <div class="checks">
        {checks.map(({ name, on, title }) => (
          <label class="check">
            <input
              type="checkbox"
              checked={query.get(name) !== null}
              onChange={event => {
                set(name, event.currentTarget.checked ? on : '')
              }}
            />
            {title}
          </label>
        ))}
        {hasFilter && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              go('/conversations', { days: query.get('days') ?? '' })
            }}
          >
            Clear filters
          </button>
        )}
      </div>
    </form>
  )
}

export function Select(props: {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly title: string }[]
  readonly set: (value: string) => void
}): ComponentChildren {
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={event => {
        props.set(event.currentTarget.value)
      }}
    >
      {props.options.map(({ value, title }) => (
        <option value={value} selected={value === props.value}>
          {title}
        </option>
      ))}
      {!props.options.some(({ value }) => value === props.value) && (
        <option value={props.value} selected>
          {props.value}
        </option>
      )}
    </select>
  )
}

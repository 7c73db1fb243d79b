// What the bot did not understand: reviewers say what it means, and take the training data for it away as a file. What is
// in production stays as it is.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Select } from './list.tsx'
import { confidence, count } from './format.ts'
import { groupAlike } from './group-alike.ts'
import { MessageLabel } from './message-label.tsx'
import { Badge, Loading, Problem, Time, useApi, useLoaded } from './parts.tsx'
import { go } from './route.ts'
import type { LabelledEntity, Misunderstood, Models } from './types.ts'

const STATES = [
  { value: 'new', title: 'New' },
  { value: 'done', title: 'Done' },
  { value: 'ignored', title: 'Ignored' },
] as const
const REASONS = [
  { value: '', title: 'Any reason' },
  { value: 'low_confidence', title: 'Low confidence' },
  { value: 'fallback', title: 'Fallback' },
  { value: 'thumbs_down', title: 'Disliked' },
] as const

/** Messages of a group that are seen at once. */
const SHOWN = 5

interface Page {
  readonly messages: readonly Misunderstood[]
  readonly next: string | null
}
interface Undo {
  readonly messages: readonly Misunderstood[]
  readonly words: string
}

export function MisunderstoodScreen({ query }: { readonly query: URLSearchParams }): ComponentChildren {
  const api = useApi()
  const state = query.get('state') ?? 'new'
  const reason = query.get('reason') ?? ''
  const cursor = query.get('cursor')
  const page = useLoaded(
    () => api.get<Page>('/misunderstood', { state, reason, cursor, limit: 100 }),
    [state, reason, cursor],
  )
  const models = useLoaded(() => api.get<Models>('/models'), [])
  const [undo, setUndo] = useState<Undo | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const canReview = api.may('reviewer')

  const put = async (
    messages: readonly Misunderstood[],
    body: (message: Misunderstood) => unknown,
  ): Promise<void> => {
    try {
      for (const message of messages) await api.send('PUT', `/misunderstood/${message.id}`, body(message))
      setProblem(null)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
    page.reload()
  }
  const label = (
    messages: readonly Misunderstood[],
    intent: string,
    entities: readonly LabelledEntity[],
  ): void => {
    setUndo({
      messages,
      words: `${messages.length === 1 ? 'One message is' : `${messages.length} messages are`} ${intent}.`,
    })
    const [first] = messages
    // Places of entities belong to one text; others that say the same have them too, all else the intent alone.
    void put(messages, ({ text }) => ({
      state: 'done',
      label: { intent, entities: text === first?.text ? entities : [] },
    }))
  }
  const ignore = (messages: readonly Misunderstood[]): void => {
    setUndo({
      messages,
      words: `${messages.length === 1 ? 'One message is' : `${messages.length} messages are`} put aside.`,
    })
    void put(messages, () => ({ state: 'ignored' }))
  }
  const restore = (messages: readonly Misunderstood[]): void => {
    setUndo(null)
    void put(messages, () => ({ state: 'new' }))
  }
  const set = (change: Readonly<Record<string, string>>): void => {
    go('/misunderstood', { ...Object.fromEntries(query), cursor: '', ...change })
  }
  const groups = groupAlike(page.value?.messages ?? [])
  return (
    <>
      <div class="title-row">
        <h1>Misunderstood</h1>
        <div class="title-side">
          {canReview && (
            <button
              type="button"
              class="primary"
              onClick={() => void api.download('/misunderstood/export', {}, 'nlu.yml')}
            >
              Download training data
            </button>
          )}
        </div>
      </div>
      <p class="muted lead">
        Say what these messages mean, download the training data, and add it with{' '}
        <code>bot data add nlu.yml</code>. Nothing changes for visitors before a new model is trained.
      </p>
      <div class="filters">
        <div class="tabs" role="group" aria-label="State">
          {STATES.map(({ value, title }) => (
            <button
              type="button"
              aria-pressed={value === state}
              onClick={() => {
                set({ state: value })
              }}
            >
              {title}
            </button>
          ))}
        </div>
        <Select
          label="Reason"
          value={reason}
          options={REASONS}
          set={value => {
            set({ reason: value })
          }}
        />
        <div role="status" class="undo">
          {undo !== null && (
            <>
              {undo.words}{' '}
              <button
                type="button"
                class="quiet"
                onClick={() => {
                  restore(undo.messages)
                }}
              >
                Undo
              </button>
            </>
          )}
        </div>
      </div>
      <Problem text={problem ?? page.problem} />
      {page.value === null ? (
        page.problem === null && <Loading />
      ) : groups.length === 0 ? (
        <p class="empty">
          {state === 'new' ? 'Nothing waits here: everything was understood.' : 'Nothing is here yet.'}
        </p>
      ) : (
        <ul class="groups" aria-busy={page.isLoading}>
          {groups.map(messages => (
            <Group
              key={messages[0]?.id}
              messages={messages}
              models={models.value}
              canReview={canReview}
              label={label}
              ignore={ignore}
              restore={restore}
            />
          ))}
        </ul>
      )}
      {typeof page.value?.next === 'string' && (
        <nav class="pages" aria-label="Pages">
          <button
            type="button"
            onClick={() => {
              set({ cursor: page.value?.next ?? '' })
            }}
          >
            Older →
          </button>
        </nav>
      )}
    </>
  )
}

function Group(props: {
  readonly messages: readonly Misunderstood[]
  readonly models: Models | null
  readonly canReview: boolean
  readonly label: (
    messages: readonly Misunderstood[],
    intent: string,
    entities: readonly LabelledEntity[],
  ) => void
  readonly ignore: (messages: readonly Misunderstood[]) => void
  readonly restore: (messages: readonly Misunderstood[]) => void
}): ComponentChildren {
  const { messages, models, canReview, label, ignore, restore } = props
  const [first] = messages
  if (first === undefined) return null
  // What was said in the very same words stands here once, with how often.
  const told = messages.filter(({ text }, at) => messages.findIndex(other => other.text === text) === at)
  return (
    <li class="group">
      {told.length > 1 && <p class="muted">{`${count(told.length)} alike`}</p>}
      <Told messages={told.slice(0, SHOWN)} />
      {told.length > SHOWN && (
        <details>
          <summary>{`${count(told.length - SHOWN)} more`}</summary>
          <Told messages={told.slice(SHOWN)} />
        </details>
      )}
      {first.state === 'new' && canReview && (
        <MessageLabel
          key={first.id}
          message={first}
          intents={models?.intents ?? []}
          entities={models?.entities ?? []}
          save={(intent, entities) => {
            label(messages, intent, entities)
          }}
          ignore={() => {
            ignore(messages)
          }}
        />
      )}
      {first.state !== 'new' && (
        <p class="label-row">
          {first.label !== null && (
            <span>
              means <code>{first.label.intent}</code>
              {first.label.entities.map(({ entity }) => ` + ${entity}`).join('')}
            </span>
          )}
          {canReview && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                restore(messages)
              }}
            >
              Back to new
            </button>
          )}
        </p>
      )}
    </li>
  )
}

function Told({ messages }: { readonly messages: readonly Misunderstood[] }): ComponentChildren {
  return (
    <ul>
      {messages.map(message => (
        <li class="misunderstood">
          <span class="said-text" dir="auto">
            {message.text}
          </span>
          <span class="row-flags">
            <span class="muted">{`${message.intent ?? 'no intent'} ${confidence(message.confidence)}`}</span>
            {message.reasons.map(reason => (
              <Badge kind={reason === 'low_confidence' ? 'warn' : 'bad'}>
                {reason === 'thumbs_down' ? 'disliked' : reason.replace('_', ' ')}
              </Badge>
            ))}
            {message.alike > 1 && <Badge kind="plain">{`said ${count(message.alike)} times`}</Badge>}
            <a href={`/admin/conversations/${encodeURIComponent(message.sender)}`}>
              <Time at={message.time} />
            </a>
          </span>
        </li>
      ))}
    </ul>
  )
}

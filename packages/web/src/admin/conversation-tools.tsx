// What may be done with a conversation: pause and resume, export, erase, tags, notes.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { pathOf } from './api.ts'
import { fullTime } from './format.ts'
import { Badge, Dialog, Problem, useApi } from './parts.tsx'
import { go } from './route.ts'
import type { Summary } from './types.ts'

export interface ToolsProps {
  readonly conversation: Summary
  /** Where the list is. */
  readonly back: string
  readonly changed: (conversation: Partial<Summary>) => void
}

export function ConversationTools({ conversation, back, changed }: ToolsProps): ComponentChildren {
  const api = useApi()
  const { sender, channel, paused, resumes_at, csat, tags } = conversation
  const [problem, setProblem] = useState<string | null>(null)
  const [isErasing, setErasing] = useState(false)
  const act = (work: Promise<Partial<Summary> | undefined>): void => {
    work.then(
      summary => {
        setProblem(null)
        if (summary !== undefined) changed(summary)
      },
      (error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error))
      },
    )
  }
  const canReview = api.may('reviewer')
  const main = useRef<HTMLButtonElement>(null)
  return (
    <>
      <div class="title-row conversation-head">
        <div>
          <a href={back}>← Conversations</a>
          <h1 class="sender-title" title={sender}>
            {sender}
          </h1>
        </div>
        <div class="title-side">
          {canReview && (
            <button
              type="button"
              ref={main}
              class={paused ? 'primary' : ''}
              onClick={() => {
                act(
                  paused
                    ? api.send('POST', pathOf(sender, '/resume'))
                    : api.send('POST', pathOf(sender, '/pause'), {}),
                )
              }}
            >
              {paused ? 'Resume bot' : 'Pause bot'}
            </button>
          )}
          {canReview && !paused && (
            <button
              type="button"
              onClick={() => {
                // This button goes away; the way back is the other one.
                main.current?.focus()
                act(api.send('POST', pathOf(sender, '/pause'), { hours: 4 }))
              }}
            >
              Pause 4 h
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              act(
                api
                  .download(pathOf(sender, '/export'), { format: 'json' }, `${sender}.json`)
                  .then(() => undefined),
              )
            }}
          >
            Export JSON
          </button>
          <button
            type="button"
            onClick={() => {
              act(
                api
                  .download(pathOf(sender, '/export'), { format: 'csv' }, `${sender}.csv`)
                  .then(() => undefined),
              )
            }}
          >
            CSV
          </button>
          {api.may('admin') && (
            <button
              type="button"
              class="danger"
              onClick={() => {
                setErasing(true)
              }}
            >
              Erase…
            </button>
          )}
        </div>
      </div>
      <p class="facts-line">
        <Badge kind="plain">{channel ?? 'no channel'}</Badge>
        {paused && (
          <Badge kind="warn">
            {resumes_at === null ? 'Bot paused' : `Bot paused until ${fullTime(resumes_at)}`}
          </Badge>
        )}
        {conversation.fallback && <Badge kind="bad">Fallback</Badge>}
        {csat !== null && <Badge kind={csat > 3 ? 'good' : 'bad'}>{`Rated ${csat} of 5`}</Badge>}
        {conversation.model_id !== null && (
          <span class="muted">{`model ${conversation.model_id.slice(0, 12)}`}</span>
        )}
      </p>
      <Problem text={problem} />
      <div class="notes">
        <TagEditor
          tags={tags}
          isEditable={canReview}
          set={names => {
            act(api.send('PUT', pathOf(sender, '/tags'), { tags: names }))
          }}
        />
        {canReview && (
          <label class="check">
            <input
              type="checkbox"
              checked={conversation.reviewed}
              onChange={event => {
                act(api.send('PUT', pathOf(sender, '/review'), { reviewed: event.currentTarget.checked }))
              }}
            />
            Reviewed
          </label>
        )}
        {canReview && (
          <input
            type="text"
            class="note"
            aria-label="Note"
            placeholder="Note for colleagues"
            maxLength={4_096}
            defaultValue={conversation.note ?? ''}
            onChange={event => {
              const note = event.currentTarget.value.trim()
              act(api.send('PUT', pathOf(sender, '/review'), { note: note === '' ? null : note }))
            }}
          />
        )}
      </div>
      {isErasing && (
        <EraseDialog
          sender={sender}
          close={() => {
            setErasing(false)
          }}
        />
      )}
    </>
  )
}

function TagEditor(props: {
  readonly tags: readonly string[]
  readonly isEditable: boolean
  readonly set: (tags: readonly string[]) => void
}): ComponentChildren {
  const { tags, isEditable, set } = props
  const [name, setName] = useState('')
  return (
    <form
      class="tags"
      onSubmit={event => {
        event.preventDefault()
        const tag = name.trim()
        if (tag !== '' && !tags.includes(tag)) set([...tags, tag])
        setName('')
      }}
    >
      {tags.map(tag => (
        <span class="badge badge-plain">
          {tag}
          {isEditable && (
            <button
              type="button"
              aria-label={`Remove the tag ${tag}`}
              onClick={() => {
                set(tags.filter(other => other !== tag))
              }}
            >
              ×
            </button>
          )}
        </span>
      ))}
      {isEditable && (
        <input
          type="text"
          aria-label="Add a tag"
          placeholder="Add a tag"
          maxLength={50}
          value={name}
          onInput={event => {
            setName(event.currentTarget.value)
          }}
        />
      )}
    </form>
  )
}

/** Erasing cannot be undone: the sender's name must be typed. */
function EraseDialog({
  sender,
  close,
}: {
  readonly sender: string
  readonly close: () => void
}): ComponentChildren {
  const api = useApi()
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <Dialog title="Erase this conversation" close={close}>
      <p>
        All messages, events, files and reasons of this person are erased everywhere. It cannot be undone.
      </p>
      <form
        onSubmit={event => {
          event.preventDefault()
          api.send('DELETE', pathOf(sender)).then(
            () => {
              go('/conversations')
            },
            (error: unknown) => {
              setProblem(error instanceof Error ? error.message : String(error))
            },
          )
        }}
      >
        <label>
          Type <code>{sender}</code> to confirm
          <input
            type="text"
            autocomplete="off"
            value={typed}
            onInput={event => {
              setTyped(event.currentTarget.value)
            }}
          />
        </label>
        <Problem text={problem} />
        <div class="dialog-row">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="danger filled" disabled={typed !== sender}>
            Erase for good
          </button>
        </div>
      </form>
    </Dialog>
  )
}

// What a message means: its intent, and entities marked in its text.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Select } from './list.tsx'
import type { LabelledEntity, Misunderstood } from './types.ts'

const FALLBACK = 'nlu_fallback'

export interface MessageLabelProps {
  readonly message: Misunderstood
  readonly intents: readonly string[]
  readonly entities: readonly string[]
  readonly save: (intent: string, entities: readonly LabelledEntity[]) => void
  readonly ignore: () => void
}

export function MessageLabel({
  message,
  intents,
  entities,
  save,
  ignore,
}: MessageLabelProps): ComponentChildren {
  const guess = message.intent !== null && message.intent !== FALLBACK ? message.intent : ''
  const [intent, setIntent] = useState(guess)
  const [chosen, setChosen] = useState('')
  const entity = chosen !== '' ? chosen : (entities[0] ?? '')
  const [marked, setMarked] = useState<readonly LabelledEntity[]>([])
  const field = useRef<HTMLInputElement>(null)

  const mark = (): void => {
    const node = field.current
    if (node === null || entity === '') return
    // The API counts characters, the field UTF-16 units.
    const [start, end] = [node.selectionStart ?? 0, node.selectionEnd ?? 0].map(
      at => Array.from(message.text.slice(0, at)).length,
    )
    if (start === undefined || end === undefined || start >= end) return
    setMarked([...marked.filter(other => other.end <= start || other.start >= end), { start, end, entity }])
  }
  const points = Array.from(message.text)
  return (
    <form
      class="label-form"
      onSubmit={event => {
        event.preventDefault()
        if (intent !== '') save(intent, marked)
      }}
    >
      <div class="label-row">
        <Select
          label={`Intent of: ${message.text}`}
          value={intent}
          options={[
            { value: '', title: 'Choose the intent' },
            // The fallback is what happened, nothing that a message means.
            ...intents.filter(name => name !== FALLBACK).map(value => ({ value, title: value })),
          ]}
          set={setIntent}
        />
        <button type="submit" class="primary" disabled={intent === ''}>
          Save
        </button>
        <button type="button" onClick={ignore}>
          Ignore
        </button>
      </div>
      {entities.length > 0 && (
        <details>
          <summary>Mark an entity</summary>
          <div class="label-row">
            <input
              ref={field}
              type="text"
              aria-readonly="true"
              value={message.text}
              aria-label="Select the words of the entity"
              dir="auto"
              onBeforeInput={event => {
                // Only to select in: a field that is read-only by its attribute has no caret for the keyboard.
                event.preventDefault()
              }}
            />
            <Select
              label="Entity"
              value={entity}
              options={entities.map(value => ({ value, title: value }))}
              set={setChosen}
            />
            <button type="button" onClick={mark}>
              Mark the selected words
            </button>
          </div>
        </details>
      )}
      {marked.length > 0 && (
        <p class="facts-line">
          {marked.map(({ start, end, entity: name }) => (
            <span class="badge badge-plain">
              {`${points.slice(start, end).join('')} = ${name}`}
              <button
                type="button"
                aria-label={`Unmark ${name}`}
                onClick={() => {
                  setMarked(marked.filter(other => other.start !== start))
                }}
              >
                ×
              </button>
            </span>
          ))}
        </p>
      )}
    </form>
  )
}

// Filters that a person keeps under a name, in this browser: a click brings them back. The address holds what they are.

import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'

interface SavedFilter {
  readonly name: string
  /** As in the address, without a page's cursor. */
  readonly query: string
}

const KEY = 'tabula-admin-filters'
const MOST = 20

export function SavedFilters({ query }: { readonly query: URLSearchParams }): ComponentChildren {
  const [saved, setSaved] = useState(readSaved)
  const [isNaming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const group = useRef<HTMLDivElement>(null)
  const current = plain(query)
  const keep = (filters: readonly SavedFilter[]): void => {
    setSaved(filters)
    try {
      localStorage.setItem(KEY, JSON.stringify(filters))
    } catch {
      // Without storage they last as long as the page.
    }
  }
  const canSave = current !== '' && saved.length < MOST && !saved.some(filter => filter.query === current)
  if (saved.length === 0 && !canSave) return null
  /** Back to the last thing of the group: the filter that was kept, or the button that had asked for its name. */
  const endNaming = (): void => {
    setName('')
    setNaming(false)
    requestAnimationFrame(() => {
      group.current?.querySelector<HTMLElement>('.quiet, .saved-filter:last-of-type a')?.focus()
    })
  }
  return (
    <div ref={group} class="saved" role="group" aria-label="Saved filters">
      {saved.map(filter => (
        <span class="saved-filter">
          <a
            href={`/admin/conversations?${filter.query}`}
            aria-current={filter.query === current ? 'true' : undefined}
          >
            {filter.name}
          </a>
          <button
            type="button"
            aria-label={`Remove the filter ${filter.name}`}
            onClick={() => {
              keep(saved.filter(other => other !== filter))
            }}
          >
            ×
          </button>
        </span>
      ))}
      {canSave && !isNaming && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setNaming(true)
          }}
        >
          Save this filter
        </button>
      )}
      {canSave && isNaming && (
        <form
          onSubmit={event => {
            event.preventDefault()
            const given = name.trim()
            if (given !== '')
              keep([...saved.filter(other => other.name !== given), { name: given, query: current }])
            endNaming()
          }}
        >
          <input
            type="text"
            aria-label="Name of the filter"
            placeholder="Name of the filter"
            maxLength={40}
            value={name}
            ref={node => node?.focus()}
            onKeyDown={event => {
              if (event.key === 'Escape') endNaming()
            }}
            onInput={event => {
              setName(event.currentTarget.value)
            }}
          />
          <button type="submit">Save</button>
        </form>
      )}
    </div>
  )
}

/** The filters of the address in one order, so that the same ones are known again. */
function plain(query: URLSearchParams): string {
  const pairs = [...query].filter(([name, value]) => name !== 'cursor' && value !== '')
  return new URLSearchParams(pairs.toSorted(([left], [right]) => (left < right ? -1 : 1))).toString()
}

function readSaved(): readonly SavedFilter[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (!Array.isArray(stored)) return []
    return stored.filter(
      (filter): filter is SavedFilter =>
        typeof filter === 'object' &&
        filter !== null &&
        typeof (filter as SavedFilter).name === 'string' &&
        typeof (filter as SavedFilter).query === 'string',
    )
  } catch {
    return []
  }
}

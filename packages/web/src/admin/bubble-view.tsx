// One message with the events behind it.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { Bubble } from './bubbles.ts'
import { describeEvent } from './bubbles.ts'
import { confidence } from './format.ts'
import { Badge, Time } from './parts.tsx'
import type { Turn } from './types.ts'

const NAMES = { user: 'User', bot: 'Bot', human: 'Person' } as const

export interface BubbleProps {
  readonly bubble: Bubble
  readonly turn: Turn | null
  readonly isChosen: boolean
  readonly choose: () => void
}

export function BubbleView({ bubble, turn, isChosen, choose }: BubbleProps): ComponentChildren {
  const { from, at, text, extras, vote, after } = bubble
  const [intent] = turn?.intents ?? []
  return (
    <li class={`said said-${from}${isChosen ? ' chosen' : ''}`}>
      <div class="said-head">
        <strong>{NAMES[from]}</strong>
        <Time at={at} />
        {vote !== null && (
          <Badge kind={vote === 'up' ? 'good' : 'bad'}>{vote === 'up' ? 'Liked' : 'Disliked'}</Badge>
        )}
        {turn !== null && (
          <button type="button" class="quiet why-button" aria-pressed={isChosen} onClick={choose}>
            {`Why? ${intent?.name ?? 'no intent'} ${confidence(intent?.confidence)}`}
          </button>
        )}
      </div>
      {text !== '' && (
        <p class="said-text" dir="auto">
          {text}
        </p>
      )}
      {extras.length > 0 && (
        <p class="said-extras" dir="auto">
          {extras.join(' ')}
        </p>
      )}
      {after.length > 0 && <EventList bubble={bubble} />}
    </li>
  )
}

/** Folded away until it is wanted: a long conversation has thousands of them. */
function EventList({ bubble: { after } }: { readonly bubble: Bubble }): ComponentChildren {
  const [isOpen, setOpen] = useState(false)
  return (
    <details
      class="events"
      onToggle={event => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>{`${after.length} event${after.length === 1 ? '' : 's'}: ${after.slice(0, 2).map(describeEvent).join(', ')}${after.length > 2 ? ', …' : ''}`}</summary>
      {isOpen && (
        <ol>
          {after.map(event => (
            <li>
              <code>{describeEvent(event)}</code>
            </li>
          ))}
        </ol>
      )}
    </details>
  )
}

// The parts of a bot's message, one component a kind.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Card, Choice, Part } from '../messages/reply.ts'
import { safeMedia } from '../messages/safe-address.ts'
import { useView } from './context.ts'
import { Icon } from './icon.tsx'
import { Link, Markdown } from './markdown.tsx'

export interface PartProps {
  readonly part: Part
  /** Whether choices can still be taken: only of the latest question. */
  readonly isLatest: boolean
}

export function PartView({ part, isLatest }: PartProps): ComponentChildren {
  const { emit } = useView()
  const followed = (address: string): void => {
    emit('link', { address })
  }
  switch (part.kind) {
    case 'text':
      return (
        <div class="bubble" part="bubble bot-bubble" dir="auto">
          <Markdown text={part.text} followed={followed} />
        </div>
      )
    case 'choices':
      return isLatest ? <Choices choices={part.choices} /> : null
    case 'image':
    case 'audio':
    case 'video':
      return <Media kind={part.kind} url={part.url} title={part.title} />
    case 'file':
      return <FileLink url={part.url} name={part.name} />
    case 'cards':
      return (
        <ul class="cards" tabIndex={0}>
          {part.cards.map(card => (
            <li>
              <CardView card={card} isLatest={isLatest} />
            </li>
          ))}
        </ul>
      )
    case 'accordion':
      return (
        <div class="accordion">
          {part.items.map(({ title, text, link }) => (
            <details>
              <summary dir="auto">{title ?? '…'}</summary>
              <div dir="auto">
                <Markdown text={text ?? ''} followed={followed} />
                {link !== null && (
                  <Link address={link} followed={followed}>
                    {link}
                  </Link>
                )}
              </div>
            </details>
          ))}
        </div>
      )
    case 'rating':
      return <Question text={part.text} thanks={part.thanks} choices={part.choices} isLatest={isLatest} />
    case 'custom':
      return <Custom data={part.data} />
    case 'unknown':
      return <pre class="bubble raw">{part.json}</pre>
  }
}

function Choices({ choices }: { readonly choices: readonly Choice[] }): ComponentChildren {
  const { say, emit } = useView()
  return (
    <div class="choices" role="group">
      {choices.map(({ title, payload, url }) =>
        url !== null ? (
          <Link
            class="choice"
            address={url}
            followed={address => {
              emit('link', { address })
            }}
          >
            {title}
          </Link>
        ) : (
          <button
            type="button"
            class="choice"
            part="choice"
            dir="auto"
            onClick={() => {
              emit('choice', payload)
              say({ text: title, payload })
            }}
          >
            {title}
          </button>
        ),
      )}
    </div>
  )
}

function Media(props: {
  readonly kind: 'image' | 'audio' | 'video'
  readonly url: string
  readonly title: string | null
}): ComponentChildren {
  const { words, server, emit } = useView()
  const [isBroken, setBroken] = useState(false)
  const url = safeMedia(props.url, server)
  const fail = (): void => {
    setBroken(true)
  }
  // A film of another site is a page, not a file: it is opened there.
  const isPage = props.kind === 'video' && !/\.(mp4|webm|ogv|mov|m4v)(\?|$)|^data:/i.test(props.url)
  if (url === null || isBroken || isPage) {
    return (
      <p class="bubble" dir="auto">
        <Link
          address={url ?? props.url}
          followed={address => {
            emit('link', { address })
          }}
        >
          {props.title ?? props.url}
        </Link>
      </p>
    )
  }
  const title = props.title ?? words.picture
  if (props.kind === 'image') return <img class="media" src={url} alt={title} loading="lazy" onError={fail} />
  if (props.kind === 'audio')
    return <audio class="media" src={url} controls preload="none" aria-label={title} onError={fail} />
  return <video class="media" src={url} controls preload="metadata" aria-label={title} onError={fail} />
}

export function FileLink({ url, name }: { readonly url: string; readonly name: string }): ComponentChildren {
  const { words, server, emit } = useView()
  const address = safeMedia(url, server)
  if (address === null) return <p class="bubble">{`${name}: ${url}`}</p>
  return (
    <a
      class="file"
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      download={name}
      onClick={() => {
        emit('download', { address })
      }}
    >
      <Icon name="file" />
      <span dir="auto">{name}</span>
      <span class="heard-only">{words.download}</span>
    </a>
  )
}

function CardView({
  card,
  isLatest,
}: {
  readonly card: Card
  readonly isLatest: boolean
}): ComponentChildren {
  const { words, server, emit } = useView()
  const image = card.image === null ? null : safeMedia(card.image, server)
  return (
    <div class="card">
      {image !== null && <img src={image} alt="" loading="lazy" />}
      <div class="card-text" dir="auto">
        {card.title !== null && <strong>{card.title}</strong>}
        {card.text !== null && <p>{card.text}</p>}
        {card.link !== null && (
          <Link
            address={card.link}
            followed={address => {
              emit('link', { address })
            }}
          >
            {words.open}
          </Link>
        )}
      </div>
      {isLatest && card.choices.length > 0 && <Choices choices={card.choices} />}
    </div>
  )
}

function Question(props: {
  readonly text: string | null
  readonly thanks: string | null
  readonly choices: readonly Choice[]
  readonly isLatest: boolean
}): ComponentChildren {
  const { words } = useView()
  return (
    <>
      <p class="bubble" dir="auto">
        {props.text ?? words.rate}
      </p>
      {props.isLatest && <Choices choices={props.choices} />}
      {!props.isLatest && props.thanks !== null && (
        <p class="bubble" dir="auto">
          {props.thanks}
        </p>
      )}
    </>
  )
}

/** A message of a type of its own: shown by the page where it knows the type, else as it came. */
function Custom({ data }: { readonly data: Readonly<Record<string, unknown>> }): ComponentChildren {
  const { renderers } = useView()
  const place = useRef<HTMLDivElement>(null)
  const type = typeof data['type'] === 'string' ? data['type'] : ''
  const renderer = renderers.get(type) ?? renderers.get('*')
  const [isShown, setShown] = useState(renderer !== undefined)
  useLayoutEffect(() => {
    if (renderer === undefined || place.current === null) return
    try {
      setShown(renderer(data, place.current))
    } catch {
      setShown(false)
    }
  }, [data, renderer])
  if (isShown) return <div ref={place} class="custom" />
  const { text } = data
  const others = Object.entries(data).filter(([key]) => key !== 'text' && key !== 'type')
  return (
    <>
      {typeof text === 'string' && (
        <p class="bubble" dir="auto">
          {text}
        </p>
      )}
      {(typeof text !== 'string' || others.length > 0) && (
        <pre class="bubble raw" tabIndex={0}>
          {JSON.stringify(typeof text === 'string' ? Object.fromEntries(others) : data, null, 2)}
        </pre>
      )}
    </>
  )
}

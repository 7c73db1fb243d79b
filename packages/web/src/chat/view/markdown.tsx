// A bot's text as nodes: texts and links, never markup.

import type { ComponentChildren } from 'preact'
import { parseMarkdown } from '../messages/markdown.ts'
import type { Block, Inline } from '../messages/markdown.ts'
import { safeLink } from '../messages/safe-address.ts'

export interface MarkdownProps {
  readonly text: string
  readonly followed: (address: string) => void
}

export function Markdown({ text, followed }: MarkdownProps): ComponentChildren {
  const inline = (content: readonly Inline[]): ComponentChildren =>
    content.map(part => inlineNode(part, inline, followed))
  return parseMarkdown(text, address => safeLink(address) !== null).map(block => blockNode(block, inline))
}

/** A link that opens beside the page and tells the other side nothing. */
export function Link(props: {
  readonly address: string
  readonly class?: string
  readonly children: ComponentChildren
  readonly followed: (address: string) => void
  readonly download?: string
}): ComponentChildren {
  const href = safeLink(props.address)
  if (href === null) return <span class={props.class ?? ''}>{props.children}</span>
  return (
    <a
      class={props.class ?? ''}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      {...(props.download === undefined ? {} : { download: props.download })}
      onClick={() => {
        props.followed(href)
      }}
    >
      {props.children}
    </a>
  )
}

function blockNode(
  block: Block,
  inline: (content: readonly Inline[]) => ComponentChildren,
): ComponentChildren {
  switch (block.kind) {
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      )
    case 'list': {
      const items = block.items.map(item => <li>{inline(item)}</li>)
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>
    }
    case 'paragraph':
      return <p>{inline(block.content)}</p>
  }
}

function inlineNode(
  part: Inline,
  inline: (content: readonly Inline[]) => ComponentChildren,
  followed: (address: string) => void,
): ComponentChildren {
  if (typeof part === 'string') return part
  switch (part.kind) {
    case 'strong':
      return <strong>{inline(part.content)}</strong>
    case 'em':
      return <em>{inline(part.content)}</em>
    case 'code':
      return <code>{part.text}</code>
    case 'link':
      return (
        <Link address={part.address} followed={followed}>
          {inline(part.content)}
        </Link>
      )
  }
}

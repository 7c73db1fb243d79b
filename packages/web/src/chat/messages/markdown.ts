// The little markdown that bots write: lists, code, emphasis, links. Everything else is text, to the last character; the
// result is a tree of texts, never markup.

export type Inline =
  | string
  | { readonly kind: 'strong' | 'em'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly address: string; readonly content: readonly Inline[] }

export type Block =
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Inline[])[] }

const ITEM = /^ {0,3}(?:[-*•]|(\d{1,9})[.)])[ \t]+(\S.*)$/

/** The blocks of a text. `isSafe` says whether an address may be a link; where not, its source stays as text. */
export function parseMarkdown(text: string, isSafe: (address: string) => boolean): readonly Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  let paragraph: string[] = []
  const close = (): void => {
    if (paragraph.length > 0)
      blocks.push({ kind: 'paragraph', content: parseInline(paragraph.join('\n'), isSafe) })
    paragraph = []
  }
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const fence = line.startsWith('```') ? lines.indexOf('```', at + 1) : -1
    const item = ITEM.exec(line)
    if (fence > at) {
      close()
      blocks.push({ kind: 'code', text: lines.slice(at + 1, fence).join('\n') })
      at = fence
    } else if (item !== null) {
      close()
      const isNumbered = item[1] !== undefined
      const items: string[] = []
      let next = ITEM.exec(line)
      while (next !== null && (next[1] !== undefined) === isNumbered) {
        items.push(next[2] ?? '')
        at += 1
        next = ITEM.exec(lines[at] ?? '')
      }
      at -= 1
      const start = isNumbered ? Number(item[1]) : null
      blocks.push({ kind: 'list', start, items: items.map(words => parseInline(words, isSafe)) })
    } else if (line.trim() === '') close()
    else paragraph.push(line)
  }
  close()
  return blocks
}

const MARKS = new RegExp(
  [
    '`([^`\\n]+)`',
    '\\[([^\\]\\n]+)\\]\\(([^\\s()]+(?:\\([^\\s()]*\\)[^\\s()]*)*)\\)',
    '\\*\\*(?=\\S)([^\\n]+?)(?<=\\S)\\*\\*',
    '(?<![\\w*])\\*(?=[^\\s*])([^*\\n]+?)(?<=[^\\s*])\\*(?![\\w*])',
    '(?<![\\w_])_(?=[^\\s_])([^_\\n]+?)(?<=[^\\s_])_(?![\\w_])',
    '(https?:\\/\\/[^\\s<>"\']+[^\\s<>"\'.,;:!?)\\]}»”’])',
    '(?<![\\w.+-])([\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8})',
  ].join('|'),
  'gu',
)

function parseInline(text: string, isSafe: (address: string) => boolean): readonly Inline[] {
  const found: Inline[] = []
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    const inline = readMark(match, isSafe)
    if (inline === null) continue
    if (match.index > from) found.push(text.slice(from, match.index))
    found.push(inline)
    from = match.index + match[0].length
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}

function readMark(match: RegExpExecArray, isSafe: (address: string) => boolean): Inline | null {
  const [, code, label, target, strong, star, underline, address, mail] = match
  if (code !== undefined) return { kind: 'code', text: code }
  if (label !== undefined && target !== undefined)
    return isSafe(target) ? { kind: 'link', address: target, content: [label] } : null
  if (strong !== undefined) return { kind: 'strong', content: parseInline(strong, isSafe) }
  const emphasis = star ?? underline
  if (emphasis !== undefined) return { kind: 'em', content: parseInline(emphasis, isSafe) }
  if (address !== undefined) return isSafe(address) ? { kind: 'link', address, content: [address] } : null
  return mail === undefined ? null : { kind: 'link', address: `mailto:${mail}`, content: [mail] }
}

/** The text of the blocks as it is read, marks left out. */
export function plainText(blocks: readonly Block[]): string {
  const words = (content: readonly Inline[]): string =>
    content
      .map(inline =>
        typeof inline === 'string' ? inline : inline.kind === 'code' ? inline.text : words(inline.content),
      )
      .join('')
  return blocks
    .map(block =>
      block.kind === 'code'
        ? block.text
        : block.kind === 'list'
          ? block.items.map(words).join('\n')
          : words(block.content),
    )
    .join('\n')
}

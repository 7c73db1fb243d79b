// Turns a text into nodes: addresses become links, **bold** and `code` are shown so. Only text nodes are made from what a
// message says, and no character of it is lost.

const MARKS =
  /\[([^\]\n]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)'\]])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|\*\*(\S(?:[^*\n]*\S)?)\*\*|`([^`\n]+)`/g

const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** The text as nodes. */
export function richText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment()
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    const [whole, label, target, address, mail, bold, code] = match
    fragment.append(text.slice(from, match.index))
    from = match.index + whole.length
    if (label !== undefined && target !== undefined) fragment.append(linkTo(target, label) ?? whole)
    else if (address !== undefined) fragment.append(linkTo(address, address) ?? whole)
    else if (mail !== undefined) fragment.append(linkTo(`mailto:${mail}`, mail) ?? whole)
    else if (bold !== undefined) fragment.append(element('strong', bold))
    else if (code !== undefined) fragment.append(element('code', code))
  }
  fragment.append(text.slice(from))
  return fragment
}

/** A link to an address that may be followed; null for any other, such as javascript: or one that is no address. */
export function linkTo(address: string, label: string): HTMLAnchorElement | null {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !SAFE_PROTOCOLS.has(url.protocol)) return null
  const link = document.createElement('a')
  link.href = url.href
  link.textContent = label
  link.rel = 'noopener noreferrer'
  link.target = '_blank'
  return link
}

function element(name: 'strong' | 'code', text: string): HTMLElement {
  const node = document.createElement(name)
  node.textContent = text
  return node
}

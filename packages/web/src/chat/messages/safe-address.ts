// Which addresses of a bot's message may be followed or loaded.

const FOLLOWED = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** The address of a link; null for any other, such as javascript: or one that is no address. */
export function safeLink(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  return url !== null && FOLLOWED.has(url.protocol) ? url.href : null
}

/** The address of a picture, sound or film; a relative one is the server's. */
export function safeMedia(address: string, server: string): string | null {
  if (/^data:(image\/(png|gif|jpeg|webp|avif)|audio\/|video\/)/i.test(address)) return address
  const url = URL.canParse(address, `${server}/`) ? new URL(address, `${server}/`) : null
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null
}

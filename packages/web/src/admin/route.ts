// The screen that is shown is the page's address: it can be sent to a colleague, and Back goes back.

import { useEffect, useState } from 'preact/hooks'

export interface Route {
  /** Parts behind /admin/, decoded. */
  readonly parts: readonly string[]
  readonly query: URLSearchParams
}

const CHANGED = 'tabula-route'

export function readRoute(): Route {
  const parts = location.pathname.split('/').filter(Boolean).slice(1).map(decodeURIComponent)
  return { parts, query: new URLSearchParams(location.search) }
}

export function go(path: string, query: Readonly<Record<string, string>> = {}, isSameScreen = false): void {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  const address = `/admin${path}${text === '' ? '' : `?${text}`}`
  if (isSameScreen) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  dispatchEvent(new Event(CHANGED))
}

export function useRoute(): Route {
  const [route, setRoute] = useState(readRoute)
  useEffect(() => {
    const read = (): void => {
      setRoute(readRoute())
    }
    addEventListener('popstate', read)
    addEventListener(CHANGED, read)
    return () => {
      removeEventListener('popstate', read)
      removeEventListener(CHANGED, read)
    }
  }, [])
  return route
}

/** A click on a link of ours changes the screen; with a key held it opens where the browser is told to. */
export function follow(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link?.origin !== location.origin || !link.pathname.startsWith('/admin')) return
  if (
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    link.download !== ''
  )
    return
  event.preventDefault()
  history.pushState(null, '', link.href)
  dispatchEvent(new Event(CHANGED))
  scrollTo(0, 0)
}

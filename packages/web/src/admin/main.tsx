// The admin pages: which screen is shown, to whom, and the frame around it.

import { render } from 'preact'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Api } from './api.ts'
import { ConversationScreen } from './conversation.tsx'
import { focusContent, keepFocus } from './keep-focus.ts'
import { ListScreen } from './list.tsx'
import { LoginForm, LoginScreen } from './login.tsx'
import { MisunderstoodScreen } from './misunderstood.tsx'
import { ModelsScreen } from './models.tsx'
import { OverviewScreen } from './overview.tsx'
import { ApiContext, Dialog } from './parts.tsx'
import { follow, useRoute } from './route.ts'
import type { Route } from './route.ts'
import { SettingsScreen } from './settings.tsx'

const SCREENS = [
  { path: 'conversations', title: 'Conversations' },
  { path: 'misunderstood', title: 'Misunderstood' },
  { path: 'overview', title: 'Overview' },
  { path: 'models', title: 'Models' },
  { path: 'settings', title: 'Settings' },
] as const

function Admin(): ComponentChildren {
  const [, setRound] = useState(0)
  const api = useMemo(
    () =>
      new Api(() => {
        setRound(now => now + 1)
      }),
    [],
  )
  const route = useRoute()
  const [screen = 'conversations'] = route.parts
  const isFirst = useRef(true)
  const title = SCREENS.find(({ path }) => path === screen)?.title ?? 'Not found'
  useEffect(() => {
    document.title = `${api.user === null ? 'Sign in' : title} – Tabula admin`
  }, [title, api.user])
  // What is read aloud, and where Tab goes on, is the new screen; the first one belongs to the browser.
  useEffect(() => {
    if (!isFirst.current) focusContent()
    isFirst.current = false
    document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [route.parts.join('/'), api.user === null])
  if (api.user === null)
    return (
      <ApiContext.Provider value={api}>
        <LoginScreen />
      </ApiContext.Provider>
    )
  return (
    <ApiContext.Provider value={api}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <div class="frame" onClick={follow}>
        <header class="side">
          <a class="brand" href="/admin/conversations">
            <img src="/admin/icon.svg" alt="" width={28} height={28} />
            <span>Tabula</span>
          </a>
          <nav
            aria-label="Screens"
            onFocusIn={event => {
              // On a phone they are a strip; browsers leave what looks in with a few pixels where it is.
              if (event.target instanceof Element)
                event.target.scrollIntoView({ block: 'nearest', inline: 'nearest' })
            }}
          >
            {SCREENS.map(({ path, title: name }) => (
              <a href={`/admin/${path}`} {...(path === screen ? { 'aria-current': 'page' as const } : {})}>
                {name}
              </a>
            ))}
          </nav>
          <div class="account">
            <span class="account-name" title={api.user.email}>
              {api.user.email}
            </span>
            <span class="muted">{api.user.role}</span>
            <button
              type="button"
              onClick={() => {
                api.logout()
              }}
            >
              Sign out
            </button>
          </div>
        </header>
        <main id="content" tabIndex={-1}>
          <Screen screen={screen} route={route} />
        </main>
      </div>
      {api.isExpired && (
        <Dialog
          title="Your session has ended"
          close={() => {
            if (api.isExpired) api.logout()
          }}
        >
          <p>Sign in again to go on where you are.</p>
          <LoginForm email={api.user.email} />
        </Dialog>
      )}
    </ApiContext.Provider>
  )
}

function Screen({ screen, route }: { readonly screen: string; readonly route: Route }): ComponentChildren {
  const [, sender] = route.parts
  switch (screen) {
    case 'conversations':
      return sender === undefined ? (
        <ListScreen query={route.query} />
      ) : (
        <ConversationScreen key={sender} sender={sender} query={route.query} />
      )
    case 'misunderstood':
      return <MisunderstoodScreen query={route.query} />
    case 'overview':
      return <OverviewScreen query={route.query} />
    case 'models':
      return <ModelsScreen />
    case 'settings':
      return <SettingsScreen />
    default:
      return (
        <>
          <h1>There is no such page</h1>
          <p>
            <a href="/admin/conversations">To the conversations</a>
          </p>
        </>
      )
  }
}

const place = document.getElementById('admin')
if (place !== null) {
  keepFocus(place)
  render(<Admin />, place)
}

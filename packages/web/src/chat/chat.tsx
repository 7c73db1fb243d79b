// What the launcher loads when the chat is wanted: puts session and view together.

import { render } from 'preact'
import type { Chat, ChatHost, ChatModule } from '../widget/contract.ts'
import { chooseLanguage } from '../widget/languages.ts'
import { css } from './chat.css'
import { loadWords } from './locales/words.ts'
import { Session } from './session.ts'
import { Panel } from './view/panel.tsx'

export const startChat: ChatModule['startChat'] = (host: ChatHost): Chat => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  host.root.adoptedStyleSheets.push(sheet)
  const place = document.createElement('div')
  // Before the launcher, so that it is reached first where the focus comes from the page's end.
  host.root.prepend(place)

  const language = chooseLanguage(host.options.lang)
  const words = loadWords(language)
  let isDrawing = false
  let isClosed = false
  const draw = (): void => {
    if (isDrawing || isClosed) return
    isDrawing = true
    void words.then(said => {
      isDrawing = false
      if (isClosed) return
      render(
        <Panel host={host} session={session} words={said} language={language} isOpen={host.isOpen()} />,
        place,
      )
    })
  }
  const session = new Session(host, draw)
  const looked = (): void => {
    if (document.visibilityState === 'visible' && host.isOpen()) session.seen()
  }
  document.addEventListener('visibilitychange', looked)
  draw()
  return {
    opened(isOpen) {
      if (isOpen) {
        session.seen()
        session.greet()
      }
      draw()
    },
    send: message => {
      session.say(message)
    },
    reset: () => {
      session.reset()
    },
    setToken: token => {
      session.setToken(token)
    },
    close() {
      isClosed = true
      document.removeEventListener('visibilitychange', looked)
      session.close()
      render(null, place)
    },
  }
}

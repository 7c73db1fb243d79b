// For tests: the widget on a page of a server of its own, opened.

import test from 'ava'
import type { ExecutionContext, TestFn } from 'ava'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { closeBrowser, openContext, openPage, program } from './browser.ts'
import type { Assistant, ChatServer, Kind } from './chat-server.ts'
import { serveChat } from './chat-server.ts'
import { removeFiles } from './web-files.ts'

export const inBrowser = program === null ? test.serial.skip : test.serial

export interface Chat {
  readonly page: Page
  readonly server: ChatServer
  readonly log: Locator
  readonly field: Locator
  readonly launcher: Locator
  readonly say: (text: string) => Promise<void>
  readonly bubbles: () => Promise<readonly string[]>
}
interface Setting {
  readonly kind?: Kind
  readonly attributes?: string
  readonly html?: string
  readonly context?: BrowserContextOptions
  readonly isClosed?: boolean
}

/** What the pages of the test have complained about. */
export const faults: string[] = []

/** Lets each test of the file fail that a page has complained in, and cleans up at the end. */
export function holdFaults(test: TestFn): void {
  test.beforeEach(() => {
    faults.length = 0
  })
  test.afterEach(t => {
    t.deepEqual(faults, [])
  })
  test.after.always(closeBrowser)
  test.after.always(removeFiles)
}

export async function openChat(t: ExecutionContext, answer: Assistant, setting: Setting = {}): Promise<Chat> {
  const server = await serveChat(t, setting.kind ?? 'tabula', answer)
  server.attributes = setting.attributes ?? ''
  server.html = setting.html ?? server.html
  const context = await openContext(t, setting.context)
  const page = await openPage(context, server.url, faults)
  await page.goto(`${server.url}/page`)
  const chat = chatOf(page, server)
  if (setting.isClosed !== true) {
    await chat.launcher.click()
    await chat.field.waitFor()
  }
  return chat
}

export function chatOf(page: Page, server: ChatServer): Chat {
  const field = page.locator('tabula-chat textarea')
  return {
    page,
    server,
    log: page.getByRole('log'),
    field,
    launcher: page.locator('tabula-chat .launcher'),
    async say(text) {
      await field.fill(text)
      await field.press('Enter')
    },
    bubbles: () => page.locator('tabula-chat .log .bubble').allInnerTexts(),
  }
}

export const echo: Assistant = ({ sender, message }) => [
  { recipient_id: sender, text: `You said ${message}` },
]

// RasaHQ/chat-widget, which is not on the registry of packages: a page that speaks its wire, against a whole server.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { BotMessage } from '@tabula/protocol'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { CHAT_WIDGET_PAGE } from '../../test/chat-widget-page.ts'
import { echoEngine, echoModel } from '../../test/echo-engine.ts'
import { browserPath, openPage } from '../../test/other-site.ts'
import { recordingLog } from '../../test/serve.ts'
import { compose } from '../compose.ts'
import type { Settings } from '../config/server-options.ts'
import type { DialogueEngine } from '../processor/dialogue-engine.ts'

const inBrowser = browserPath === null && process.env['CI'] !== 'true' ? test.skip : test

interface Client {
  say(text: string): unknown
  close(): void
  open(): void
}
type Open = (url: string, options?: object) => Client

/** One of each kind that the widget knows. */
const KINDS: readonly BotMessage[] = [
  { text: 'plain' },
  { text: 'choose', buttons: [{ title: 'Yes', payload: '/affirm' }] },
  { image: 'https://pictures.example/a.png' },
  ...[
    { type: 'accordion', elements: [{ title: 'Delivery', text: 'Two days' }] },
    {
      type: 'carousel',
      elements: [{ text: 'Table', image_url: 'https://pictures.example/t.png', link: '#' }],
    },
    {
      type: 'file_download',
      file_name: 'Terms.pdf',
      file_url: 'https://shop.example/terms.pdf',
      text: 'Terms',
    },
    { type: 'video', video_url: 'https://films.example/1' },
    { type: 'rating', text: 'Good?', options: [{ value: '5', payload: '/rate5' }] },
    { type: 'csat', question: 'Happy?', thank_you: 'Thanks', options: [] },
  ].map(custom => ({ custom })),
]
const SHOWN = [
  'text: plain',
  'quick replies: choose [Yes /affirm]',
  'image: https://pictures.example/a.png',
  'accordion: Two days',
  'carousel: Table',
  'file: Terms',
  'video: https://films.example/1',
  'rating: Good?',
  'csat: Happy?',
]

/** Echoes, and shows all kinds when asked to. */
const engine: DialogueEngine = {
  ...echoEngine,
  *handleMessage(context, tracker, message, parsed) {
    if (message.text !== 'all kinds')
      return yield* echoEngine.handleMessage(context, tracker, message, parsed)
    for (const kind of KINDS) yield { kind: 'send', message: kind }
    return null
  },
}

async function openWidget(
  t: ExecutionContext,
  credentials: Readonly<Record<string, Settings | null>>,
): Promise<{ readonly url: string; readonly page: Page; readonly lines: () => Promise<readonly string[]> }> {
  t.timeout(60_000)
  const server = await compose(
    { model: echoModel(), port: 0, interface: '127.0.0.1', cors: '*', credentials },
    { engine, log: recordingLog(), maxActions: 10 },
  )
  t.teardown(() => server.stop())
  const bundle = await build({
    stdin: { contents: CHAT_WIDGET_PAGE, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'error',
  })
  const page = await openPage(t, {
    '/': '<!doctype html><body><script src="/app.js"></script>',
    '/app.js': bundle.outputFiles[0]?.text ?? '',
  })
  await page.getByText('ready').waitFor()
  return { url: server.urls.server, page, lines: () => page.locator('p').allInnerTexts() }
}

/** Opens a client in the page, under the name `chat`. */
async function connect(
  page: Page,
  how: 'overSocket' | 'overRest',
  url: string,
  options: object,
): Promise<void> {
  await page.evaluate(
    ([name, address, given]) => {
      const held = window as unknown as Record<string, unknown> & Record<'overSocket' | 'overRest', Open>
      held['chat'] = held[name](address, given)
    },
    [how, url, options] as const,
  )
}

const say = (page: Page, text: string): Promise<unknown> =>
  page.evaluate(words => (window as unknown as { readonly chat: Client }).chat.say(words), text)

for (const isKept of [false, true]) {
  inBrowser(
    `a page with RasaHQ/chat-widget is served over its socket, sessions ${isKept ? '' : 'not '}kept`,
    async t => {
      const { url, page, lines } = await openWidget(t, { socketio: { session_persistence: isKept } })
      await connect(page, 'overSocket', url, { first: 'first words' })
      await page.getByText('text: first words').waitFor()
      await say(page, 'all kinds')
      await page.getByText('csat: Happy?').waitFor()
      t.deepEqual(await lines(), ['ready', 'confirmed', 'text: first words', ...SHOWN])
      // The panel is closed and opened: the widget connects anew, under a new session.
      await page.evaluate(() => {
        const { chat } = window as unknown as { readonly chat: Client }
        chat.close()
        chat.open()
      })
      await page.getByText('text: first words').nth(1).waitFor()
      t.is((await lines()).filter(line => line === 'confirmed').length, 2)
    },
  )
}

inBrowser('its token is asked for where the channel asks for one, and its sender is kept', async t => {
  const { url, page } = await openWidget(t, {
    socketio: { webhook_token: 'secret', session_persistence: true },
    rest: { webhook_token: 'secret' },
  })
  await connect(page, 'overSocket', url, { token: 'wrong', sender: 'ann' })
  await page.getByText('refused').first().waitFor()
  await page.evaluate(() => {
    ;(window as unknown as { readonly chat: Client }).chat.close()
  })
  await connect(page, 'overSocket', url, { token: 'secret', sender: 'ann' })
  await page.getByText('confirmed').waitFor()
  await say(page, 'it is me')
  await page.getByText('text: it is me').waitFor()
  await connect(page, 'overRest', url, { token: 'secret', sender: 'ann' })
  await say(page, 'over REST')
  await page.getByText('text: over REST').waitFor()
  t.pass()
})

inBrowser(
  'a page with RasaHQ/chat-widget is served over REST, as plain text from another origin',
  async t => {
    const { url, page, lines } = await openWidget(t, { rest: null })
    await connect(page, 'overRest', url, {})
    await say(page, 'hello')
    await say(page, 'all kinds')
    await page.getByText('csat: Happy?').waitFor()
    t.deepEqual(await lines(), ['ready', 'text: hello', ...SHOWN])
  },
)

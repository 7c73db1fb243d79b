// The shop's page in a real browser; skipped where there is none.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { chromium } from 'playwright-core'
import type { Browser, Locator, Page } from 'playwright-core'
import { findService } from '../../../tools/services.mjs'
import type { Assistant, ShopServer } from './shop-server.ts'
import { serveShop } from './shop-server.ts'

const program = findService('Chromium')
const inBrowser = program === null ? test.serial.skip : test.serial

interface Chat {
  readonly page: Page
  readonly shop: ShopServer
  readonly log: Locator
  readonly field: Locator
  readonly say: (text: string) => Promise<void>
}

let browser: Browser | null = null
test.after.always(() => browser?.close())

/** What the pages of the test have complained about, a breach of the policy included. */
let faults: string[] = []
test.beforeEach(() => {
  faults = []
})
test.afterEach(t => {
  t.deepEqual(faults, [])
})

async function openChat(t: ExecutionContext, answer: Assistant, width = 1200): Promise<Chat> {
  browser ??= await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
  const context = await browser.newContext({ viewport: { width, height: 800 } })
  t.teardown(() => context.close())
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    // Chromium also reports each answer of a failing server; that is what some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
      faults.push(message.text())
  })
  const shop = await serveShop(t, answer)
  await page.goto(shop.url)
  const field = page.getByRole('textbox', { name: 'Your message' })
  return {
    page,
    shop,
    log: page.getByRole('log'),
    field,
    async say(text) {
      await field.fill(text)
      await field.press('Enter')
    },
  }
}

const echo: Assistant = ({ sender, message }) => [{ recipient_id: sender, text: `You said ${message}` }]

inBrowser('a visitor asks and sees the answer, and both are there after a reload', async t => {
  const { page, shop, log, field, say } = await openChat(t, echo)
  t.true(await page.getByRole('button', { name: 'Send' }).isDisabled())
  await say('How much is the shipping fee?')
  await log.getByText('You said How much is the shipping fee?').waitFor()
  t.is(await field.inputValue(), '')
  await page.reload()
  await log.getByText('You said How much is the shipping fee?').waitFor()
  t.is(await log.getByRole('listitem').count(), 2)
  await say('And to Norway?')
  await log.getByText('You said And to Norway?').waitFor()
  t.is(shop.said.length, 2)
  t.is(shop.said[0]?.sender, shop.said[1]?.sender)
})

inBrowser('a button shows its title, sends its payload, and is gone once it was used', async t => {
  const { shop, log, say } = await openChat(t, said =>
    said.message === 'hi'
      ? [{ text: 'Hello', buttons: [{ title: 'Where is my order?', payload: '/order_status' }] }]
      : echo(said),
  )
  await say('hi')
  await log.getByRole('button', { name: 'Where is my order?' }).click()
  await log.getByText('You said /order_status').waitFor()
  t.deepEqual(
    shop.said.map(said => said.message),
    ['hi', '/order_status'],
  )
  t.is(await log.locator('.message-user').last().locator('.bubble').innerText(), 'Where is my order?')
  t.is(await log.getByRole('button').count(), 0)
})

inBrowser(
  'a message that the server fails on is kept and goes out once more when that is asked for',
  async t => {
    const { page, shop, log, say } = await openChat(t, () => 500)
    await say('Is anybody there?')
    await log.getByText('could not take the message').waitFor()
    await page.reload()
    shop.answer = echo
    const retry = log.getByRole('button', { name: 'Try again' })
    await retry.evaluate((button: HTMLElement) => {
      button.click()
      button.click()
    })
    await log.getByText('You said Is anybody there?').waitFor()
    t.is(await log.locator('.message-user').count(), 1)
    t.is(shop.said.length, 2)
    t.is(await retry.count(), 0)
  },
)

inBrowser('a server that is busy is asked again without a word', async t => {
  let refusals = 0
  const { log, say } = await openChat(t, said => ((refusals += 1) < 2 ? 429 : echo(said)))
  await say('hello')
  await log.getByText('You said hello').waitFor()
  t.is(refusals, 2)
})

inBrowser('what is written offline goes out by itself, once, when the line is back', async t => {
  const { page, shop, log, say } = await openChat(t, echo)
  await page.context().setOffline(true)
  await say('hello')
  await log.getByText('You are offline').waitFor()
  await page.context().setOffline(false)
  await log.getByText('You said hello').waitFor()
  t.is(shop.said.length, 1)
  t.is(await log.getByRole('button').count(), 0)
})

inBrowser('an answer that is no list of messages is told as a fault, and the chat goes on', async t => {
  const { shop, log, say } = await openChat(t, () => ({ error: 'no' }))
  await say('hello')
  await log.getByText('could not be read').waitFor()
  shop.answer = echo
  await say('again')
  await log.getByText('You said again').waitFor()
  t.is(await log.getByRole('button', { name: 'Try again' }).count(), 1)
})

inBrowser('answers keep the order of questions, and writing goes on while one is awaited', async t => {
  const first = Promise.withResolvers<undefined>()
  const { page, shop, log, say } = await openChat(t, async said => {
    if (said.message === 'one') await first.promise
    return echo(said)
  })
  await say('one')
  await page.getByText('The assistant is writing').waitFor({ state: 'attached' })
  await say('two')
  t.deepEqual(
    shop.said.map(said => said.message),
    ['one'],
  )
  first.resolve(undefined)
  await log.getByText('You said two').waitFor()
  t.deepEqual(await log.locator('.message-bot .bubble').allInnerTexts(), ['You said one', 'You said two'])
  t.true(await page.locator('#chat-typing').isHidden())
})

inBrowser('a page that is closed before the answer says so and sends nothing by itself', async t => {
  const never = Promise.withResolvers<undefined>()
  const { page, shop, log, say } = await openChat(t, () => never.promise)
  await say('hello')
  await page.locator('#chat-typing').waitFor({ state: 'visible' })
  await page.reload()
  await log.getByText('closed before an answer came').waitFor()
  t.is(shop.said.length, 1)
  never.resolve(undefined)
})

inBrowser('what a message says is text: no markup runs, and only safe addresses are links', async t => {
  const text =
    '<img src=x onerror="document.title=1"> a < b, **bold**, [bad](javascript:alert(1)), [good](https://shop.example/a), https://shop.example/b. help@tabula.example'
  const { page, log, say } = await openChat(t, () => [{ text }])
  await say('<b>me</b>')
  const bubble = log.locator('.message-bot .bubble')
  await bubble.waitFor()
  t.is(
    await bubble.innerText(),
    '<img src=x onerror="document.title=1"> a < b, bold, [bad](javascript:alert(1)), good, https://shop.example/b. help@tabula.example',
  )
  const links = await bubble
    .getByRole('link')
    .evaluateAll(found => found.map(link => [link.getAttribute('href'), link.getAttribute('rel')]))
  t.deepEqual(links, [
    ['https://shop.example/a', 'noopener noreferrer'],
    ['https://shop.example/b', 'noopener noreferrer'],
    ['mailto:help@tabula.example', 'noopener noreferrer'],
  ])
  t.is(await log.locator('.message-user .bubble').innerText(), '<b>me</b>')
  t.is(await page.title(), 'Tabula shop')
})

inBrowser('pictures, attachments and other JSON are shown or told, never lost', async t => {
  const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
  const { log, say } = await openChat(t, () => [
    { image: pixel },
    { image: '/no/address.png' },
    { attachment: { type: 'video', payload: { title: 'How to', src: 'https://shop.example/v' } } },
    { custom: { kind: 'map', at: [1, 2] } },
  ])
  await say('show me')
  await log.getByRole('img', { name: 'Picture from the assistant' }).waitFor()
  await log.getByText('Picture: /no/address.png').waitFor()
  t.is(await log.getByRole('link', { name: 'How to' }).getAttribute('href'), 'https://shop.example/v')
  await log.getByText('"kind": "map"').waitFor()
})

inBrowser('the chat opens and closes from the keyboard and gives the focus back', async t => {
  const { page, field } = await openChat(t, echo)
  await field.press('Escape')
  t.true(await page.getByRole('dialog').isHidden())
  const launcher = page.getByRole('button', { name: 'Open the chat' })
  t.true(await launcher.evaluate(node => node === document.activeElement))
  await page.reload()
  t.true(await page.getByRole('dialog').isHidden())
  await launcher.press('Enter')
  t.true(await field.evaluate(node => node === document.activeElement))
  await field.press('Shift+Enter')
  t.is(await field.inputValue(), '\n')
  t.true(await page.getByRole('button', { name: 'Send' }).isDisabled())
})

inBrowser('an answer that comes while the chat is closed is counted', async t => {
  const answer = Promise.withResolvers<undefined>()
  const { page, field, say } = await openChat(t, async said => {
    await answer.promise
    return echo(said)
  })
  await say('hello')
  await field.press('Escape')
  answer.resolve(undefined)
  await page.getByRole('button', { name: 'Open the chat, 1 unread' }).click()
  await page.getByText('You said hello').waitFor()
  t.is(await page.locator('#chat-badge').isVisible(), false)
})

inBrowser('on a phone the chat waits to be opened, and then has the whole screen', async t => {
  const { page } = await openChat(t, echo, 390)
  t.true(await page.getByRole('dialog').isHidden())
  await page.getByRole('button', { name: 'Open the chat' }).click()
  t.like(await page.getByRole('dialog').boundingBox(), { x: 0, y: 0, width: 390, height: 800 })
  t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
})

inBrowser('two tabs show one conversation', async t => {
  const { page, shop, say } = await openChat(t, echo)
  const other = await page.context().newPage()
  await other.goto(shop.url)
  await say('hello')
  await other.getByRole('log').getByText('You said hello').waitFor()
  t.is(shop.said.length, 1)
})

inBrowser('starting over begins a conversation that the assistant does not know', async t => {
  const { page, shop, log, say } = await openChat(t, echo)
  await say('hello')
  await log.getByText('You said hello').waitFor()
  page.once('dialog', dialog => void dialog.accept())
  await page.getByRole('button', { name: 'Start over' }).click()
  await page.getByText('Hello! Ask about').waitFor()
  t.is(await log.getByRole('listitem').count(), 0)
  await say('again')
  await log.getByText('You said again').waitFor()
  t.not(shop.said[0]?.sender, shop.said[1]?.sender)
})

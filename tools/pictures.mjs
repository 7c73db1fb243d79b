// Takes the pictures of docs/: each screen in three widths and both themes, from a server that is asked a few questions first.
// Run it against a fresh demo: npm start in one terminal, node tools/pictures.mjs [http://localhost:5000] in another.

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findService } from './services.mjs'

const url = process.argv[2] ?? 'http://localhost:5000'
const only = process.argv[3] ?? ''
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'pictures')
const WIDTHS = { phone: [390, 780], tablet: [820, 900], desktop: [1280, 800] }
const TALKS = [
  ['Hello', 'How much is the shipping fee?', 'Thanks a lot'],
  ['Where is my order?', 'TB-10234', 'thank you'],
  ['How do I return something?', 'and when do I get my money back'],
  ['where is my order', 'no idea', 'What does express delivery cost?', 'TB-99999'],
  ['wheer is my parcel gone', 'my parcel is gone', 'where has my parcel gone'],
  ['do you sell gift cards', 'gift cards?'],
  ['I need to talk to a human', 'it is urgent'],
  ['Do you deliver to Norway?', 'And how long does it take?'],
  ['Can I pay by invoice?', 'any discount codes'],
  ['When are you open?'],
  ['I forgot my password', 'create account'],
  ['are you a bot'],
]

const call = async (method, path, body, token) => {
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  }
  const answer = await fetch(`${url}${path}`, { method, headers, body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? null : answer.json()
}

const { token } = await call('POST', '/auth/login', { email: 'admin@test.com', password: '123456' })
const shown = await seed()
const browser = await chromium.launch({
  executablePath: findService('Chromium') ?? '',
  args: ['--no-sandbox'],
})
mkdirSync(folder, { recursive: true })
for (const [width, [w, h]] of Object.entries(WIDTHS)) {
  for (const theme of ['light', 'dark']) await take(width, w, h, theme)
}
await browser.close()

/** Talks to the bot as a dozen visitors; gives the conversation that is shown in detail. */
async function seed() {
  const { conversations } = await call('GET', '/conversations?limit=50', undefined, token)
  if (conversations.length > 8)
    return (conversations.find(each => each.turns === 4) ?? conversations[0]).sender
  const senders = []
  for (const words of TALKS) {
    const visitor = await call('POST', '/visitors')
    senders.push(visitor)
    for (const message of words)
      await call('POST', '/conversations/webhook', { sender: visitor.sender, message })
    const score = senders.length % 3 === 0 ? 2 : senders.length % 2 === 0 ? 5 : null
    if (score !== null) await call('POST', '/visitors/me/rating', { score }, visitor.token)
  }
  await new Promise(resolve => setTimeout(resolve, 3000))
  const [, , , detail, , , human] = senders
  await call('POST', `/conversations/${human.sender}/pause`, {}, token)
  await call(
    'POST',
    `/conversations/${human.sender}/reply`,
    { text: 'Anna here. I look into it at once.' },
    token,
  )
  await call('PUT', `/conversations/${detail.sender}/tags`, { tags: ['delivery'] }, token)
  return detail.sender
}

async function take(width, w, h, colorScheme) {
  const context = await browser.newContext({
    viewport: { width: w, height: h },
    colorScheme,
    reducedMotion: 'reduce',
    isMobile: width === 'phone',
    hasTouch: width === 'phone',
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const shoot = async name => {
    if (only !== '' && !name.startsWith(only)) return
    await page.waitForTimeout(500)
    await page.screenshot({
      path: join(folder, `${name}-${width}-${colorScheme}.jpg`),
      type: 'jpeg',
      quality: 70,
    })
  }
  await page.goto(`${url}/shop`)
  await page.locator('tabula-chat .launcher').waitFor()
  await shoot('shop')
  await page.locator('tabula-chat .launcher').click()
  const field = page.locator('tabula-chat textarea')
  await field.waitFor()
  await shoot('widget-welcome')
  for (const text of ['Hello', 'How long does delivery take?', 'Where is my order?']) {
    await field.fill(text)
    const before = await page.locator('tabula-chat .from-bot').count()
    await page.locator('tabula-chat .send').click()
    await page
      .locator('tabula-chat .from-bot')
      .nth(text === 'Hello' ? before - 1 : before)
      .waitFor()
    await page.waitForTimeout(400)
  }
  await shoot('widget')

  await page.goto(`${url}/admin`)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await shoot('admin-login')
  await page.getByLabel('Email').fill('admin@test.com')
  await page.getByLabel('Password').fill('123456')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.row').first().waitFor()
  await shoot('admin-list')
  await page.goto(`${url}/admin/conversations/${encodeURIComponent(shown)}`)
  await page.locator('.why .bars').waitFor()
  await shoot('admin-conversation')
  await page.goto(`${url}/admin/misunderstood`)
  await page.locator('.group').first().waitFor()
  await shoot('admin-misunderstood')
  await page.goto(`${url}/admin/overview?days=1`)
  await page.locator('.plot').waitFor()
  await shoot('admin-overview')
  await page.goto(`${url}/admin/models`)
  await page.locator('.models').waitFor()
  await shoot('admin-models')
  await page.goto(`${url}/admin/settings`)
  await page.locator('.users').waitFor()
  await shoot('admin-settings')
  await context.close()
}

// Takes the pictures of docs/: each screen in three widths and both themes, from a server that is asked a few questions first.
// Run it against a fresh demo: npm start in one terminal, in another
// node tools/pictures.mjs [http://localhost:5000] [http://localhost:5005] [start of the pictures' names] [folder]

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findService } from './services.mjs'

const url = process.argv[2] ?? 'http://localhost:5000'
const inference = process.argv[3] ?? 'http://localhost:5005'
const only = process.argv[4] ?? ''
const folder = process.argv[5] ?? join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs', 'pictures')
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
/** What came in during the day before: text, intent, confidence, answer. */
const PAST = [
  ['Where is my parcel?', 'order_status', 0.98, 'What is your order number?'],
  ['How long does delivery take?', 'ask_delivery_time', 0.99, 'Two to four working days.'],
  ['shipping to Austria how much', 'ask_shipping_cost', 0.94, 'Standard shipping costs 4.90 €.'],
  ['Can I send back an opened box?', 'ask_return', 0.91, 'Within 30 days, yes.'],
  ['أين طلبي؟', 'nlu_fallback', 0.3, 'I did not understand. Can you say it in other words?'],
  ['any discount for students', 'ask_discount', 0.88, 'Use the code HELLO10 for 10 % off.'],
  ['Do you take PayPal?', 'ask_payment', 0.97, 'Card, PayPal and invoice.'],
  ['ich möchte meine Bestellung ändern', 'nlu_fallback', 0.35, 'I did not understand that.'],
  ['When are you open?', 'ask_opening_hours', 0.99, 'The online shop never closes.'],
]
const PEOPLE = ['anna.berg', 'u_82f1', 'u_77ac', 'joon', 'maria-k', 'visitor-2041', 'lena', 'u_19d0', 'omar']

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
  await seedPast()
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

/** Conversations of the last 24 hours, most of them by day, so that lists and plots show something. */
async function seedPast() {
  const now = Math.floor(Date.now() / 1000)
  for (let hour = 23; hour >= 1; hour -= 1) {
    const many = 1 + Math.round(6 + 6 * Math.cos(((hour - 5) / 12) * Math.PI))
    for (let at = 0; at < many; at += 1) {
      const [text, intent, confidence, answer] = PAST[(hour * 5 + at) % PAST.length]
      const sender = `${PEOPLE[(hour + at) % PEOPLE.length]}-${hour}${at}`
      const start = now - hour * 3600 + at * 250
      const name = intent
      const turn = [
        { event: 'action', name: 'action_session_start', timestamp: start },
        { event: 'session_started', timestamp: start },
        { event: 'action', name: 'action_listen', timestamp: start },
        {
          event: 'user',
          text,
          input_channel: at % 3 === 2 ? 'slack' : 'socketio',
          parse_data: { text, intent: { name, confidence }, entities: [] },
          timestamp: start + 20,
        },
        { event: 'bot', text: answer, timestamp: start + 20.05 },
      ]
      const path = `/conversations/${sender}/tracker/events`
      const headers = { 'content-type': 'application/json' }
      await fetch(`${inference}${path}`, { method: 'POST', headers, body: JSON.stringify(turn) })
    }
  }
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
  // The next picture's list shall not be full of this one's visitor.
  const talker = await page.evaluate(() => {
    const key = Object.keys(globalThis.localStorage).find(each => each.startsWith('tabula-chat'))
    return JSON.parse(globalThis.localStorage.getItem(key)).sender
  })
  await call('DELETE', `/conversations/${talker}`, undefined, token)

  await page.goto(`${url}/admin`)
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await shoot('admin-login')
  await page.getByLabel('Email').fill('admin@test.com')
  await page.getByLabel('Password').fill('123456')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.row').first().waitFor()
  await shoot('admin-list')
  await page.goto(`${url}/admin/conversations/${encodeURIComponent(shown)}`)
  await page.locator('.said').last().waitFor()
  // On a narrow screen the reasons lie over the messages once they are asked for.
  if (width === 'phone') await page.locator('.why-button').last().click()
  if (width !== 'tablet') await page.locator('.why .bars').waitFor()
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

// How smooth the page of one long conversation is: opened, and read back to its beginning, with the longest task of the
// browser's main thread. Beside it, in the same run, a conversation of ten events.

import { chromium } from 'playwright-core'
import { ADMIN, startDemo } from '../packages/web/test/demo.ts'
import { findService } from '../tools/services.mjs'

const EVENTS = 5_000
const TARGET = 200

/** `longest_task_ms` is the longest that the main thread was held, under 200 where it is smooth. */
export async function measure() {
  const demo = await startDemo()
  const browser = await chromium.launch({
    executablePath: findService('Chromium') ?? '',
    args: ['--no-sandbox'],
  })
  try {
    const reference = await readBack(demo, browser, 'small', 10)
    return { target_ms: TARGET, reference, measured: await readBack(demo, browser, 'large', EVENTS) }
  } finally {
    await browser.close()
    await demo.stop()
  }
}

async function readBack(demo, browser, sender, events) {
  for (let from = 0; from < events; from += 500) {
    const part = Array.from({ length: Math.min(500, events - from) }, (_, at) => eventOf(from + at))
    const answer = await fetch(`${demo.inference}/conversations/${sender}/tracker/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(part),
    })
    if (!answer.ok) throw new Error(await answer.text())
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  page.setDefaultTimeout(20_000)
  await page.addInitScript(() => {
    globalThis.longest = 0
    new globalThis.PerformanceObserver(list => {
      for (const entry of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, entry.duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(`${demo.url}/admin/conversations/${sender}`)
  await page.getByLabel('Email').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const started = performance.now()
  await page.locator('.said').first().waitFor()
  const open = performance.now() - started
  let pages = 0
  for (const older = page.locator('.older'); await older.isVisible(); pages += 1) {
    const label = await older.innerText()
    await older.click()
    await page.waitForFunction(text => globalThis.document.querySelector('.older')?.innerText !== text, label)
  }
  await page.mouse.wheel(0, -100_000)
  await page.waitForTimeout(500)
  const longest = await page.evaluate(() => globalThis.longest)
  const bubbles = await page.locator('.said').count()
  await page.close()
  return { events, bubbles, pages, open_ms: Math.round(open), longest_task_ms: Math.round(longest) }
}

function eventOf(at) {
  const timestamp = Date.now() / 1000 - 10_000 + at
  if (at % 5 === 0)
    return {
      event: 'user',
      timestamp,
      text: `question ${at}`,
      parse_data: { intent: { name: 'greet', confidence: 0.9 }, entities: [], text: `question ${at}` },
    }
  if (at % 5 === 1) return { event: 'bot', timestamp, text: `answer ${at}`, data: {} }
  return { event: 'slot', timestamp, name: 'order_number', value: `TB-${at}` }
}

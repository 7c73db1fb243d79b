// The widget in a real browser: what is shown, and for whom. Skipped where there is no Chromium.

import test from 'ava'
import { findBarriers } from './browser.ts'
import { echo, holdFaults, inBrowser, openChat } from './open-chat.ts'

holdFaults(test)

inBrowser(
  'security row 38: no markup of a message runs, only safe addresses are links, and no character is lost',
  async t => {
    const payloads = [
      '<img src=x onerror="document.title=1">',
      '<script>document.title=1</script>',
      '[bad](javascript:document.title=1)',
      '[data](data:text/html,<script>document.title=1</script>)',
      '"><svg onload=document.title=1>',
      '<a href="javascript:alert(1)">x</a>',
      '[x](java\tscript:alert(1))',
      '<iframe srcdoc="<script>alert(1)</script>">',
    ]
    const plain = 'a < b [0] x_y & order_id and user_id * 2 * 3'
    const { page, log, say } = await openChat(t, () => [
      ...payloads.map(text => ({ text })),
      { text: plain },
      { text: 'see https://shop.example/b. or **help@tabula.example**' },
      { image: 'javascript:document.title=1' },
      { attachment: { type: 'video', payload: { title: 'Film', src: 'javascript:document.title=1' } } },
      {
        custom: {
          type: 'carousel',
          elements: [{ title: 'T', image_url: 'javascript:1', link: 'javascript:1' }],
        },
      },
      { text: 'Go', buttons: [{ title: 'Click', type: 'web_url', url: 'javascript:document.title=1' }] },
    ])
    await say('<b>me</b>')
    await log.getByText('Click').waitFor()
    const shown = await log.locator('.from-bot .bubble').allInnerTexts()
    t.deepEqual(
      shown.slice(0, payloads.length + 1).map(text => text.replaceAll(/\s/g, ' ')),
      [...payloads, plain].map(text => text.replaceAll(/\s/g, ' ')),
    )
    t.is(await log.locator('.from-user .bubble').innerText(), '<b>me</b>')
    const links = await log
      .getByRole('link')
      .evaluateAll(found => found.map(link => [link.getAttribute('href'), link.getAttribute('rel')]))
    t.deepEqual(links, [
      ['https://shop.example/b', 'noopener noreferrer'],
      ['mailto:help@tabula.example', 'noopener noreferrer'],
    ])
    t.is(await page.title(), 'Any page')
  },
)

inBrowser(
  'every shape of Rasa is shown, a type that nobody knows is told, and a page may show its own',
  async t => {
    const pixel = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
    const table = { title: 'Side table', subtitle: 'Oak', buttons: [{ title: 'Buy', payload: '/buy' }] }
    const { page, log, say } = await openChat(t, () => [
      { image: pixel },
      { attachment: { type: 'template', payload: { template_type: 'generic', elements: table } } },
      { custom: { type: 'accordion', elements: [{ title: 'Delivery', text: 'Two days' }] } },
      { custom: { type: 'file_download', file_url: '/terms.pdf', file_name: 'Terms.pdf' } },
      { custom: { type: 'video', video_url: 'https://films.example/watch/1', title: 'How to' } },
      { custom: { type: 'hologram', text: 'look', depth: 3 } },
      { custom: { type: 'map', at: [1, 2] } },
      { custom: { type: 'rating', text: 'Good?', options: [{ value: '5', payload: '/rate5' }] } },
    ])
    await page.evaluate(() => {
      window.Tabula?.chat?.renderers.set('map', (data, place) => {
        place.textContent = `A map of ${JSON.stringify(data['at'])}`
        return true
      })
    })
    await say('show me')
    await log.getByRole('img', { name: 'Picture from the assistant' }).waitFor()
    const texts = [
      'Side table',
      'Buy',
      'Delivery',
      'Terms.pdf',
      'look',
      '"depth": 3',
      'A map of [1,2]',
      'Good?',
    ]
    for (const text of texts) t.true(await log.getByText(text).first().isVisible(), text)
    t.is(
      await log.getByRole('link', { name: 'How to' }).getAttribute('href'),
      'https://films.example/watch/1',
    )
    t.deepEqual(await findBarriers(page), [])
  },
)

inBrowser('the whole chat works from the keyboard', async t => {
  const { page, field, launcher, log } = await openChat(
    t,
    ({ message }) => [{ text: `got ${message}`, buttons: [{ title: 'More', payload: '/more' }] }],
    { isClosed: true },
  )
  await page.keyboard.press('Tab')
  t.true(await launcher.evaluate(node => (node.getRootNode() as ShadowRoot).activeElement === node))
  await page.keyboard.press('Enter')
  await field.waitFor()
  await page.keyboard.type('hi')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('there')
  await page.keyboard.press('Enter')
  await log.getByRole('button', { name: 'More' }).waitFor()
  t.is(await field.inputValue(), '')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await log.getByText('got /more').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('tabula-chat .panel').waitFor({ state: 'hidden' })
  t.pass()
})

inBrowser('in Arabic, in the dark, on a phone whose keyboard is up, the field stays in sight', async t => {
  const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }
  const { page, field, say, log } = await openChat(t, echo, {
    html: 'lang="ar" dir="rtl"',
    context: { ...phone, colorScheme: 'dark', reducedMotion: 'reduce' },
  })
  const panel = page.locator('tabula-chat .panel')
  t.like(await panel.boundingBox(), { x: 0, y: 0, width: 360 })
  t.is(await panel.getAttribute('dir'), 'rtl')
  await say('مرحبا')
  await log.getByText('You said مرحبا').waitFor()
  t.deepEqual(await findBarriers(page), [])
  await page.setViewportSize({ width: 360, height: 340 })
  await page.waitForTimeout(100)
  const box = await field.boundingBox()
  t.true((box?.y ?? 999) + (box?.height ?? 0) <= 340)
  t.true(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
})

inBrowser(
  'a file reaches the bot, a rating the history, and starting over begins a conversation unknown to the bot',
  async t => {
    const { page, server, log, say } = await openChat(t, echo, {
      attributes: 'data-upload="true" data-rating="true"',
    })
    const file = page.locator('tabula-chat input[type=file]')
    await say('hello')
    await log.getByText('You said hello').waitFor()
    await file.setInputFiles({
      name: 'a.exe',
      mimeType: 'application/x-msdownload',
      buffer: Buffer.from('x'),
    })
    await page.getByText('Files of this kind are not taken').waitFor()
    await file.setInputFiles({ name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') })
    await say('my bill')
    await log.getByText('You said my bill').waitFor()
    t.deepEqual(server.files, [{ name: 'bill.pdf', bytes: 4 }])
    const { files } = server.said[1]?.metadata as { readonly files: readonly Record<string, unknown>[] }
    t.like(files[0], { name: 'bill.pdf', type: 'application/pdf', size: 4 })
    await page.locator('tabula-chat').getByLabel('4 of 5').check({ force: true })
    t.deepEqual(await findBarriers(page), [])
    await page.getByRole('button', { name: 'Send rating' }).click()
    await page.getByText('Thank you!').waitFor()
    t.deepEqual(server.ratings, [{ score: 4 }])
    await page.getByRole('button', { name: 'Start over' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Start over' }).click()
    await page.getByText('Hello! What can I help you with?').waitFor()
    t.is(await log.locator('.message').count(), 0)
    await say('again')
    await log.getByText('You said again').waitFor()
    t.not(server.said.at(-1)?.sender, server.said[0]?.sender)
  },
)

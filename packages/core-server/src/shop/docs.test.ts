import test from 'ava'
import { chromium } from 'playwright-core'
import { findService } from '../../../../tools/services.mjs'
import { logIn, ADMIN, startShop } from '../../test/shop.ts'

const program = findService('Chromium')
if (program === null && process.env['CI'] === 'true')
  throw new Error('There is no Chromium here, and CI needs it.')
const run = program === null ? test.skip : test

run(
  'the description at the root opens under its strict policy, and a request with a login can be tried',
  async t => {
    const shop = await startShop(t)
    await shop.say('Samuel', 'How much is the shipping fee?')
    const browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
    t.teardown(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    const complaints: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('request', request => {
      if (!request.url().startsWith(shop.url) && !request.url().startsWith('data:'))
        complaints.push(request.url())
    })
    await page.goto(`${shop.url}/`)
    await page.locator('.opblock-tag').first().waitFor()
    await page.getByRole('button', { name: 'Authorize' }).first().click()
    await page
      .locator('input[type="text"], input[type="password"]')
      .first()
      .fill(await logIn(shop.call, ADMIN))
    await page.locator('.auth-btn-wrapper .authorize').first().click()
    await page.locator('.btn-done').first().click()
    const operation = page.locator('#operations-History-get_conversations')
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Try it out' }).click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.locator('.live-responses-table').filter({ hasText: 'Samuel' }).first().waitFor()
    t.regex(await operation.locator('.live-responses-table').innerText(), /200/)
    t.deepEqual(complaints, [])
  },
)

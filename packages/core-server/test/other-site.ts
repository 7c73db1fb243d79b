// For tests: a page of another origin in a real browser, as a customer's site is.

import type { ExecutionContext } from 'ava'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import type { Page } from 'playwright-core'
import { findService } from '../../../tools/services.mjs'

export const browserPath = findService('Chromium')

/** The page of these files, by path; it runs until the test ends. */
export async function openPage(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<Page> {
  const site = createServer((request, response) => {
    const path = request.url ?? '/'
    const text = files[path]
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': path.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    })
    response.end(text)
  })
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] })
  t.teardown(async () => {
    await browser.close()
    site.closeAllConnections()
    site.close()
  })
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
  return page
}

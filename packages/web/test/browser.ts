// For tests: one Chromium for a test file, and what every page is held to: no error, no breach of the policy, no request to
// another host, no dialog, and nothing that axe finds at WCAG 2.2 AA.

import type { ExecutionContext } from 'ava'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { findService } from '../../../tools/services.mjs'

export const program = findService('Chromium')

let browser: Browser | null = null

export async function closeBrowser(): Promise<void> {
  await browser?.close()
}

export async function openContext(
  t: ExecutionContext,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  browser ??= await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] })
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options })
  context.setDefaultTimeout(15_000)
  t.teardown(() => context.close())
  return context
}

/** A page whose faults end up in the list. */
export async function openPage(context: BrowserContext, host: string, faults: string[]): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', error => faults.push(error.message))
  page.on('dialog', dialog => {
    faults.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', message => {
    // Chromium also reports each answer of a failing server; that is what some tests are about.
    if (
      message.type() === 'error' &&
      !/Failed to load|WebSocket connection|ERR_INTERNET/.test(message.text())
    )
      faults.push(message.text())
  })
  page.on('request', request => {
    const url = new URL(request.url())
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(host).host)
      faults.push(`a request to ${url.host}`)
  })
  return page
}

interface AxeFinding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
let axeSource: Promise<string> | null = null

/** What axe finds at AA, in words; the page's policy does not stop it, for it comes in through the debugger. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const source = await axeSource
  const session = await page.context().newCDPSession(page)
  const expression = `${source};axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(TAGS)} } }).then(r => JSON.stringify(r.violations))`
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  const findings = JSON.parse(String(result.value)) as readonly AxeFinding[]
  return findings.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  )
}

// What axe finds at WCAG 2.2 AA on every admin screen: filled, empty, with what opens on it, and with what went wrong on it;
// light and dark, wide and narrow. Skipped where there is no Chromium.

import test from 'ava'
import type { Page } from 'playwright-core'
import { findBarriers } from './browser.ts'
import { until } from './demo.ts'
import { demo, signIn, stopDemo } from './on-demo.ts'
import { holdFaults, inBrowser } from './open-chat.ts'

holdFaults(test)
test.after.always(stopDemo)

/** A screen: its address, what stands on it once it is filled, and what is opened on it first. */
interface Screen {
  readonly path: string
  readonly sign: string
  readonly open?: (page: Page) => Promise<void>
}

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()
const dialog = (page: Page): Promise<void> => page.getByRole('dialog').waitFor()

const SCREENS: Readonly<Record<string, Screen>> = {
  'the list': { path: '/admin/conversations?days=all', sign: '.row .badge' },
  'a search': { path: '/admin/conversations?days=all&q=Norway', sign: '.row mark' },
  'a filter that is named': {
    path: '/admin/conversations?days=all&fallback=1',
    sign: '.row',
    open: page => press(page, 'Save this filter'),
  },
  'a list of nothing': { path: '/admin/conversations?paused=1&csat=1&days=1', sign: '.empty' },
  'a conversation': {
    path: '/admin/conversations/axe-ann',
    sign: '.why .bars',
    open: async page => {
      await page.locator('.events summary').first().click()
      await page.locator('.events li').first().waitFor()
    },
  },
  'a paused conversation': { path: '/admin/conversations/axe-bob', sign: '.badge-warn' },
  'the question before erasing': {
    path: '/admin/conversations/axe-ann',
    sign: '.said',
    open: async page => {
      await press(page, 'Erase…')
      await dialog(page)
    },
  },
  'a conversation that is not there': { path: '/admin/conversations/nobody-at-all', sign: '.problem' },
  'the misunderstood messages': {
    path: '/admin/misunderstood',
    sign: '.group .badge',
    open: async page => {
      const group = page.locator('.group').first()
      await group.getByText('Mark an entity').click()
      await group.getByLabel('Select the words of the entity').selectText()
      await group.getByRole('button', { name: 'Mark the selected words' }).click()
      await group.getByRole('button', { name: /^Unmark/ }).waitFor()
    },
  },
  'what they were said to mean': { path: '/admin/misunderstood?state=done', sign: '.group code' },
  'no ignored message': { path: '/admin/misunderstood?state=ignored&reason=thumbs_down', sign: '.empty' },
  'the overview': {
    path: '/admin/overview?days=1',
    sign: '.bar-list rect',
    open: page => page.getByText('As a table').click(),
  },
  'the models': {
    path: '/admin/models',
    sign: '.models .model-file',
    open: async page => {
      for (const name of ['Intents', 'Entities', 'Actions'])
        await page.locator('summary', { hasText: name }).click()
      await page.getByLabel('Model file').fill('nowhere.tar.gz')
      await press(page, 'Start the trial')
      await page.locator('.problem').waitFor()
    },
  },
  'the settings': {
    path: '/admin/settings',
    sign: '.audit tbody tr',
    open: async page => {
      await page.locator('.new-user [name=email]').fill('admin@test.com')
      await page.locator('.new-user [name=password]').fill('a long password')
      await press(page, 'Add user')
      await page.locator('.problem').waitFor()
    },
  },
  'a new password': {
    path: '/admin/settings',
    sign: '.users tbody tr',
    open: async page => {
      await page.getByRole('button', { name: 'New password' }).first().click()
      await dialog(page)
    },
  },
  'a session that has ended': {
    path: '/admin/overview?days=7',
    sign: '.tile',
    open: async page => {
      await page.route('**/statistics*', route => route.fulfill({ status: 401, body: '{}' }))
      await press(page, '30 days')
      await dialog(page)
    },
  },
  'a server that is away': {
    path: '/admin/misunderstood',
    sign: '.group',
    open: async page => {
      await page.context().setOffline(true)
      await press(page, 'Done')
      await page.locator('.problem').waitFor()
    },
  },
  'an address that is none': { path: '/admin/nowhere', sign: 'h1' },
}

let filling: Promise<void> | null = null

/** Conversations, labels and a pause, so that no screen is looked at empty by mistake. */
async function fill(): Promise<void> {
  const { say, admin } = await demo()
  for (const text of ['Hello', 'Do you deliver to Norway?', 'zorblax fnurg']) await say('axe-ann', text)
  for (const text of ['quuxly wibble', 'Where is my order?', 'TB-10234']) await say('axe-bob', text)
  await admin('POST', '/conversations/axe-bob/pause', {})
  await admin('PUT', '/conversations/axe-ann/tags', { tags: ['delivery'] })
}

for (const [theme, width] of [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const) {
  inBrowser(
    `axe finds nothing on any admin screen, filled, empty or failing (${theme}, ${width} wide)`,
    async t => {
      const { url, admin } = await demo()
      await (filling ??= fill())
      const queue = async (state: string): Promise<readonly { readonly id: number }[]> =>
        ((await admin('GET', `/misunderstood?state=${state}`)) as { messages: readonly { id: number }[] })
          .messages
      await until(
        t,
        async () => [...(await queue('new')), ...(await queue('done'))].length >= 2,
        'the messages',
      )
      const [first] = await queue('new')
      if ((await queue('done')).length === 0)
        await admin('PUT', `/misunderstood/${first?.id ?? 0}`, {
          state: 'done',
          label: { intent: 'ask_refund', entities: [] },
        })
      const page = await signIn(t, '/admin', { colorScheme: theme, viewport: { width, height: 800 } })
      for (const [name, { path, sign, open }] of Object.entries(SCREENS)) {
        await page.goto(`${url}${path}`)
        await page
          .locator(sign)
          .first()
          .waitFor({ state: width < 1000 ? 'attached' : 'visible' })
        await open?.(page)
        t.deepEqual(await findBarriers(page), [], name)
        await page.context().setOffline(false)
        await page.unroute('**/statistics*')
      }
    },
  )
}

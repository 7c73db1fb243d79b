// The admin pages by keyboard alone, in a real browser: every stop is seen, nothing traps, the focus is never lost. Skipped
// where there is no Chromium.

import test from 'ava'
import type { ExecutionContext } from 'ava'
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { openContext, openPage } from './browser.ts'
import { ADMIN, until } from './demo.ts'
import { enter, look, tabTo, walk } from './focus.ts'
import { demo, signIn, stopDemo } from './on-demo.ts'
import { faults, holdFaults, inBrowser } from './open-chat.ts'

holdFaults(test)
test.after.always(stopDemo)

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })

/** Presses Enter and waits for the question that it opens. */
async function ask(page: Page): Promise<Locator> {
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

/** The focus is there; where it is lost, Tab begins at the top again. */
async function holdsFocus(t: ExecutionContext, on: Locator): Promise<void> {
  await until(t, () => on.evaluate(node => node === document.activeElement), 'the focus')
}

async function hasSaid(sender: string, ...texts: readonly string[]): Promise<void> {
  const { say } = await demo()
  for (const text of texts) await say(sender, text)
}

inBrowser('by keyboard: log in, filter the list, go down it and open a conversation', async t => {
  const { url } = await demo()
  await hasSaid('key-ann', 'How much is the shipping fee?')
  await hasSaid('key-bob', 'Hello')
  const page = await openPage(await openContext(t, { reducedMotion: 'reduce' }), url, faults)
  await page.goto(`${url}/admin`)
  await holdsFocus(t, page.getByLabel('Email'))
  await page.keyboard.type(ADMIN.email)
  await tabTo(page, page.getByLabel('Password'))
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.getByText('Wrong email or password.').waitFor()
  await holdsFocus(t, page.getByLabel('Password'))
  await page.keyboard.press('Control+A')
  await page.keyboard.type(ADMIN.password)
  await enter(page, button(page, 'Sign in'))
  await page.locator('.row').nth(1).waitFor()
  await holdsFocus(t, page.locator('#content'))
  await tabTo(page, page.getByLabel('Fallback'))
  await page.keyboard.press('Space')
  await page.waitForURL(/fallback=1/)
  await enter(page, button(page, 'Save this filter'))
  await holdsFocus(t, page.getByLabel('Name of the filter'))
  await page.keyboard.press('Escape')
  await holdsFocus(t, button(page, 'Save this filter'))
  await tabTo(page, button(page, 'Clear filters'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(address => !address.search.includes('fallback'))
  await until(t, async () => (await look(page)).name !== null, 'the focus after its button had gone')
  await tabTo(page, page.getByRole('searchbox'), 'Shift+Tab')
  await page.keyboard.type('key-')
  await page.waitForURL(/q=key-/)
  await tabTo(page, page.locator('.row a').first())
  await page.keyboard.press('j')
  await holdsFocus(t, page.locator('.row a').nth(1))
  await page.keyboard.press('k')
  await holdsFocus(t, page.locator('.row a').first())
  await page.keyboard.press('Enter')
  await page.getByRole('complementary', { name: 'Why' }).waitFor()
  await holdsFocus(t, page.locator('#content'))
  await enter(page, page.getByRole('link', { name: '← Conversations' }))
  await page.locator('.row').first().waitFor()
  t.is(await page.getByRole('searchbox').inputValue(), 'key-', 'the search is still there')
})

inBrowser('by keyboard: pause, reply, resume, tag, export, and erase after Escape had said no', async t => {
  await hasSaid('key-cleo', 'Hello', 'When are you open?')
  const page = await signIn(t, '/admin/conversations/key-cleo')
  await enter(page, button(page, 'Pause 4 h'))
  await page.getByText('Bot paused until').waitFor()
  await holdsFocus(t, button(page, 'Resume bot'))
  await tabTo(page, page.getByLabel('Reply as a person'))
  await page.keyboard.type('Until six.')
  await enter(page, button(page, 'Send'))
  await page.getByRole('region', { name: 'Messages' }).getByText('Until six.', { exact: true }).waitFor()
  await holdsFocus(t, page.getByLabel('Reply as a person'))
  await tabTo(page, page.locator('.why-button').last(), 'Shift+Tab')
  await tabTo(page, page.getByLabel('Add a tag'), 'Shift+Tab')
  await page.keyboard.type('hours')
  await page.keyboard.press('Enter')
  await tabTo(page, button(page, 'Remove the tag hours'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await holdsFocus(t, page.getByLabel('Add a tag'))
  await tabTo(page, button(page, 'Resume bot'), 'Shift+Tab')
  await page.keyboard.press('Enter')
  await holdsFocus(t, button(page, 'Pause bot'))
  const downloading = page.waitForEvent('download')
  await enter(page, button(page, 'Export JSON'))
  t.is((await downloading).suggestedFilename(), 'key-cleo.json')
  await tabTo(page, button(page, 'Erase…'))
  await ask(page)
  await holdsFocus(t, page.getByLabel('to confirm'))
  t.deepEqual(await walkDialog(page), [])
  await page.keyboard.press('Escape')
  await holdsFocus(t, button(page, 'Erase…'))
  await ask(page)
  await enter(page, button(page, 'Cancel'))
  await holdsFocus(t, button(page, 'Erase…'))
  await ask(page)
  await page.keyboard.type('key-cleo')
  await enter(page, button(page, 'Erase for good'))
  await page.getByRole('heading', { name: 'Conversations' }).waitFor()
  await holdsFocus(t, page.locator('#content'))
})

/** An open dialog keeps the keyboard: Tab stays within it or leaves to the browser. */
async function walkDialog(page: Page): Promise<readonly string[]> {
  const wrong: string[] = []
  const { places: stops } = await look(page)
  for (let times = 0; times < stops * 3; times += 1) {
    await page.keyboard.press('Tab')
    const { name, unseen, place } = await look(page)
    if (name !== null && place === -1) wrong.push(`${name} is behind the dialog`)
    if (unseen !== null) wrong.push(`${name ?? ''}: ${unseen}`)
  }
  return wrong
}

inBrowser(
  'by keyboard: a misunderstood message gets an intent and an entity, and its file comes',
  async t => {
    await hasSaid('key-dan', 'zorblax fnurg', 'quuxly wibble')
    const { admin } = await demo()
    const isQueued = async (): Promise<boolean> => {
      const { messages } = (await admin('GET', '/misunderstood?state=new')) as {
        messages: readonly unknown[]
      }
      return messages.length >= 2
    }
    await until(t, isQueued, 'the misunderstood messages')
    const page = await signIn(t, '/admin/misunderstood')
    const group = page.locator('.group').filter({ hasText: 'zorblax' })
    await tabTo(page, group.getByRole('combobox').first())
    await page.keyboard.type('order_st')
    t.is(await group.getByRole('combobox').first().inputValue(), 'order_status')
    await enter(page, group.getByText('Mark an entity'))
    await tabTo(page, group.getByLabel('Select the words of the entity'))
    await page.keyboard.press('End')
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await enter(page, button(page, 'Mark the selected words'))
    await group.getByText('fnurg = order_number').waitFor()
    await tabTo(page, group.getByRole('button', { name: 'Save' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await group.waitFor({ state: 'detached' })
    t.not((await look(page)).name, null, 'the focus goes on from where the message was')
    await tabTo(page, button(page, 'Undo'), 'Shift+Tab')
    await tabTo(page, button(page, 'Download training data'), 'Shift+Tab')
    const downloading = page.waitForEvent('download')
    await page.keyboard.press('Enter')
    const patch = await readFile(await (await downloading).path(), 'utf8')
    t.regex(patch, /zorblax \[fnurg\]\(order_number\)/)
  },
)

inBrowser('by keyboard: a model is tried out, made live and rolled back', async t => {
  const { run } = await demo()
  await run('train', '--fixed-model-name', 'second', '--force')
  const page = await signIn(t, '/admin/models')
  await tabTo(page, page.getByLabel('Model file'))
  await page.keyboard.type('second.tar.gz')
  await tabTo(page, page.getByRole('slider'))
  await page.keyboard.press('End')
  await enter(page, button(page, 'Start the trial'))
  await page.getByText('answers 100% of the people').waitFor()
  await tabTo(page, button(page, 'Make it live'), 'Shift+Tab')
  await ask(page)
  t.deepEqual(await walkDialog(page), [])
  await page.keyboard.press('Escape')
  await holdsFocus(t, button(page, 'Make it live'))
  await enter(page, (await ask(page)).getByRole('button', { name: 'Make it live' }))
  await page.locator('.models .card').first().getByText('second.tar.gz').waitFor()
  await until(t, async () => (await look(page)).name !== null, 'the focus after its card had gone')
  await tabTo(page, button(page, 'Roll back'))
  await enter(page, (await ask(page)).getByRole('button', { name: 'Roll back' }))
  await page.locator('.models .card').last().getByText('second.tar.gz').waitFor()
})

inBrowser('by keyboard: a user is added, gets a role and a password, and is disabled', async t => {
  const page = await signIn(t, '/admin/settings')
  await tabTo(page, page.locator('.new-user [name=email]'))
  await page.keyboard.type('keys@test.com')
  await page.keyboard.press('Tab')
  await page.keyboard.type('a long password')
  await tabTo(page, page.getByLabel('Role of the new user'))
  await page.keyboard.type('rev')
  await enter(page, button(page, 'Add user'))
  const row = page.locator('.users tr').filter({ hasText: 'keys@test.com' })
  await row.waitFor()
  t.is(await row.getByRole('combobox').inputValue(), 'reviewer')
  await tabTo(page, row.getByRole('button', { name: 'New password' }), 'Shift+Tab')
  await ask(page)
  await page.keyboard.press('Escape')
  await holdsFocus(t, row.getByRole('button', { name: 'New password' }))
  await ask(page)
  await page.keyboard.type('another password')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await holdsFocus(t, row.getByRole('button', { name: 'New password' }))
  await enter(page, row.getByRole('button', { name: 'Disable' }))
  await row.getByText('Disabled').waitFor()
  await holdsFocus(t, row.getByRole('button', { name: 'Enable' }))
})

for (const [screen, viewport] of [
  ['desktop', { width: 1280, height: 800 }],
  ['phone', { width: 390, height: 780 }],
] as const) {
  inBrowser(
    `Tab goes through every admin screen in the order of reading, and each stop is seen (${screen})`,
    async t => {
      const { url } = await demo()
      await hasSaid('key-eve', 'Hello', 'When are you open?', 'zorblax?', 'Do you deliver to Norway?')
      const page = await signIn(t, '/admin', { viewport })
      const screens: readonly (readonly [string, string])[] = [
        ['/admin/conversations', '.row'],
        ['/admin/conversations/key-eve', '.why-button'],
        ['/admin/misunderstood', '.group'],
        ['/admin/overview?days=1', '.plot'],
        ['/admin/models', '.models'],
        ['/admin/settings', '.audit tbody tr'],
      ]
      for (const [path, sign] of screens) {
        await page.goto(`${url}${path}`)
        await page.locator(sign).first().waitFor()
        await page.waitForTimeout(300)
        t.deepEqual(await walk(page), [], path)
      }
    },
  )
}

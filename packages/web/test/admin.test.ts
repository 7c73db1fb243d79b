// The admin pages and the shop's page in a real browser, on the whole demo. Skipped where there is no Chromium.

import test from 'ava'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { findBarriers, openContext, openPage } from './browser.ts'
import { ADMIN, until } from './demo.ts'
import type { Demo } from './demo.ts'
import { demo, signIn, stopDemo } from './on-demo.ts'
import { faults, holdFaults, inBrowser } from './open-chat.ts'

holdFaults(test)

test.after.always(stopDemo)

const MANY = 1_000

/** Whom the widget of this page talks as. */
async function senderOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find(name => name.startsWith('tabula-chat')) ?? ''
    return (JSON.parse(localStorage.getItem(key) ?? '{}') as { readonly sender: string }).sender
  })
}

inBrowser('a wrong password is told without saying which part was wrong', async t => {
  const { url } = await demo()
  const page = await openPage(await openContext(t), url, faults)
  await page.goto(`${url}/admin`)
  await page.getByLabel('Email').fill('nobody@test.com')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Wrong email or password.').waitFor()
  t.deepEqual(await findBarriers(page), [])
})

inBrowser('a visitor of the shop is answered, and the page keeps to its policy', async t => {
  const { url } = await demo()
  const page = await openPage(await openContext(t), url, faults)
  await page.goto(`${url}/shop`)
  await page.getByRole('button', { name: 'Where is my order?' }).click()
  const log = page.getByRole('log')
  await log.getByText('What is your order number?').waitFor()
  await page.reload()
  await page.locator('tabula-chat .launcher').click()
  await log.getByText('What is your order number?').waitFor()
  await page.locator('tabula-chat textarea').fill('TB-10234')
  await page.locator('tabula-chat textarea').press('Enter')
  // The form that was half filled before the reload goes on.
  await log.getByText('TB-10234').nth(1).waitFor()
  await log.locator('.from-bot').nth(1).waitFor()
  // The live stream tells everything once more, about a second later.
  await page.waitForTimeout(1_500)
  t.deepEqual(await log.locator('.from-user .bubble').allInnerTexts(), ['Where is my order?', 'TB-10234'])
  t.deepEqual(await findBarriers(page), [])
})

inBrowser('a file of a visitor reaches the tracker, and goes when the visitor is erased', async t => {
  const { url, inference, admin } = await demo()
  const page = await openPage(await openContext(t), url, faults)
  await page.goto(`${url}/shop`)
  await page.locator('tabula-chat .launcher').click()
  const field = page.locator('tabula-chat textarea')
  const log = page.getByRole('log')
  await field.fill('Hello')
  await field.press('Enter')
  await log.getByText('I am the assistant').waitFor()
  const file = { name: 'bill.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') }
  await page.locator('tabula-chat input[type=file]').setInputFiles(file)
  await page.locator('tabula-chat .pending progress').waitFor({ state: 'detached' })
  await field.fill('my bill')
  await field.press('Enter')
  await log.locator('.from-user.sent').getByText('my bill').waitFor()
  const sender = await senderOf(page)
  const tracker = await fetch(`${inference}/conversations/${sender}/tracker`)
  const { latest_message } = (await tracker.json()) as {
    readonly latest_message: { readonly metadata: { readonly files: readonly { readonly url: string }[] } }
  }
  const address = latest_message.metadata.files[0]?.url ?? ''
  t.is(await (await fetch(address)).text(), '%PDF-1.4')
  await admin('DELETE', `/conversations/${sender}`)
  t.is((await fetch(address)).status, 404)
})

inBrowser('why the bot said something names the rule and its line in the project', async t => {
  const { say, project }: Demo = await demo()
  await say('why-ann', 'How much is the shipping fee?')
  const page = await signIn(t, '/admin/conversations/why-ann')
  const why = page.getByRole('complementary', { name: 'Why' })
  await why.getByText('ask_shipping_cost').first().waitFor()
  const source = await why.locator('.source code').first().innerText()
  const [, file = '', line = '0'] = /^(.+):(\d+)$/.exec(source) ?? []
  const lines = (await readFile(join(project, file), 'utf8')).split('\n')
  t.regex(lines[Number(line) - 1] ?? '', /utter_shipping_cost/, source)
})

inBrowser(
  'a person takes over: the bot is silent, the reply reaches the widget, and the bot comes back',
  async t => {
    const { url } = await demo()
    const visitor = await openPage(await openContext(t), url, faults)
    await visitor.goto(`${url}/shop`)
    await visitor.locator('tabula-chat .launcher').click()
    const field = visitor.locator('tabula-chat textarea')
    const log = visitor.getByRole('log')
    const ask = async (text: string): Promise<void> => {
      await field.fill(text)
      await field.press('Enter')
      await log.locator('.from-user.sent').getByText(text).waitFor()
    }
    await ask('Hello')
    await log.getByText('I am the assistant').waitFor()
    const sender = await senderOf(visitor)
    const admin = await signIn(t, `/admin/conversations/${sender}`)
    await admin.getByRole('button', { name: 'Pause bot' }).click()
    await admin.getByText('Bot paused').waitFor()
    const answers = await log.locator('.from-bot').count()
    await ask('When are you open?')
    await admin.getByRole('region', { name: 'Messages' }).getByText('When are you open?').first().waitFor()
    await admin.getByLabel('Reply as a person').fill('Anna here: until 18 o’clock.')
    await admin.getByRole('button', { name: 'Send' }).click()
    await log.getByText('Anna here: until 18 o’clock.').waitFor()
    t.is(await log.locator('.from-bot').count(), answers + 1, 'only the person answered')
    await admin.getByRole('button', { name: 'Resume bot' }).click()
    await admin.getByRole('button', { name: 'Pause bot' }).waitFor()
    await ask('Do you deliver to Norway?')
    await log.getByText('Switzerland, Norway').waitFor()
    t.pass()
  },
)

inBrowser(
  'five misunderstood messages are labelled, and after a training with their file they are understood',
  async t => {
    const { say, inference, project, run, admin } = await demo()
    const words = ['wonga overdue', 'spondulicks overdue', 'readies pending', 'quid please', 'dosh please']
    for (const [at, text] of words.entries()) await say(`odd-${at}`, text)
    interface Message {
      readonly text: string
    }
    const queued = async (): Promise<readonly string[]> => {
      const { messages } = (await admin('GET', '/misunderstood?state=new&limit=200')) as {
        readonly messages: readonly Message[]
      }
      return messages.map(({ text }) => text).filter(text => words.includes(text))
    }
    await until(t, async () => (await queued()).length === words.length, 'the misunderstood messages')
    const page = await signIn(t, '/admin/misunderstood')
    for (const text of await queued()) {
      const group = page.locator('.group').filter({ hasText: text })
      await group.getByRole('combobox').first().selectOption('ask_refund')
      await group.getByRole('button', { name: 'Save' }).click()
      await group.waitFor({ state: 'detached' })
    }
    t.deepEqual(await findBarriers(page), [])
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download training data' }).click()
    const file = join(project, 'nlu.yml')
    await (await downloading).saveAs(file)
    const patch = await readFile(file, 'utf8')
    t.regex(patch, /intent: ask_refund/)
    const examples = words.filter(text => patch.includes(`- ${text}`))
    t.true(examples.length > 0)
    await run('data', 'add', file)
    await run('data', 'validate')
    await run('train', '--fixed-model-name', 'taught')
    const loaded = await fetch(`${inference}/model`, {
      method: 'PUT',
      body: JSON.stringify({ model_file: join(project, 'models', 'taught.tar.gz') }),
    })
    t.is(loaded.status, 204)
    for (const text of words) {
      const answer = await fetch(`${inference}/model/parse`, {
        method: 'POST',
        body: JSON.stringify({ text }),
      })
      const { intent } = (await answer.json()) as { readonly intent: { readonly name: string } }
      t.is(intent.name, 'ask_refund', text)
    }
  },
)

inBrowser(
  'erasing one person needs their name typed, leaves nothing of them in any file, and is written down',
  async t => {
    const { say, project, admin } = await demo()
    const secret = 'xylophone-kingfisher-77'
    await say('erase-me', `my code is ${secret}`)
    const page = await signIn(t, '/admin/conversations/erase-me')
    await page.getByText(secret).first().waitFor()
    await page.getByRole('button', { name: 'Erase…' }).click()
    t.true(await page.getByRole('button', { name: 'Erase for good' }).isDisabled())
    t.deepEqual(await findBarriers(page), [])
    await page.getByLabel('to confirm').fill('erase-me')
    await page.getByRole('button', { name: 'Erase for good' }).click()
    await page.getByRole('heading', { name: 'Conversations' }).waitFor()
    const { conversations } = (await admin('GET', `/conversations?q=${secret}`)) as {
      readonly conversations: readonly unknown[]
    }
    t.is(conversations.length, 0)
    const { entries } = (await admin('GET', '/audit?action=conversation.erase')) as {
      readonly entries: readonly { readonly email: string }[]
    }
    t.is(entries[0]?.email, ADMIN.email)
    const holding: string[] = []
    for (const entry of await readdir(project, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      if ((await readFile(path)).includes(secret)) holding.push(path)
    }
    t.deepEqual(holding, [])
  },
)

inBrowser(
  'among a thousand conversations one is found by its words, filters stay in the address, and news do not make the list jump',
  async t => {
    const { say } = await demo()
    const senders = Array.from({ length: MANY }, (_, at) => `crowd-${at}`)
    const talk = async (): Promise<void> => {
      for (let sender = senders.pop(); sender !== undefined; sender = senders.pop())
        await say(sender, sender === 'crowd-500' ? 'Do you deliver <b>pianos</b> to Norway?' : 'Hello')
    }
    await Promise.all(Array.from({ length: 16 }, talk))
    const page = await signIn(t)
    await page.getByRole('searchbox').fill('pianos')
    await page.locator('.row').filter({ hasText: '<b>pianos</b>' }).waitFor()
    await page.waitForURL(/q=pianos/)
    t.is(await page.locator('.row').count(), 1)
    t.is(await page.locator('mark').first().innerText(), 'pianos')
    await page.getByRole('searchbox').fill('')
    await page.waitForURL(url => !url.search.includes('q='))
    await page.locator('.row').nth(40).waitFor()
    const first = await page.locator('.row').first().innerText()
    await say('late-comer', 'Hello')
    await page.getByRole('button', { name: /^\d+ new$/ }).waitFor()
    t.is(await page.locator('.row').first().innerText(), first)
    await page.getByRole('button', { name: /^\d+ new$/ }).click()
    await page.locator('.row').first().filter({ hasText: 'late-comer' }).waitFor()
    await page.getByRole('button', { name: 'Older' }).click()
    await page.waitForURL(/cursor=/)
    await page.locator('.row').nth(40).waitFor()
    await page.goBack()
    await page.locator('.row').first().filter({ hasText: 'late-comer' }).waitFor()
    await page.getByLabel('Fallback').check()
    await page.waitForURL(/fallback=1/)
    await page.reload()
    t.true(await page.getByLabel('Fallback').isChecked())
  },
)

inBrowser(
  'a server that is away is told in words, and what was asked for comes by itself when it is back',
  async t => {
    const { say } = await demo()
    await say('away-ann', 'Hello')
    const page = await signIn(t, '/admin/conversations?days=all')
    await page.locator('.row').first().waitFor()
    await page.context().setOffline(true)
    await page.getByLabel('Fallback').check()
    await page.getByRole('alert').getByText('The server cannot be reached just now.').waitFor()
    await page.getByLabel('Fallback').uncheck()
    await page.context().setOffline(false)
    await page.getByRole('alert').getByText('cannot be reached').waitFor({ state: 'detached' })
    await page.locator('.row').filter({ hasText: 'away-ann' }).first().waitFor()
    faults.length = 0
    t.pass()
  },
)

inBrowser('a filter is kept under a name, comes back with a click, and is dropped again', async t => {
  const page = await signIn(t, '/admin/conversations?days=all')
  await page.getByLabel('Fallback').check()
  await page.waitForURL(/fallback=1/)
  await page.getByRole('button', { name: 'Save this filter' }).click()
  await page.getByLabel('Name of the filter').fill('What went wrong')
  await page.getByLabel('Name of the filter').press('Enter')
  const saved = page.getByRole('link', { name: 'What went wrong' })
  t.is(await saved.getAttribute('aria-current'), 'true')
  t.deepEqual(await findBarriers(page), [])
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.waitForURL(url => !url.search.includes('fallback'))
  await page.reload()
  await saved.click()
  await page.waitForURL(/fallback=1/)
  t.true(await page.getByLabel('Fallback').isChecked())
  await page.getByRole('button', { name: 'Remove the filter What went wrong' }).click()
  t.is(await saved.count(), 0)
})

inBrowser(
  'a thumb stands beside the answer that it is about, and how long each step took beside its reasons',
  async t => {
    const { url, say } = await demo()
    const visitor = (await (await fetch(`${url}/visitors`, { method: 'POST' })).json()) as {
      readonly sender: string
      readonly token: string
    }
    for (const text of ['Hello', 'How much is the shipping fee?']) await say(visitor.sender, text)
    const voted = await fetch(`${url}/visitors/me/rating`, {
      method: 'POST',
      headers: { authorization: `Bearer ${visitor.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ vote: 'down' }),
    })
    t.is(voted.status, 204)
    const page = await signIn(t, `/admin/conversations/${visitor.sender}`)
    const answers = page.locator('.said-bot')
    await answers.last().getByText('Disliked').waitFor()
    t.is(await answers.getByText('Disliked').count(), 1)
    const why = page.getByRole('complementary', { name: 'Why' })
    for (const step of ['understood the words', 'decided']) await why.getByText(step).waitFor()
    t.regex(await why.locator('.times').innerText(), /\d ms/)
  },
)

inBrowser(
  'security row 38: what visitors write is text on every admin screen, whatever it would be elsewhere',
  async t => {
    const { url, say, admin, inference } = await demo()
    const payloads = [
      '<img src=x onerror="document.title=1">',
      '<script>document.title=1</script>',
      '"><svg onload=document.title=1>',
      '[x](javascript:document.title=1)',
      '{{constructor.constructor("document.title=1")()}}',
    ]
    const sender = '<img src=x onerror=document.title=2>'
    for (const text of payloads) await say(sender, text)
    const event = {
      event: 'bot',
      text: payloads[0],
      data: {
        image: 'javascript:document.title=1',
        buttons: [{ title: payloads[1], payload: payloads[2] }],
        custom: { html: payloads[0] },
      },
    }
    const path = `/conversations/${encodeURIComponent(sender)}`
    await fetch(`${inference}${path}/tracker/events`, { method: 'POST', body: JSON.stringify(event) })
    await admin('PUT', `${path}/tags`, { tags: ['<b>tag'] })
    await admin('PUT', `${path}/review`, { note: '<script>document.title=3</script>' })
    const page = await signIn(t, `/admin${path}`)
    const talk = page.getByRole('region', { name: 'Messages' })
    for (const text of payloads) await talk.getByText(text, { exact: true }).first().waitFor()
    await page.goto(`${url}/admin/conversations?days=all&q=${encodeURIComponent('onerror')}`)
    await page.locator('.row').first().getByText('onerror').first().waitFor()
    await page.goto(`${url}/admin/misunderstood`)
    await page.locator('h1').waitFor()
    await page.goto(`${url}/admin/settings`)
    await page.locator('.users').waitFor()
    t.is(await page.title(), 'Settings – Tabula admin')
  },
)

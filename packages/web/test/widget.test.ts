// The widget in a real browser: what is sent, kept and heard. Skipped where there is no Chromium.

import test from 'ava'
import type { Page } from 'playwright-core'
import { findBarriers, openPage } from './browser.ts'
import { chatOf, echo, faults, holdFaults, inBrowser, openChat } from './open-chat.ts'

holdFaults(test)

/** The page again, in a browser that has lost what it kept. */
async function comeBackForgotten(page: Page): Promise<void> {
  await page.evaluate(() => {
    localStorage.clear()
  })
  await page.reload()
}

inBrowser('one script tag on a blank page: a click, a question, an answer', async t => {
  const { page, server, log, say, launcher } = await openChat(t, echo)
  const box = await launcher.boundingBox()
  t.true((box?.x ?? 0) > 1100 && (box?.y ?? 0) > 700, 'the launcher is at the bottom right')
  await say('How much is the shipping fee?')
  await log.getByText('You said How much is the shipping fee?').waitFor()
  t.is(server.said.length, 1)
  const opacities = await page
    .locator('tabula-chat .bubble')
    .evaluateAll(bubbles => bubbles.map(bubble => getComputedStyle(bubble).opacity))
  t.deepEqual(opacities, ['1', '1'], 'what is said can be seen')
  t.deepEqual(await findBarriers(page), [])
})

for (const kind of ['rasa', 'socket'] as const) {
  const over = kind === 'rasa' ? 'REST and socket' : 'its socket alone'
  inBrowser(`an untouched Rasa answers, and knows the visitor after a reload (${over})`, async t => {
    const { log, say, server, page } = await openChat(
      t,
      ({ message }) =>
        message === 'hi'
          ? [{ text: 'Hello', buttons: [{ title: 'Order', payload: '/order' }] }]
          : [{ text: `got ${message}` }],
      { kind },
    )
    await say('hi')
    await log.getByRole('button', { name: 'Order' }).click()
    await log.getByText('got /order').waitFor()
    t.is(await page.locator('.typing').count(), 0)
    await page.reload()
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.getByText('got /order').waitFor()
    await again.say('still me')
    await again.log.getByText('got still me').waitFor()
    t.is(new Set(server.said.map(said => said.sender)).size, 1)
  })
}

inBrowser(
  'the conversation is there after a reload, on another page and in a second tab, each message once',
  async t => {
    const { page, server, say, log } = await openChat(t, echo)
    await say('one')
    await log.getByText('You said one').waitFor()
    await page.reload()
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.getByText('You said one').waitFor()
    const tab = await openPage(page.context(), server.url, faults)
    await tab.goto(`${server.url}/page?other`)
    const other = chatOf(tab, server)
    await other.launcher.click()
    await other.say('two')
    await other.log.getByText('You said two').waitFor()
    await again.log.getByText('You said two').waitFor()
    // The live stream tells the same messages again: they must not be doubled.
    await page.waitForTimeout(300)
    const expected = ['one', 'You said one', 'two', 'You said two']
    t.deepEqual(await again.bubbles(), expected)
    t.deepEqual(await other.bubbles(), expected)
    t.is(server.said.length, 2)
    t.is(new Set(server.said.map(said => said.sender)).size, 1)
  },
)

inBrowser(
  'a conversation that this browser has lost comes back from the server, for a user that the page knows',
  async t => {
    const known = { attributes: 'data-user-id="v-7" data-token="t7"' }
    const { page, server, say, log } = await openChat(t, echo, known)
    await say('one')
    await log.getByText('You said one').waitFor()
    await comeBackForgotten(page)
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.getByText('You said one').waitFor()
    t.deepEqual(await again.bubbles(), ['one', 'You said one'])
    t.is(await page.locator('.badge').isVisible(), false)
  },
)

inBrowser(
  'a user whom the page’s server vouches for has their conversation, and another hash gets none',
  async t => {
    const known = { attributes: `data-user-id="v-7" data-user-hash="${'a'.repeat(64)}"` }
    const { page, server, say, log } = await openChat(t, echo, known)
    await say('one')
    await log.getByText('You said one').waitFor()
    await comeBackForgotten(page)
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.getByText('You said one').waitFor()
    server.attributes = `data-user-id="v-7" data-user-hash="${'b'.repeat(64)}"`
    await comeBackForgotten(page)
    await page.evaluate(() => {
      window.Tabula?.chat?.on('error', detail => {
        document.title = JSON.stringify(detail)
      })
    })
    await again.launcher.click()
    await page.waitForFunction(() => document.title.includes('token'))
    await again.say('two')
    await again.log.getByText('You said two').waitFor()
    t.deepEqual(await again.bubbles(), ['two', 'You said two'])
    t.not(server.said.at(-1)?.sender, 'v-7')
  },
)

inBrowser(
  'three messages written offline arrive once each and in order, also when the page is loaded anew',
  async t => {
    const { page, server, say, log } = await openChat(t, echo)
    await say('zero')
    await log.getByText('You said zero').waitFor()
    await page.context().setOffline(true)
    for (const text of ['one', 'two', 'three']) await say(text)
    await page.getByText('You are offline. 3 waiting to be sent').waitFor()
    t.is(server.said.length, 1)
    await page.context().setOffline(false)
    await page.reload()
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.getByText('You said three').waitFor()
    t.deepEqual(
      server.said.map(said => said.message),
      ['zero', 'one', 'two', 'three'],
    )
    const shown = await again.bubbles()
    t.is(shown.length, 8)
    for (const text of ['zero', 'one', 'two', 'three']) {
      t.is(shown.filter(each => each === text).length, 1)
      t.is(shown.filter(each => each === `You said ${text}`).length, 1)
    }
  },
)

inBrowser('a message whose answer is lost on the way is sent again and handled once', async t => {
  const { page, server, log, say } = await openChat(t, echo)
  let losses = 0
  await page.route('**/conversations/webhook', async route => {
    if (losses > 0) {
      await route.continue()
      return
    }
    losses += 1
    await route.fetch()
    await route.abort('connectionreset')
  })
  await say('hello')
  await log.getByText('You said hello').waitFor()
  await log.locator('.from-user.sent').waitFor()
  t.is(losses, 1)
  t.is(server.said.length, 1)
  t.is(await log.locator('.bubble').count(), 2)
})

inBrowser('a message that fails says so, is kept, and goes out once more when that is asked for', async t => {
  const { page, server, log, say } = await openChat(t, () => 500)
  await say('Is anybody there?')
  await log.getByText('could not take this message').waitFor()
  await page.reload()
  const again = chatOf(page, server)
  await again.launcher.click()
  server.answer = echo
  await again.log.getByRole('button', { name: 'Try again' }).evaluate((button: HTMLElement) => {
    button.click()
    button.click()
  })
  await again.log.getByText('You said Is anybody there?').waitFor()
  t.is(await again.log.locator('.from-user').count(), 1)
  t.is(server.said.length, 2)
})

inBrowser('a chat whose files cannot be loaded says so at its button, and opens when they can', async t => {
  const { page, launcher, field } = await openChat(t, echo, { isClosed: true })
  await page.route('**/widget/chat.js', route => route.abort())
  await launcher.click()
  await page.getByRole('button', { name: 'Open the chat, The assistant cannot be reached.' }).waitFor()
  t.true(await page.locator('.preview').isVisible())
  t.is(await launcher.getAttribute('aria-expanded'), 'false')
  t.deepEqual(await findBarriers(page), [])
  await page.unroute('**/widget/chat.js')
  await launcher.click()
  await field.waitFor()
  t.true(await page.locator('.preview').isHidden())
})

inBrowser('a server that is away is told below the messages, and no longer once it has answered', async t => {
  const { page, log, say } = await openChat(t, echo)
  await say('one')
  await log.getByText('You said one').waitFor()
  await page.route('**/conversations/webhook', route => route.abort('connectionrefused'))
  await say('two')
  const notice = page.getByText('The assistant cannot be reached. 1 waiting to be sent')
  await notice.waitFor()
  await page.unroute('**/conversations/webhook')
  await log.getByText('You said two').waitFor()
  await notice.waitFor({ state: 'detached' })
  t.is(await log.locator('.bubble').count(), 4)
})

inBrowser('who does not start over after all is back at the button that asked', async t => {
  const { page, server, log, say } = await openChat(t, echo)
  await say('one')
  await log.getByText('You said one').waitFor()
  const button = page.getByRole('button', { name: 'Start over' })
  await button.click()
  const cancel = page.getByRole('button', { name: 'Cancel' })
  await cancel.focus()
  // What comes in meanwhile does not take the focus to the other answer.
  server.push('Anna here')
  await log.getByText('Anna here').waitFor()
  const hasFocus = (node: Element): boolean => (node.getRootNode() as ShadowRoot).activeElement === node
  t.true(await cancel.evaluate(hasFocus))
  await page.keyboard.press('Enter')
  await cancel.waitFor({ state: 'detached' })
  t.true(await button.evaluate(hasFocus))
})

inBrowser('a server that is busy is a wait that is told, and then an answer', async t => {
  let refusals = 0
  const { page, log, say } = await openChat(t, said => ((refusals += 1) < 2 ? 429 : echo(said)))
  await say('hello')
  await page.getByText('Many people are writing just now').waitFor()
  await log.getByText('You said hello').waitFor()
  t.is(refusals, 2)
})

inBrowser('dots show within 300 ms while the bot works, and are gone with its answer', async t => {
  const answer = Promise.withResolvers<undefined>()
  const { page, log, say } = await openChat(t, async said => {
    if (said.message !== 'hello') await answer.promise
    return echo(said)
  })
  await say('hello')
  await log.getByText('You said hello').waitFor()
  // By the page's clock, which stands still but for these 300 ms: a busy machine does not count.
  await page.clock.install()
  await say('slow one')
  await page.clock.runFor(300)
  t.is(await page.locator('.typing').count(), 1)
  await say('written meanwhile')
  answer.resolve(undefined)
  await log.getByText('You said written meanwhile').waitFor()
  t.is(await page.locator('.typing').count(), 0)
  t.deepEqual(await log.locator('.from-bot .bubble').allInnerTexts(), [
    'You said hello',
    'You said slow one',
    'You said written meanwhile',
  ])
})

inBrowser(
  'what comes while the chat is closed is counted and previewed, also a word that nobody asked for',
  async t => {
    const { page, server, field, say, launcher, log } = await openChat(t, echo)
    await say('hello')
    await log.getByText('You said hello').waitFor()
    await field.press('Escape')
    t.true(await launcher.evaluate(node => (node.getRootNode() as ShadowRoot).activeElement === node))
    server.push('Your parcel is on its way')
    await page.getByRole('button', { name: 'Open the chat, 1 unread' }).waitFor()
    t.is(await page.locator('.preview').innerText(), 'Your parcel is on its way')
    t.deepEqual(await findBarriers(page), [])
    server.push('Anna here, how can I help?', 'human')
    await page.getByRole('button', { name: 'Open the chat, 2 unread' }).click()
    await log.getByText('Anna here').waitFor()
    t.true(await log.getByText('A person from our team').first().isVisible())
    t.true(await page.locator('.badge').isHidden())
  },
)

inBrowser(
  'a page opens, sends, listens and renews the token by script, under the names of older widgets too',
  async t => {
    const { page, server, log } = await openChat(t, echo, {
      kind: 'socket',
      attributes: 'data-mount="no"',
      isClosed: true,
    })
    await page.waitForFunction(() => window.Tabula !== undefined)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      const chat = window.Tabula?.mount({
        socketUrl: location.origin,
        initPayload: '/greet',
        authenticationToken: 'old',
        widgetTitle: 'Help',
      })
      const names = [
        'chatWidgetOpened',
        'chatWidgetSentMessage',
        'chatWidgetReceivedMessage',
        'chatSessionStarted',
      ]
      for (const name of names) document.addEventListener(name, () => heard.push(name))
      chat?.open()
    })
    await log.getByText('You said /greet').waitFor()
    t.true(await page.getByRole('dialog', { name: 'Help' }).isVisible())
    t.is(await log.locator('.from-user').count(), 0, 'the first payload is not shown')
    await page.evaluate(() => window.Tabula?.chat?.setToken('new'))
    await page.evaluate(() => window.Tabula?.chat?.send('by script'))
    await log.getByText('You said by script').waitFor()
    t.deepEqual(server.tokens, ['old', 'new'])
    const heard = await page.evaluate(() => (window as unknown as { readonly heard: string[] }).heard)
    t.deepEqual([...new Set(heard)].toSorted(), [
      'chatSessionStarted',
      'chatWidgetOpened',
      'chatWidgetReceivedMessage',
      'chatWidgetSentMessage',
    ])
  },
)

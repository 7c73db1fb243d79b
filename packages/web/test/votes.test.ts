// A thumb for one answer of the bot, from the widget to the history. Skipped where there is no Chromium.

import test from 'ava'
import { findBarriers } from './browser.ts'
import { chatOf, echo, holdFaults, inBrowser, openChat } from './open-chat.ts'

holdFaults(test)

inBrowser(
  'a visitor says of one answer whether it helped, once, and finds it again after a reload',
  async t => {
    const { page, log, say, server } = await openChat(t, echo, { attributes: 'data-rating' })
    await say('one')
    await log.getByText('You said one').waitFor()
    const helpful = log.getByRole('button', { name: 'Helpful', exact: true })
    const not = log.getByRole('button', { name: 'Not helpful' })
    await helpful.waitFor()
    t.deepEqual(await findBarriers(page), [])
    await not.focus()
    await page.keyboard.press('Enter')
    await log.locator('[aria-pressed=true][aria-label="Not helpful"]').waitFor()
    t.is(await helpful.count(), 0, 'the other one is gone')
    await not.click()
    t.deepEqual(server.ratings, [{ vote: 'down', number: 1 }])
    await page.reload()
    const again = chatOf(page, server)
    await again.launcher.click()
    await again.log.locator('[aria-pressed=true][aria-label="Not helpful"]').waitFor()
    t.pass()
  },
)

inBrowser('an untouched Rasa is asked for no thumbs: it has no place for them', async t => {
  const { log, say } = await openChat(t, echo, { attributes: 'data-rating', kind: 'rasa' })
  await say('one')
  await log.getByText('You said one').waitFor()
  t.is(await log.getByRole('button', { name: 'Helpful', exact: true }).count(), 0)
})

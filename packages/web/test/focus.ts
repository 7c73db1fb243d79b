// For tests: going through a page by Tab alone, and what each stop is held to.

import type { Locator, Page } from 'playwright-core'

export interface Stop {
  /** What has the focus, in a few words; null where nothing of the page has it. */
  readonly name: string | null
  /** Why somebody who looks at the page would not know that it has the focus. */
  readonly unseen: string | null
  /** Its place among everything that Tab should stop at, -1 where it is none of them. */
  readonly place: number
  /** How many there are. */
  readonly places: number
}

/** Where the keyboard is. */
export async function look(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const inUse = document.querySelector('dialog[open]') ?? document
    const stops = [
      ...inUse.querySelectorAll<HTMLElement>(
        'a[href], button, input, select, textarea, summary, [tabindex="0"]',
      ),
    ].filter(node => node.tabIndex >= 0 && !node.matches(':disabled') && node.checkVisibility())
    const node = document.activeElement
    if (!(node instanceof HTMLElement) || node === document.body)
      return { name: null, unseen: null, place: -1, places: stops.length }
    const text = node.getAttribute('aria-label') ?? node.textContent
    const name = `${node.tagName.toLowerCase()} ${text.trim().slice(0, 60)}`
    const style = getComputedStyle(node)
    const [box = node.getBoundingClientRect()] = node.getClientRects()
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    let unseen: string | null = null
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) unseen = 'no outline'
    else if (top === null) unseen = 'outside of the window'
    else if (!node.contains(top) && !top.contains(node)) unseen = `behind ${top.className}`
    return { name, unseen, place: stops.indexOf(node), places: stops.length }
  })
}

/** Presses Tab until the target has the focus; fails where a stop on the way cannot be seen. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor()
  const passed: string[] = []
  for (let times = 0; times < 120; times += 1) {
    await page.keyboard.press(key)
    const { name, unseen } = await look(page)
    if (unseen !== null) throw new Error(`${name ?? ''}: ${unseen}`)
    if (await target.evaluate(node => node === document.activeElement)) return
    passed.push(name ?? '(nothing)')
  }
  throw new Error(`${key} never came to ${String(target)}; it passed ${passed.join(', ')}`)
}

/** Goes to it by Tab and presses Enter on it. */
export async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

/** Goes through the whole page by Tab from its top; gives what is wrong, in words. */
export async function walk(page: Page): Promise<readonly string[]> {
  const wrong: string[] = []
  let last = -1
  for (let times = 0; times < 400; times += 1) {
    await page.keyboard.press('Tab')
    const { name, unseen, place, places } = await look(page)
    if (last === places - 1 && place <= 0) return wrong
    if (name === null) return [...wrong, `ended at ${last + 1} of ${places}`]
    if (unseen !== null) wrong.push(`${name}: ${unseen}`)
    if (place !== last + 1) wrong.push(`${name}: stop ${place + 1} after stop ${last + 1}`)
    last = place
  }
  return [...wrong, 'it never ended']
}

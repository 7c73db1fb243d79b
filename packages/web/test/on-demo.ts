// For tests: one demo for a test file, and its admin logged in.

import type { ExecutionContext } from 'ava'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { openContext, openPage } from './browser.ts'
import { ADMIN, startDemo } from './demo.ts'
import type { Demo } from './demo.ts'
import { faults } from './open-chat.ts'

let started: Promise<Demo> | null = null

export const demo = (): Promise<Demo> => (started ??= startDemo())

export async function stopDemo(): Promise<void> {
  await (await started)?.stop()
}

export async function signIn(
  t: ExecutionContext,
  path = '/admin',
  options: BrowserContextOptions = {},
): Promise<Page> {
  const { url } = await demo()
  const context = await openContext(t, { reducedMotion: 'reduce', ...options })
  const page = await openPage(context, url, faults)
  await page.goto(`${url}${path}`)
  await page.getByLabel('Email').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  return page
}

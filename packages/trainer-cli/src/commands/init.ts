// bot init: a small bot to begin with, in a folder that has none.

import { cp, mkdir, readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError } from '@tabula/protocol'
import { Asking, InputEnded, Interrupted } from '../chat/asking.ts'
import { type Console, print, tell } from '../console.ts'
import { Stopped } from '../stopped.ts'
import { train } from './train.ts'

export interface InitFlags {
  readonly prompt: boolean
  readonly initDir?: string
  readonly template?: Template
}

/** Bots to begin with: a small talk with an action, a shop's questions, a form, rules alone. */
export const TEMPLATES = ['starter', 'faq', 'form', 'rules'] as const
export type Template = (typeof TEMPLATES)[number]

const FOLDER = join(import.meta.dirname, '../../templates')

/** 0 where the bot was written, and trained if that was wanted (as in Rasa --no-prompt wants it). Throws CodedError where the folder has such files already. */
export async function init(flags: InitFlags, console: Console): Promise<number> {
  const asks = flags.prompt && console.stdin.isTTY === true && console.isTerminal
  const named = flags.initDir ?? (asks ? await ask(console, 'Folder for the bot', '.') : '.')
  const folder = resolve(console.folder, named)
  const template = join(FOLDER, flags.template ?? 'starter')
  await refuseOverwriting(folder, template)
  await mkdir(folder, { recursive: true })
  await cp(template, folder, { recursive: true, force: false })
  const shown = relative(console.folder, folder)
  const enter = shown === '' ? '' : `cd ${shown} && `
  tell(console, `A bot was written to ${shown === '' ? 'this folder' : shown}.`)
  const trains = asks ? /^y/i.test(await ask(console, 'Train it now', 'yes')) : !flags.prompt
  if (trains) {
    const status = await train({ scope: 'both' }, { ...console, folder })
    if (status === 0) print(console, `Next: ${enter}bot shell, or ${enter}bot dev`)
    return status
  }
  print(console, `Next: ${enter}bot train, then ${enter}bot shell`)
  return 0
}

async function refuseOverwriting(folder: string, from: string): Promise<void> {
  const template = new Set(await readdir(from))
  const present = (await readdir(folder).catch(() => [])).filter(name => template.has(name))
  if (present.length === 0) return
  throw new CodedError(
    'cli.not-empty',
    `${folder} already has ${present.join(', ')}; nothing was written. Choose another folder with --init-dir.`,
  )
}

/** The answer, or the usual one for Enter. Throws Stopped on Ctrl-C. */
async function ask(console: Console, question: string, usual: string): Promise<string> {
  const asking = new Asking(console)
  try {
    const answer = await asking.text(`${question} [${usual}]:`)
    return answer === '' ? usual : answer
  } catch (error) {
    if (error instanceof Interrupted) throw new Stopped('SIGINT')
    if (error instanceof InputEnded) return usual
    throw error
  } finally {
    asking.close()
  }
}

// Places in a message's way at which a server can be made to die: `--import` this module with `?flag=` and a file's path; as
// soon as that file holds the name of a place, the first to come there takes the file away and is killed. On SIGUSR2 its
// event loop stands still for as many milliseconds as the file says.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { patchSource } from '../order/patch-source.ts'
import type { Patch } from '../order/patch-source.ts'

export type CrashPoint =
  | 'before-accept'
  | 'after-accept'
  | 'ticket-held'
  | 'after-action'
  | 'after-journal'
  | 'after-save'
  | 'between-parts'

/** Puts the place in front of what is found. */
function before(file: string, found: string, point: CrashPoint, condition = 'true'): Patch {
  return [file, found, `if (${condition}) globalThis.tabulaCrash('${point}');\n${found}`]
}

const PATCHES: readonly Patch[] = [
  before('/processor/processor.ts', 'let record = await messages.begin(', 'before-accept'),
  before('/processor/acceptance.ts', 'const outcome = await messages.accept(', 'before-accept'),
  before('/processor/acceptance.ts', "return { isRepeat: outcome === 'known'", 'after-accept'),
  before('/processor/conversations.ts', 'const { waiting = 0 } = await held.folded()', 'ticket-held'),
  before('/processor/action-journal.ts', 'const entry = { action: call.next_action', 'after-action'),
  [
    '/processor/action-journal.ts',
    'await this.#keep?.(step, entry)',
    "await this.#keep?.(step, entry);\nglobalThis.tabulaCrash('after-journal')",
  ],
  before('/processor/held-conversation.ts', 'await attempt.outbox.flush()\n    return result', 'after-save'),
  before('/processor/outbox.ts', 'await this.#send(next.output', 'between-parts', 'this.#sent === 2'),
]

/** What one server is loaded with, and how it is told to die. */
export function crashPoints(
  folder: string,
  server: number,
): { preload: string; arm(point: CrashPoint | number): void } {
  const flag = join(folder, `crash-${server}`)
  return {
    preload: `${import.meta.url}?flag=${encodeURIComponent(flag)}`,
    arm(point) {
      writeFileSync(flag, String(point))
    },
  }
}

const armed = new URL(import.meta.url).searchParams.get('flag')
if (armed !== null) {
  Object.assign(globalThis, {
    tabulaCrash(point: string) {
      if (!existsSync(armed) || readFileSync(armed, 'utf8') !== point) return
      rmSync(armed)
      process.kill(process.pid, 'SIGKILL')
      // The signal may take a moment: nothing may happen in it.
      for (;;) existsSync(armed)
    },
  })
  process.on('SIGUSR2', () => {
    const end = Date.now() + Number(readFileSync(armed, 'utf8'))
    while (Date.now() < end) existsSync(armed)
    rmSync(armed)
  })
  patchSource(PATCHES)
}

// What every part of the program is given to add its commands.

import type { Command } from 'commander'
import type { Console } from '../console.ts'

/** Takes the exit status of the command that was run. */
export type Setting = (status: number) => void

/** Adds commands to the program; `warn` says which of the given flags change nothing. */
export type Add = (program: Command, console: Console, end: Setting, warn: (command: Command) => void) => void

// Questions to a person, or to the lines of a file: one at a time, on standard input.

import { createInterface, type Interface } from 'node:readline'
import { colorsOf, type Console } from '../console.ts'

/** What is typed in place of Ctrl-C. */
const STOP = '/stop'

/** Ctrl-C, or /stop, while something was asked. */
export class Interrupted extends Error {
  /** Whether it was typed as /stop. */
  readonly isTyped: boolean

  constructor({ isTyped = false }: { readonly isTyped?: boolean } = {}) {
    super('interrupted')
    this.isTyped = isTyped
  }
}
/** The input has ended: nobody answers any more. */
export class InputEnded extends Error {}

export interface Choice {
  readonly label: string
  readonly value: string
}

interface Waiting {
  readonly resolve: (line: string) => void
  readonly reject: (reason: Error) => void
}

export class Asking {
  readonly #console: Console
  readonly #lines: Interface
  readonly #isPerson: boolean
  readonly #isSilent: boolean
  readonly #ready: string[] = []
  #waiting: Waiting | null = null
  #isInterrupted = false
  #isEnded = false

  /** A question is written where no person sits too, unless `isSilent`: then only answers are. */
  constructor(console: Console, { isSilent = false }: { readonly isSilent?: boolean } = {}) {
    this.#console = console
    this.#isSilent = isSilent
    this.#isPerson = console.stdin.isTTY === true && console.isTerminal
    this.#lines = createInterface({
      input: console.stdin,
      ...(this.#isPerson ? { output: console.stdout, terminal: true } : {}),
    })
    this.#lines.on('line', line => {
      const waiting = this.#take()
      if (waiting === null) this.#ready.push(line)
      else waiting.resolve(line)
    })
    this.#lines.on('close', () => {
      this.#isEnded = true
      this.#take()?.reject(new InputEnded())
    })
    this.#lines.on('SIGINT', this.#interrupt)
    process.on('SIGINT', this.#interrupt)
  }

  /** The line that is typed, without spaces at its ends. Rejects with Interrupted or InputEnded. */
  async text(question: string, { prefilled = '' }: { readonly prefilled?: string } = {}): Promise<string> {
    if (this.#isInterrupted) {
      this.#isInterrupted = false
      throw new Interrupted()
    }
    const asked = colorsOf(this.#console).cyan(`${question} `)
    if (this.#isPerson) {
      this.#lines.setPrompt(asked)
      this.#lines.prompt()
      if (prefilled !== '') this.#lines.write(prefilled)
    } else if (!this.#isSilent) this.#console.stdout.write(`${asked}\n`)
    const line = (this.#ready.shift() ?? (await this.#nextLine())).trim()
    if (line === STOP) throw new Interrupted({ isTyped: true })
    return line
  }

  /** Enter takes the answer in capitals, which is yes. */
  async confirm(question: string): Promise<boolean> {
    for (;;) {
      const answer = (await this.text(`${question} [Y/n]`)).toLowerCase()
      if (['', 'y', 'yes'].includes(answer)) return true
      if (['n', 'no'].includes(answer)) return false
      this.say('Please answer y or n.')
    }
  }

  /** The value of the choice whose number, value or label is typed; other words only where `free` names what they are. */
  async choose(question: string, choices: readonly Choice[], free?: string): Promise<string> {
    choices.forEach(({ label }, index) => {
      this.say(`  ${String(index + 1).padStart(String(choices.length).length)}  ${label}`)
    })
    const asked = `${question} (a number${free === undefined ? '' : `, or ${free}`})`
    for (;;) {
      const answer = await this.text(asked)
      const chosen = /^\d+$/.test(answer)
        ? choices[Number(answer) - 1]
        : choices.find(({ label, value }) => label === answer || value === answer)
      if (chosen !== undefined) return chosen.value
      if (free !== undefined && answer !== '' && !/^\d+$/.test(answer)) {
        if (await this.confirm(`There is no '${answer}' yet. Make it new?`)) return answer
        continue
      }
      this.say(`Please type a number from 1 to ${choices.length}${free === undefined ? '' : `, or ${free}`}.`)
    }
  }

  say(text: string): void {
    this.#console.stdout.write(`${text}\n`)
  }

  /** Says something while a question stands open: the question and what is typed of its answer come below it again. */
  interject(text: string): void {
    const isAsked = this.#isPerson && this.#waiting !== null
    this.#console.stdout.write(`${isAsked ? '\r\u001b[K' : ''}${text}\n`)
    if (isAsked) this.#lines.prompt(true)
  }

  get isPerson(): boolean {
    return this.#isPerson
  }

  close(): void {
    process.off('SIGINT', this.#interrupt)
    this.#lines.close()
  }

  readonly #interrupt = (): void => {
    if (this.#isPerson) this.#console.stdout.write('\n')
    const waiting = this.#take()
    // What runs meanwhile is ended first; a second Ctrl-C does not wait for that.
    if (waiting === null && this.#isInterrupted) process.exit(130)
    if (waiting === null) this.#isInterrupted = true
    else waiting.reject(new Interrupted())
  }

  #take(): Waiting | null {
    const waiting = this.#waiting
    this.#waiting = null
    return waiting
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#isEnded) reject(new InputEnded())
      else this.#waiting = { resolve, reject }
    })
  }
}

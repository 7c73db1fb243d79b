// How far a training is: one line that moves on a terminal, one line a part elsewhere.

import type { TrainingProgress, TrainingReason } from '@tabula/model'
import { colorsOf, type Console, tell } from '../console.ts'

const BAR = 20
/** Milliseconds between two looks of a moving line. */
const PAUSE = 80

/** Why a part is trained though there was a training before; nothing for one that is new. */
const WHY: Readonly<Record<TrainingReason, (part: TrainingProgress['part']) => string>> = {
  new: () => '',
  forced: () => '',
  engine: () => 'as this version learns it',
  options: () => 'its options have changed',
  data: part =>
    part === 'nlu' ? 'the NLU data have changed' : 'stories or the names of the domain have changed',
  before: () => 'the pipeline before it has changed',
  'not-kept': () => 'the cache has it no more',
}

/**
 * Takes the progress of a training; `done` ends the moving line. Dialogue may be trained while understanding is: its lines
 * come after those of understanding.
 */
export function createTrainingProgress(console: Console): {
  readonly take: (progress: TrainingProgress) => void
  readonly done: () => void
} {
  const colors = colorsOf(console)
  const startedAt = new Map<string, number>()
  const ended = new Set<string>()
  const waiting: string[] = []
  let understandingLeft = 0
  let drawnAt = 0
  const clear = (): void => {
    if (console.isTerminal) console.stderr.write('\r\u001b[K')
  }
  const show = (line: string): void => {
    clear()
    tell(console, line)
  }
  return {
    take(progress) {
      const { part, name, index, count, fraction, isReused, reason } = progress
      const key = `${part} ${index}`
      const now = performance.now()
      const started = startedAt.get(key) ?? now
      startedAt.set(key, started)
      const label = `${part === 'nlu' ? 'understanding' : 'dialogue'} ${index + 1}/${count} ${name}`
      if (ended.has(key)) return
      if (part === 'nlu') understandingLeft = count - index - (fraction >= 1 ? 1 : 0)
      const isWaiting = part === 'core' && understandingLeft > 0
      if (fraction >= 1) {
        ended.add(key)
        const why = reason === undefined ? '' : WHY[reason](part)
        const end = isReused
          ? 'unchanged, from the cache'
          : `${seconds(now - started)}${why === '' ? '' : `, ${why}`}`
        const line = `  ${colors.green('✓')} ${label} ${colors.dim(end)}`
        if (isWaiting) waiting.push(line)
        else show(line)
        if (understandingLeft === 0) waiting.splice(0).forEach(show)
      } else if (!isWaiting && console.isTerminal && now - drawnAt > PAUSE) {
        drawnAt = now
        const filled = Math.round(fraction * BAR)
        const left = fraction > 0.05 ? ` ${seconds(((now - started) * (1 - fraction)) / fraction)} left` : ''
        console.stderr.write(
          `\r\u001b[K  ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${label}${colors.dim(left)}`,
        )
      }
    },
    done: clear,
  }
}

/** `0.24 s`, or `3 min 5 s`. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000
  return value < 90
    ? `${value.toFixed(value < 10 ? 2 : 0)} s`
    : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`
}

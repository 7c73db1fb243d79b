// How sure right and wrong predictions were, as a picture: bars of right ones to the left, of wrong ones to the right.

import { svg, textAt } from './svg.ts'

export interface Judged {
  /** From 0 to 1. */
  readonly confidence: number
  readonly isRight: boolean
}

const BINS = 20
const HALF = 300
const BAR = 18
const TOP = 60

/** SVG; each side has its own scale, as in Rasa's picture: wrong predictions are few. */
export function confidenceHistogramSvg(results: readonly Judged[], title: string): string {
  const right = binned(results.filter(({ isRight }) => isRight))
  const wrong = binned(results.filter(({ isRight }) => !isRight))
  const width = 2 * HALF + 120
  const height = TOP + BINS * BAR + 50
  const middle = width / 2
  const most = (bins: readonly number[]): number => Math.max(1, ...bins)
  const parts = [
    textAt(middle, 24, title, { anchor: 'middle', size: 16 }),
    textAt(middle - 30, 48, `right (${sum(right)})`, { anchor: 'end', fill: '#0c428a' }),
    textAt(middle + 30, 48, `wrong (${sum(wrong)})`, { fill: '#a64600' }),
  ]
  for (let bin = 0; bin < BINS; bin += 1) {
    const y = TOP + (BINS - 1 - bin) * BAR
    parts.push(
      textAt(middle, y + BAR - 5, (bin / BINS).toFixed(2), { anchor: 'middle', size: 10, fill: '#555' }),
    )
    const left = ((right[bin] ?? 0) / most(right)) * (HALF - 40)
    const other = ((wrong[bin] ?? 0) / most(wrong)) * (HALF - 40)
    parts.push(bar(middle - 24 - left, y, left, '#0c428a'), bar(middle + 24, y, other, '#d9822b'))
    if (left > 0)
      parts.push(textAt(middle - 28 - left, y + BAR - 5, String(right[bin]), { anchor: 'end', size: 10 }))
    if (other > 0) parts.push(textAt(middle + 28 + other, y + BAR - 5, String(wrong[bin]), { size: 10 }))
  }
  parts.push(textAt(middle, height - 14, 'Confidence', { anchor: 'middle', fill: '#555' }))
  return svg(width, height, title, parts)
}

function binned(results: readonly Judged[]): number[] {
  const bins = Array.from({ length: BINS }, () => 0)
  for (const { confidence } of results) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(confidence * BINS)))
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  return bins
}

function bar(x: number, y: number, width: number, fill: string): string {
  return `<rect x="${x.toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${fill}"/>`
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

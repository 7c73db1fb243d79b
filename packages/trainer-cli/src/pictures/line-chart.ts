// Scores over amounts of training data, one line for each config: the picture of a comparison.

import { svg, textAt } from './svg.ts'

export interface Line {
  readonly name: string
  /** By place on the x axis: mean and spread over the runs. */
  readonly points: readonly { readonly mean: number; readonly spread: number }[]
}

/** Told apart by people who see few colours, and by the marks at their points. */
const COLOURS = ['#0c428a', '#d9822b', '#2a7f62', '#8a2be2', '#7a7a7a', '#b8323a']
const LEFT = 70
const TOP = 50
const WIDTH = 620
const HEIGHT = 320

export interface ChartTexts {
  readonly title: string
  readonly x: string
  readonly y: string
}

/** SVG; `xs` are the amounts, smallest to largest from left to right. */
export function lineChartSvg(xs: readonly number[], lines: readonly Line[], texts: ChartTexts): string {
  const most = Math.max(
    ...lines.flatMap(({ points }) => points.map(({ mean, spread }) => mean + spread)),
    1e-9,
  )
  const highest = most <= 1 ? 1 : Math.ceil(most)
  const largest = Math.max(...xs, 1)
  const xOf = (value: number): number => LEFT + (value / largest) * WIDTH
  const yOf = (value: number): number => TOP + HEIGHT - (value / highest) * HEIGHT
  const parts = [textAt(LEFT + WIDTH / 2, 26, texts.title, { anchor: 'middle', size: 16 })]
  for (let step = 0; step <= 5; step += 1) {
    const value = (highest * step) / 5
    parts.push(
      `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${yOf(value)}" y2="${yOf(value)}" stroke="#ddd"/>`,
      textAt(LEFT - 8, yOf(value) + 4, String(Number(value.toFixed(2))), { anchor: 'end', size: 11 }),
    )
  }
  for (const x of xs) parts.push(textAt(xOf(x), TOP + HEIGHT + 18, String(x), { anchor: 'middle', size: 11 }))
  lines.forEach(({ name, points }, number) => {
    const colour = COLOURS[number % COLOURS.length] ?? '#000'
    const placed = xs.map((x, index) => ({ x: xOf(x), ...(points[index] ?? { mean: 0, spread: 0 }) }))
    parts.push(
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${placed.map(({ x, mean }) => `${x.toFixed(1)},${yOf(mean).toFixed(1)}`).join(' ')}"/>`,
      ...placed.flatMap(({ x, mean, spread }) => [
        `<line x1="${x}" x2="${x}" y1="${yOf(mean - spread)}" y2="${yOf(mean + spread)}" stroke="${colour}"/>`,
        `<circle cx="${x}" cy="${yOf(mean)}" r="4" fill="${colour}"/>`,
      ]),
      `<rect x="${LEFT}" y="${TOP + HEIGHT + 46 + number * 18}" width="12" height="12" fill="${colour}"/>`,
      textAt(LEFT + 18, TOP + HEIGHT + 57 + number * 18, name),
    )
  })
  parts.push(
    textAt(LEFT + WIDTH / 2, TOP + HEIGHT + 36, texts.x, { anchor: 'middle', fill: '#555' }),
    textAt(18, TOP + HEIGHT / 2, texts.y, { anchor: 'middle', turn: -90, fill: '#555' }),
  )
  return svg(LEFT + WIDTH + 40, TOP + HEIGHT + 60 + lines.length * 18, texts.title, parts)
}

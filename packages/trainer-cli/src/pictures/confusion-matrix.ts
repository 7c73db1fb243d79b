// A confusion matrix as a picture: rows are what was expected, columns what was predicted.

import type { ConfusionMatrix } from '@tabula/model'
import { cut, escapeXml, svg, textAt } from './svg.ts'

const MOST_LABEL_PIXELS = 220
const TITLE = 40

/** SVG; colours are of one hue by share of the row, so that they are told apart without telling colours apart. */
export function confusionMatrixSvg({ labels, counts }: ConfusionMatrix, title: string): string {
  const count = Math.max(1, labels.length)
  const cell = Math.max(14, Math.min(44, Math.floor(900 / count)))
  const longest = Math.max(4, ...labels.map(label => label.length))
  const margin = Math.min(MOST_LABEL_PIXELS, Math.ceil(longest * 7.2)) + 30
  const size = cell * count
  const width = margin + size + 20
  const height = TITLE + size + margin
  const parts = [textAt(width / 2, 24, title, { anchor: 'middle', size: 16 })]
  labels.forEach((label, row) => {
    const y = TITLE + row * cell
    const name = label === '' ? '(none)' : label
    parts.push(textAt(margin - 6, y + cell / 2 + 4, cut(name, margin - 30), { anchor: 'end', size: 11 }))
    const x = margin + row * cell + cell / 2
    parts.push(
      textAt(x + 4, TITLE + size + 8, cut(name, margin - 30), { anchor: 'end', size: 11, turn: -60 }),
    )
    const total = (counts[row] ?? []).reduce((sum, value) => sum + value, 0)
    labels.forEach((predicted, column) => {
      const value = counts[row]?.[column] ?? 0
      const share = total === 0 ? 0 : value / total
      const left = margin + column * cell
      parts.push(
        `<rect x="${left}" y="${y}" width="${cell}" height="${cell}" fill="${shade(share)}" stroke="${row === column ? '#555' : '#ddd'}" stroke-width="0.5"><title>${escapeXml(`${name}, predicted ${predicted === '' ? '(none)' : predicted}: ${value}`)}</title></rect>`,
      )
      if (value > 0 && cell >= 18)
        parts.push(
          textAt(left + cell / 2, y + cell / 2 + 4, String(value), {
            anchor: 'middle',
            size: cell >= 30 ? 11 : 9,
            fill: share > 0.5 ? '#fff' : '#222',
          }),
        )
    })
  })
  parts.push(textAt(14, TITLE + size / 2, 'Expected', { anchor: 'middle', turn: -90, fill: '#555' }))
  parts.push(textAt(margin + size / 2, height - 8, 'Predicted', { anchor: 'middle', fill: '#555' }))
  return svg(width, height, title, parts)
}

/** White to dark blue. */
function shade(share: number): string {
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * Math.sqrt(share))
  return `rgb(${mix(255, 12)},${mix(255, 66)},${mix(255, 138)})`
}

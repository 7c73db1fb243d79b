// Plots as plain SVG. Two kinds differ in lightness and pattern, not in hue alone, so that colour-blind people can tell them
// apart; every plot has its numbers as a table for those who do not see it.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { count } from './format.ts'

/** Of a plot that is not laid out yet. */
const USUAL_WIDTH = 760
/** Of a tick's label, in pixels. */
const LABEL = 100
const HEIGHT = 220
const LEFT = 44
const BOTTOM = 26

export interface Column {
  readonly label: string
  /** From the bottom upwards. */
  readonly values: readonly number[]
}

export function Columns({
  title,
  names,
  columns,
}: {
  readonly title: string
  readonly names: readonly string[]
  readonly columns: readonly Column[]
}): ComponentChildren {
  const place = useRef<HTMLElement>(null)
  const width = useWidth(place)
  const highest = niceTop(Math.max(1, ...columns.map(({ values }) => sum(values))))
  const step = (width - LEFT) / Math.max(1, columns.length)
  const height = (value: number): number => (value / highest) * (HEIGHT - BOTTOM - 8)
  const every = Math.ceil((columns.length * LABEL) / Math.max(LABEL, width - LEFT))
  return (
    <figure class="plot" ref={place}>
      <ul class="legend">
        {names.map((name, at) => (
          <li>
            <svg viewBox="0 0 12 12" width={12} height={12} aria-hidden="true">
              <rect class={`kind-${at}`} width={12} height={12} rx={2} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="img" aria-label={title}>
        <defs>
          <pattern
            id="stripes"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect class="stripe-ground" width="6" height="6" />
            <rect class="stripe" width="3" height="6" />
          </pattern>
        </defs>
        {[0, 0.5, 1].map(part => {
          const y = HEIGHT - BOTTOM - height(highest * part)
          return (
            <g class="grid">
              <line x1={LEFT} x2={width} y1={y} y2={y} />
              <text x={LEFT - 8} y={y + 4} text-anchor="end">
                {count(highest * part)}
              </text>
            </g>
          )
        })}
        {columns.map(({ label, values }, at) => {
          let below = 0
          return (
            <g>
              <title>{`${label}: ${names.map((name, kind) => `${name} ${count(values[kind] ?? 0)}`).join(', ')}`}</title>
              {values.map((value, kind) => {
                const top = HEIGHT - BOTTOM - height(below + value)
                below += value
                return (
                  <rect
                    class={`kind-${kind}`}
                    x={LEFT + at * step + step * 0.12}
                    width={Math.max(1, step * 0.76)}
                    y={top}
                    height={height(value)}
                    rx={Math.min(3, step / 6)}
                  />
                )
              })}
              {at % every === 0 && (columns.length - at - 0.5) * step >= LABEL / 2 && (
                <text class="tick" x={LEFT + (at + 0.5) * step} y={HEIGHT - 8} text-anchor="middle">
                  {label}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <details>
        <summary>As a table</summary>
        <div class="table-frame" tabIndex={0} role="region" aria-label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {names.map(name => (
                  <th scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {columns.map(({ label, values }) => (
                <tr>
                  <th scope="row">{label}</th>
                  {values.map(value => (
                    <td>{count(value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

/** How wide the element is, in whole pixels: a plot that is drawn at its size has letters of the size of others. */
function useWidth(place: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(USUAL_WIDTH)
  useLayoutEffect(() => {
    const node = place.current
    if (node === null) return undefined
    const measure = (): void => {
      if (node.clientWidth > 0) setWidth(node.clientWidth)
    }
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(node)
    return () => {
      sizes.disconnect()
    }
  }, [])
  return width
}

export interface Bar {
  readonly name: string
  readonly value: number
  readonly href?: string
}

export function Bars({ bars }: { readonly bars: readonly Bar[] }): ComponentChildren {
  const highest = Math.max(1, ...bars.map(({ value }) => value))
  if (bars.every(({ value }) => value === 0)) return <p class="muted">Nothing yet.</p>
  return (
    <ul class="bar-list">
      {bars.map(({ name, value, href }) => (
        <li>
          <span class="bar-name">{href === undefined ? name : <a href={href}>{name}</a>}</span>
          <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect class="kind-0" width={(value / highest) * 100} height={8} />
          </svg>
          <span class="bar-value">{count(value)}</span>
        </li>
      ))}
    </ul>
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** The next of 1, 2, 5, 10, 20 … that is at least the value: an axis whose half is a round number too. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([2, 4, 6, 10].find(step => step * power >= value) ?? 10) * power
}

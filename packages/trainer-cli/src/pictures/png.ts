// Pictures as PNG, drawn from their SVG: for places that show no SVG, and under the names that Rasa gives them.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const { resolve } = createRequire(import.meta.url)

let ready: Promise<Uint8Array> | undefined

/** The drawing of the SVG; half as large again, for sharp text. */
export async function pngOf(svgText: string): Promise<Uint8Array> {
  ready ??= prepare()
  const font = await ready
  const drawing = new Resvg(svgText, {
    fitTo: { mode: 'zoom', value: 1.5 },
    font: { fontBuffers: [font], defaultFontFamily: 'DejaVu Sans', loadSystemFonts: false },
  })
  const image = drawing.render()
  const bytes = image.asPng()
  image.free()
  drawing.free()
  return bytes
}

/** Starts the drawing engine, once a process, and gives the font that texts are drawn in. */
async function prepare(): Promise<Uint8Array> {
  const [engine, font] = await Promise.all([
    readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')),
    readFile(resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
  ])
  await initWasm(engine)
  return font
}

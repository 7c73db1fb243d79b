// Writes a picture twice: as SVG, and as PNG under the name that Rasa's has.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes `NAME.svg` and `NAME.png` into the folder. */
export async function writePicture(folder: string, name: string, svg: string): Promise<void> {
  const { pngOf } = await import('./png.ts')
  await writeFile(join(folder, `${name}.svg`), svg)
  await writeFile(join(folder, `${name}.png`), await pngOf(svg))
}

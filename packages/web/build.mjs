// Builds the pages for people into dist/: index.html at its root, scripts and styles under assets/.
// Plain JavaScript, so that tools/setup.mjs can run it with an older Node; also a program: node build.mjs

import { copyFile, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** Writes the built files to the folder, which is emptied first; core-server serves it under /shop. */
export async function buildWeb(folder = join(here, 'dist')) {
  const source = join(here, 'src', 'shop')
  const assets = join(folder, 'assets')
  await rm(folder, { recursive: true, force: true })
  await mkdir(assets, { recursive: true })
  await build({
    entryPoints: { shop: join(source, 'main.ts'), page: join(source, 'shop.css') },
    outdir: assets,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    sourcemap: true,
    logLevel: 'warning',
  })
  await copyFile(join(source, 'icon.svg'), join(assets, 'icon.svg'))
  await copyFile(join(source, 'index.html'), join(folder, 'index.html'))
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) await buildWeb()

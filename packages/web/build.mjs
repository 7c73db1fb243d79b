// Builds the pages for people into dist/, which core-server serves: widget.js and widget/ for any page, shop/ and admin/.
// Plain JavaScript, so that tools/setup.mjs can run it with an older Node; also a program that prints sizes: node build.mjs

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

/** Bytes after gzip -9 that the widget may have: the script that a page loads, and everything of a chat in English. */
export const SIZE_LIMITS = { launcher: 8_000, all: 45_000 }

const TARGET = ['es2022', 'chrome111', 'firefox115', 'safari16.4']

const common = {
  bundle: true,
  minify: true,
  target: TARGET,
  sourcemap: true,
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
}

/** A style sheet that a script puts into a shadow root: `import { css } from './x.css'` is its text. */
const sheetsAsText = {
  name: 'sheets-as-text',
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), {
        loader: 'css',
        minify: true,
        target: TARGET,
      })
      return { contents: `export const css = ${JSON.stringify(code)}`, loader: 'js' }
    })
  },
}

/** Writes the built files to the folder, which is emptied first, and gives the sizes of the widget. */
export async function buildWeb(folder = join(here, 'dist')) {
  const source = join(here, 'src')
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'shop'), { recursive: true })
  await mkdir(join(folder, 'admin'), { recursive: true })
  const [, chat] = await Promise.all([
    build({
      ...common,
      entryPoints: [join(source, 'widget', 'widget.ts')],
      outdir: folder,
      format: 'iife',
      plugins: [sheetsAsText],
    }),
    build({
      ...common,
      entryPoints: [join(source, 'chat', 'chat.tsx')],
      outdir: join(folder, 'widget'),
      format: 'esm',
      splitting: true,
      metafile: true,
      plugins: [sheetsAsText],
    }),
    build({
      ...common,
      entryPoints: { shop: join(source, 'shop', 'main.ts'), page: join(source, 'shop', 'page.css') },
      outdir: join(folder, 'shop'),
      format: 'esm',
    }),
    build({
      ...common,
      entryPoints: { admin: join(source, 'admin', 'main.tsx'), page: join(source, 'admin', 'admin.css') },
      outdir: join(folder, 'admin'),
      format: 'esm',
    }),
  ])
  for (const page of ['shop', 'admin']) {
    await copyFile(join(source, page, 'index.html'), join(folder, page, 'index.html'))
    await copyFile(join(source, 'icon.svg'), join(folder, page, 'icon.svg'))
  }
  return measure(folder, chat.metafile)
}

/** Sizes after gzip -9: of the launcher, and of all that a visitor loads who chats in English over a socket. */
async function measure(folder, { outputs }) {
  const bytes = async file => gzipSync(await readFile(file), { level: 9 }).length
  const launcher = await bytes(join(folder, 'widget.js'))
  let all = launcher
  for (const name of await readdir(join(folder, 'widget'))) {
    if (!name.endsWith('.js')) continue
    const output = Object.entries(outputs).find(([path]) => path.endsWith(`/widget/${name}`))?.[1]
    const isOtherLanguage = /locales\/(?!words)/.test(output?.entryPoint ?? '')
    if (!isOtherLanguage) all += await bytes(join(folder, 'widget', name))
  }
  const integrity = `sha384-${createHash('sha384')
    .update(await readFile(join(folder, 'widget.js')))
    .digest('base64')}`
  await writeFile(join(folder, 'sizes.json'), JSON.stringify({ launcher, all, integrity }))
  return { launcher, all, integrity }
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === process.argv[1]) {
  const { launcher, all, integrity } = await buildWeb()
  process.stdout.write(
    `widget.js ${launcher} bytes gzipped (limit ${SIZE_LIMITS.launcher}), the whole chat ${all} (limit ${SIZE_LIMITS.all})\n${integrity}\n`,
  )
}

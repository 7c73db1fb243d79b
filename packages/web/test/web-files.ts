// For tests: the built pages, made once for each test file.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { buildWeb } from '../build.mjs'
import type { WidgetSizes } from '../build.mjs'

/** The policy of a page that is strict: nothing inline, no evaluation, no other host. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

let built: Promise<{ readonly folder: string; readonly sizes: WidgetSizes }> | null = null

export function builtFiles(): Promise<{ readonly folder: string; readonly sizes: WidgetSizes }> {
  built ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tabula-web-'))
    return { folder, sizes: await buildWeb(folder) }
  })()
  return built
}

export async function removeFiles(): Promise<void> {
  if (built !== null) await rm((await built).folder, { recursive: true, force: true })
}

/** Answers with the built file of this path; false where there is none. */
export async function sendBuilt(path: string, response: ServerResponse): Promise<boolean> {
  const { folder } = await builtFiles()
  const name = path === '/shop' ? '/shop/index.html' : path
  const bytes = await readFile(join(folder, name)).catch(() => null)
  if (bytes === null) return false
  const type = TYPES[extname(name)] ?? 'application/octet-stream'
  response.writeHead(200, {
    'content-type': type,
    'content-security-policy': POLICY,
    'access-control-allow-origin': '*',
  })
  response.end(bytes)
  return true
}

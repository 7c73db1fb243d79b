// For tests: serves the built page under the policy that the real server sends, and an assistant that a test speaks for.

import type { ExecutionContext } from 'ava'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { buildWeb } from '../build.mjs'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface Said {
  readonly sender: string
  readonly message: string
}
/** Answers a message; a number is the status of an error. */
export type Assistant = (said: Said) => unknown

export interface ShopServer {
  readonly url: string
  /** What has arrived, in order. */
  readonly said: Said[]
  answer: Assistant
}

/** Builds the page and serves it until the test ends. */
export async function serveShop(t: ExecutionContext, answer: Assistant): Promise<ShopServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-web-'))
  await buildWeb(folder)
  const shop = { url: '', said: [] as Said[], answer }
  const server = createServer((request, response) => {
    void handle(request, response, folder, shop)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  shop.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/shop`
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })
  return shop
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
  shop: ShopServer,
): Promise<void> {
  const path = request.url ?? ''
  if (request.method === 'POST' && path === '/conversations/webhook') {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    const said = JSON.parse(body) as Said
    shop.said.push(said)
    const answer = await shop.answer(said)
    const status = typeof answer === 'number' ? answer : 200
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    return
  }
  const file = path === '/shop' ? 'index.html' : path.slice('/shop/'.length)
  const bytes = await readFile(join(folder, file)).catch(() => null)
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  if (bytes === null) response.writeHead(404).end()
  else response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(bytes)
}

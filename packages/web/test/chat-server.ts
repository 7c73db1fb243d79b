// For tests: a page with the widget under a strict policy, and an assistant behind it that a test speaks for. It plays our
// public server (visitors, history, live events), an untouched Rasa (REST and Socket.IO), or Rasa's socket alone.

import type { ExecutionContext } from 'ava'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server } from 'socket.io'
import { POLICY, sendBuilt } from './web-files.ts'

export interface Said {
  readonly sender: string
  readonly message: string
  readonly metadata?: unknown
  readonly message_id?: string
}
/** Answers a message with REST's list; a number is the status of an error. */
export type Assistant = (said: Said) => unknown
export type Kind = 'tabula' | 'rasa' | 'socket'

interface Past {
  readonly sender: string
  readonly number: number
  readonly time: number
  readonly from: 'user' | 'bot' | 'human'
  readonly text: string | null
  readonly message_id?: string
  readonly data?: unknown
}

export interface ChatServer {
  readonly url: string
  /** What has arrived, in order; a message that our server is sent twice is there once. */
  readonly said: Said[]
  /** Tokens that clients have sent, of both ways. */
  readonly tokens: string[]
  readonly files: { readonly name: string; readonly bytes: number }[]
  readonly ratings: unknown[]
  answer: Assistant
  /** Attributes of the script tag. */
  attributes: string
  /** Attributes of the page's root element. */
  html: string
  /** Says something that nobody asked for. */
  push(text: string, from?: 'bot' | 'human'): void
}

/** Serves until the test ends. */
export async function serveChat(t: ExecutionContext, kind: Kind, answer: Assistant): Promise<ChatServer> {
  const history: Past[] = []
  const replies = new Map<string, unknown>()
  const streams = new Map<ServerResponse, string>()
  let visitors = 0
  const chat: ChatServer = {
    ...{ url: '', said: [], tokens: [], files: [], ratings: [], answer, attributes: '', html: 'lang="en"' },
    push(text, from = 'bot') {
      keep({ from, text, sender: chat.said.at(-1)?.sender ?? '' })
      sockets?.emit('bot_uttered', { text })
    },
  }
  const keep = (said: Omit<Past, 'number' | 'time'>): void => {
    const past = { number: history.length, time: Date.now() / 1_000, ...said }
    history.push(past)
    for (const [stream, sender] of streams)
      if (sender === past.sender) stream.write(`event: message\ndata: ${JSON.stringify(past)}\n\n`)
  }
  const hear = async (said: Said): Promise<unknown> => {
    const id = kind === 'tabula' ? said.message_id : undefined
    if (id !== undefined && replies.has(id)) return replies.get(id)
    chat.said.push(said)
    const answers = await chat.answer(said)
    if (!Array.isArray(answers)) return answers
    if (id !== undefined) replies.set(id, answers)
    const { sender } = said
    keep({ from: 'user', sender, text: said.message, ...(id === undefined ? {} : { message_id: id }) })
    for (const { text = null, ...data } of answers as readonly Record<string, unknown>[])
      keep({ from: 'bot', sender, text: text as string | null, data })
    return answers
  }
  const server = createServer((request, response) => {
    void route(request, response).catch(() => response.destroy())
  })
  const sockets = kind === 'tabula' ? null : new Server(server, { cors: { origin: '*' }, serveClient: false })
  sockets?.on('connection', socket => {
    const { token } = socket.handshake.auth as { readonly token?: string }
    if (token !== undefined) chat.tokens.push(token)
    socket.on('session_request', (data: { readonly session_id: string }) => {
      void socket.join(data.session_id)
      socket.emit('session_confirm', data.session_id)
    })
    socket.on('user_uttered', async (data: Said & { readonly session_id: string }, done?: () => void) => {
      const answers = await hear({ ...data, sender: data.session_id })
      if (Array.isArray(answers))
        for (const each of answers) socket.emit('bot_uttered', toSocket(each as Record<string, unknown>))
      done?.()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  Object.assign(chat, { url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}` })
  t.teardown(async () => {
    for (const stream of streams.keys()) stream.end()
    await sockets?.close()
    server.closeAllConnections()
    server.close()
  })
  return chat

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://x')
    const token = request.headers.authorization?.replace('Bearer ', '')
    if (token !== undefined && request.method === 'POST') chat.tokens.push(token)
    const json = (status: number, body: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    }
    const webhook = kind === 'tabula' ? '/conversations/webhook' : '/webhooks/rest/webhook'
    if (path === '/page') {
      const page = `<!doctype html><html ${chat.html}><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Any page</title></head><body><main><h1>Any page</h1></main><script async src="/widget.js" ${chat.attributes}></script></body></html>`
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': POLICY }).end(page)
    } else if (kind !== 'socket' && path === webhook) {
      const answer = await hear(JSON.parse(await text(request)) as Said)
      if (typeof answer === 'number')
        json(answer, { status: 'failure' }, answer === 429 ? { 'retry-after': '1' } : {})
      else json(200, answer)
    } else if (kind === 'rasa' && path === '/webhooks/rest/') json(200, { status: 'ok' })
    else if (kind === 'tabula' && path.startsWith('/visitors'))
      await visitor(path, query, request, response, json)
    else if (!(await sendBuilt(path, response))) response.writeHead(404).end()
  }

  async function visitor(
    path: string,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
    json: (status: number, body: unknown) => void,
  ): Promise<void> {
    const after = Number(query.get('after') ?? -1)
    const sender = request.headers.authorization?.replace('Bearer t', 'v-') ?? ''
    const past = history.filter(said => said.number > after && said.sender === sender)
    if (path === '/visitors') {
      visitors += 1
      json(201, { sender: `v-${visitors}`, token: `t${visitors}`, expires_at: 0 })
    } else if (path === '/visitors/known') {
      const known = JSON.parse(await text(request)) as {
        readonly user_id: string
        readonly user_hash: string
      }
      const isVouched = known.user_hash.startsWith('a')
      if (isVouched)
        json(201, { sender: known.user_id, token: known.user_id.replace('v-', 't'), expires_at: 0 })
      else json(403, { status: 'failure' })
    } else if (path === '/visitors/me/messages') json(200, { messages: past })
    else if (path === '/visitors/me/rating') {
      chat.ratings.push(JSON.parse(await text(request)))
      response.writeHead(204).end()
    } else if (path === '/visitors/me/files') {
      const bytes = (await text(request)).length
      const name = query.get('name') ?? ''
      chat.files.push({ name, bytes })
      json(201, { url: `/visitors/files/${name}` })
    } else if (path === '/visitors/me/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': open\n\n')
      for (const said of past) response.write(`event: message\ndata: ${JSON.stringify(said)}\n\n`)
      streams.set(response, sender)
      request.once('close', () => streams.delete(response))
    } else response.writeHead(404).end()
  }
}

async function text(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request.setEncoding('latin1')) body += String(chunk)
  return Buffer.from(body, 'latin1').toString('utf8')
}

/** REST's shape as Rasa's socket sends it. */
function toSocket({ recipient_id: _to, buttons, image, custom, ...rest }: Record<string, unknown>): unknown {
  if (custom !== undefined) return custom
  if (image !== undefined) return { attachment: { type: 'image', payload: { src: image } } }
  return buttons === undefined ? rest : { ...rest, quick_replies: buttons }
}

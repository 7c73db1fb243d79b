// An endpoint of endpoints.yml or credentials.yml: the keys that all of them share, under Rasa's names.

import { CodedError } from '@tabula/protocol'
import { isRecord } from '../http/body.ts'

export interface Endpoint {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Path of a PEM file; the server's certificate must come from it. */
  readonly cafile: string | null
}

/** The endpoint of a settings entry: url, params, headers, basic_auth, token (sent as `token_name`), cafile. */
export function readEndpoint(settings: unknown, place: string): Endpoint {
  const entry = isRecord(settings) ? settings : {}
  const { url, params, token, token_name: tokenName, cafile } = entry
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new CodedError(
      'endpoints.no-url',
      `${place}: url should be a full http address; found ${shown(url)}.`,
      { status: 400 },
    )
  }
  const target = new URL(url)
  const headers = { ...urlAuth(target), ...basicAuth(entry['basic_auth']), ...textHeaders(entry['headers']) }
  for (const [name, value] of Object.entries(isRecord(params) ? params : {})) {
    target.searchParams.set(name, inText(value))
  }
  if (isGiven(token))
    target.searchParams.set(typeof tokenName === 'string' ? tokenName : 'token', inText(token))
  return { url: target.href, headers, cafile: typeof cafile === 'string' ? cafile : null }
}

/** The endpoint's url as logs may show it: without its query, where tokens stand. */
export function publicAddress({ url }: Pick<Endpoint, 'url'>): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** `http://user:password@host`; a name and password in the url are taken out of it, as by Rasa's client. */
function urlAuth(target: URL): Record<string, string> {
  const { username, password } = target
  if (username === '' && password === '') return {}
  target.username = ''
  target.password = ''
  return basicAuth({ username: decodeURIComponent(username), password: decodeURIComponent(password) })
}

function basicAuth(setting: unknown): Record<string, string> {
  if (!isRecord(setting) || Object.keys(setting).length === 0) return {}
  const pair = `${inText(setting['username'] ?? '')}:${inText(setting['password'] ?? '')}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function textHeaders(setting: unknown): Record<string, string> {
  if (!isRecord(setting)) return {}
  return Object.fromEntries(
    Object.entries(setting).map(([name, value]) => [name.toLowerCase(), inText(value)]),
  )
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

function inText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function shown(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : inText(value)
}

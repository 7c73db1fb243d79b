// What a page may set on the widget. Each setting has one name here; attributes of a script tag (data-…), attributes of the
// element, properties of `Tabula.mount`, RasaHQ's chat-widget and rasa-webchat all end in it.

export interface WidgetOptions {
  /** Origin (and path) of the server, without a slash at the end. */
  readonly server: string
  readonly transport: 'auto' | 'socket' | 'rest'
  readonly socketPath: string
  /** Path of the webhook; empty tries /conversations/webhook and then Rasa's. */
  readonly restPath: string
  readonly userEvent: string
  readonly botEvent: string
  readonly metadataKey: string
  /** A user that the page knows; empty for a visitor that nobody knows. */
  readonly userId: string
  readonly token: string
  readonly title: string
  readonly subtitle: string
  readonly avatar: string
  readonly welcome: string
  /** Questions offered before the first message. */
  readonly suggestions: readonly string[]
  /** Sent to the bot, unseen, when a conversation begins. */
  readonly firstMessage: string
  readonly placeholder: string
  readonly lang: string
  readonly theme: 'auto' | 'light' | 'dark'
  readonly side: 'left' | 'right'
  readonly storage: 'local' | 'session' | 'none'
  readonly storageHours: number
  readonly open: boolean
  readonly upload: boolean
  readonly uploadTypes: string
  readonly uploadMegabytes: number
  readonly rating: boolean
  readonly preview: boolean
  /** Goes along as metadata of every message. */
  readonly customData: Readonly<Record<string, unknown>> | null
  readonly maxLength: number
}

/** Names that other widgets use for the same thing. */
const ALIASES: Readonly<Record<string, string>> = {
  serverurl: 'server',
  socketurl: 'server',
  host: 'server',
  websocketurl: 'server',
  socketpath: 'socketPath',
  senderid: 'userId',
  authenticationtoken: 'token',
  userhash: 'token',
  widgettitle: 'title',
  boticon: 'avatar',
  profileavatar: 'avatar',
  initialpayload: 'firstMessage',
  initpayload: 'firstMessage',
  inputmessageplaceholder: 'placeholder',
  inputtextfieldhint: 'placeholder',
  autoopen: 'open',
  enablefeedback: 'rating',
  language: 'lang',
  locale: 'lang',
}

const NAMES: readonly (keyof WidgetOptions)[] = [
  ...(['server', 'transport', 'socketPath', 'restPath', 'userEvent', 'botEvent', 'metadataKey'] as const),
  ...(['userId', 'token', 'title', 'subtitle', 'avatar', 'welcome', 'suggestions', 'firstMessage'] as const),
  ...(['placeholder', 'lang', 'theme', 'side', 'storage', 'storageHours', 'open', 'upload'] as const),
  ...(['uploadTypes', 'uploadMegabytes', 'rating', 'preview', 'customData', 'maxLength'] as const),
]
const KNOWN = new Map<string, keyof WidgetOptions>(NAMES.map(name => [flat(name), name]))

/**
 * The options of these settings; names may be written in any way (user-id, userId, data-user-id). What cannot be used is
 * left at its default. `script`: where the widget came from, whose origin is the server where none is named.
 */
export function readOptions(settings: Readonly<Record<string, unknown>>, script: string): WidgetOptions {
  const given = new Map<string, unknown>()
  for (const [key, value] of Object.entries(settings)) {
    const name = flat(key.replace(/^data-/, ''))
    if (name === 'restenabled' && isYes(value)) given.set('transport', 'rest')
    const known = KNOWN.get(name) ?? ALIASES[name]
    if (known !== undefined) given.set(known, value)
  }
  if (isRecord(settings['params']) && typeof settings['params']['storage'] === 'string')
    given.set('storage', settings['params']['storage'])

  const text = (name: string, fallback = ''): string => {
    const value = given.get(name)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : fallback
  }
  const flag = (name: string, fallback: boolean): boolean =>
    given.has(name) ? isYes(given.get(name)) : fallback
  const count = (name: string, fallback: number): number => {
    const value = Number(given.get(name))
    return given.has(name) && Number.isFinite(value) && value > 0 ? value : fallback
  }
  const oneOf = <Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice =>
    choices.find(choice => choice === given.get(name)) ?? choices[0]
  const socketPath = text('socketPath').replace(/\/$/, '')
  return {
    server: serverOf(text('server'), script),
    transport: oneOf('transport', ['auto', 'socket', 'rest']),
    socketPath: socketPath === '' ? '/socket.io' : socketPath,
    restPath: text('restPath'),
    userEvent: text('userEvent', 'user_uttered'),
    botEvent: text('botEvent', 'bot_uttered'),
    metadataKey: text('metadataKey', 'metadata'),
    userId: text('userId'),
    token: text('token'),
    title: text('title'),
    subtitle: text('subtitle'),
    avatar: text('avatar'),
    welcome: text('welcome'),
    suggestions: readList(given.get('suggestions')),
    firstMessage: text('firstMessage'),
    placeholder: text('placeholder'),
    lang: text('lang'),
    theme: oneOf('theme', ['auto', 'light', 'dark']),
    side: oneOf('side', ['right', 'left']),
    storage: oneOf('storage', ['local', 'session', 'none']),
    storageHours: count('storageHours', 24 * 30),
    open: flag('open', false),
    upload: flag('upload', false),
    uploadTypes: text('uploadTypes', 'image/*,application/pdf'),
    uploadMegabytes: count('uploadMegabytes', 5),
    rating: flag('rating', false),
    preview: flag('preview', true),
    customData: readObject(given.get('customData')),
    maxLength: Math.min(count('maxLength', 2_000), 10_000),
  }
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

function serverOf(given: string, script: string): string {
  const base = script === '' ? location.href : script
  const url =
    URL.canParse(given, location.href) && given !== '' ? new URL(given, location.href) : new URL('/', base)
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function isYes(value: unknown): boolean {
  return value === true || value === '' || value === 'true' || value === 'on' || value === 'yes'
}

/** A list, its JSON, or texts between bars. */
function readList(value: unknown): readonly string[] {
  const list: unknown = typeof value === 'string' && value.startsWith('[') ? parse(value) : value
  if (Array.isArray(list)) return list.filter(item => typeof item === 'string')
  if (typeof list !== 'string' || list === '') return []
  return list
    .split('|')
    .map(part => part.trim())
    .filter(part => part !== '')
}

function readObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const object = typeof value === 'string' ? parse(value) : value
  return isRecord(object) ? object : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

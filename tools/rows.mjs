// Writes docs/faults-and-attacks.md: every fault and attack that the server is held against, with the tests that hold it.
// `node tools/rows.mjs` writes the page; a test says when it is out of date.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const PAGE = join(root, 'docs', 'faults-and-attacks.md')

const FAULTS = [
  'the process is killed before it has accepted a message',
  'it is killed after it has accepted one, before its turn',
  'it is killed during the turn',
  'it is killed after the action server answered, before that is kept',
  'it is killed after the action’s answer is kept',
  'it is killed after the turn is saved, before the answer',
  'it is killed between two parts of an answer',
  'it is stopped for 30 seconds with the turn in hand, and goes on',
  'its event loop is blocked for 15 seconds',
  'an action takes 90 seconds',
  'it is asked to stop under load',
  'it is asked to stop during a long action',
  'servers are restarted one after another',
  'Redis is killed, writing every change to disk',
  'Redis is killed, writing once a second',
  'Redis comes back empty',
  'Redis is stopped for 20 seconds',
  'Redis takes no writes for 4 seconds',
  'Redis drops its connections every second',
  'Redis forgets its scripts',
  'the answer of a save is lost on its way',
  'the network to Redis is cut for a minute',
  'the primary is killed and a replica takes over, with a wait for replicas',
  'the same without that wait, with replication cut',
  'an old primary is cut off with one of the servers',
  'a master of a cluster is killed',
  'slots of a cluster are moved under load',
  'Sentinel fails over',
  'Redis is full',
  'the ticket of a turn lapses',
  'the server’s clock jumps by an hour',
  'a webhook is delivered four times at once, and again later',
  'the first delivery dies, the provider delivers again',
  'the action server refuses, resets, dawdles, or answers nonsense or too much',
  'five hundred messages at once to one sender; twice the load for a minute',
  'a thousand sockets that never read',
  'the disk under SQLite is full',
  'PostgreSQL or a broker is away for a minute',
  'models are swapped under load; broken, cut and missing ones',
  'a message that always fails; too little memory; a reminder due during a kill',
]

const ATTACKS = [
  'every route without a token',
  'a token that chooses its algorithm',
  'key ids and addresses in a token’s header',
  'times, issuer and audience of a token',
  'a signing secret that is too short',
  'another user’s conversation under a name that looks alike',
  'a user name that is no text',
  'a user who asks for what admins see',
  'a role that is slipped into a request',
  'secrets compared byte by byte',
  'a token in an address, in logs and errors',
  'guessing a password',
  'telling known users from unknown ones',
  'two hundred logins at once',
  'a password of a megabyte',
  'the token of a user who was disabled',
  'a webhook that is open to everybody',
  'messages without a sender',
  'Slack’s signature',
  'Facebook’s signature',
  'Twilio’s signature',
  'Telegram’s secret',
  'Bot Framework’s tokens',
  'tokens of Mattermost, Rocket.Chat, Webex and Hangouts',
  'the session id of somebody else',
  'a user who types an intent',
  'a slot’s value that looks like a placeholder',
  'aliases that multiply in YAML',
  'YAML without end',
  'YAML that would make objects',
  'JSON that is deep, wide or beyond all numbers',
  'keys that name a prototype',
  'headers named after prototypes, keys that collide',
  'expressions that run without end',
  'headers made of blanks, an odd host',
  'a sender that is SQL, Lua or a pattern',
  'control characters and megabytes in the log',
  'markup in messages, buttons and links',
  'formulas in a table that is exported',
  'links and odd paths in a model',
  'a model that unpacks to too much',
  'code in a model, sizes that no memory holds',
  'a path out of the folder of models',
  'addresses inside the network, however they are written',
  'a model over the network with a wrong digest, or too big',
  'headers and bodies that come slowly',
  'a request with two lengths',
  'origins that may not ask',
  'floods and broken packets over sockets',
  'known faults of what is installed; what is left of an erased sender',
]

/** `{kind, number, title, file}` of every test or bench that names a row. */
export function rowsInTests() {
  const found = []
  for (const file of sources(join(root, 'packages')).concat(
    sources(join(root, 'bench')),
    sources(join(root, 'tools')),
  )) {
    const text = readFileSync(file, 'utf8')
    for (const [, kind, numbers, title] of text.matchAll(
      /['"`](fault|security) rows? ([\d, and]+):\s*([^'"`\n]*)/g,
    )) {
      for (const number of numbers.match(/\d+/g) ?? [])
        found.push({ kind, number: Number(number), title: title.trim(), file: relative(root, file) })
    }
  }
  return found
}

/** Titles that name a row without saying of which table. */
export function rowsWithoutKind() {
  return sources(join(root, 'packages')).flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/['"`](rows? \d[^'"`\n]*:[^'"`\n]*)/g)].map(
      ([, title]) => `${relative(root, file)}: ${title}`,
    ),
  )
}

export function page() {
  const rows = rowsInTests()
  const table = (kind, texts) =>
    texts
      .map((text, index) => {
        const tests = rows.filter(row => row.kind === kind && row.number === index + 1)
        const files = [...new Set(tests.map(({ file }) => `\`${file}\``))]
        return `${index + 1}. ${text}${files.length === 0 ? ' — no test yet' : ` — ${files.join(', ')}`}\n`
      })
      .join('')
  return `# Faults and attacks

What the server is held against, and the tests that do it: each names its row in its title. Written by
\`node tools/rows.mjs\`; a row without a test says so.

## Faults

${table('fault', FAULTS)}
## Attacks

${table('security', ATTACKS)}`
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => !/node_modules|[/\\]dist[/\\]/.test(file))
    .sort()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PAGE, page())
  const missing = page().match(/no test yet/g)?.length ?? 0
  process.stdout.write(
    `${relative(root, PAGE)}: ${FAULTS.length + ATTACKS.length - missing} rows have a test, ${missing} have none\n`,
  )
}

// Several assistants by name in one process: each with its model, channels and conversations, all behind one port.

import { CodedError } from '@tabula/protocol'
import { compose, type CompositionParts } from './compose.ts'
import { type Endpoints, readEndpoints } from './config/read-endpoints.ts'
import type { TrackerStoreSettings } from './config/read-stores.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'
import { AssistantsFront } from './http/assistants-front.ts'
import { LIMITS } from './config/limits.ts'
import { listen } from './http/listen.ts'
import { openPort } from './http/open-ports.ts'
import { createMeter } from './telemetry/metrics.ts'

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/

/**
 * A server whose assistants answer at `/assistants/NAME/...`, or where the header X-Assistant names them. Throws CodedError as
 * `compose` does, and `assistants.*` for names that cannot be, or two assistants whose conversations would mix.
 */
export async function composeAssistants(
  options: ServerOptions,
  parts: CompositionParts,
): Promise<RunningServer> {
  const { assistants, ...common } = options
  const names = checkedNames(options)
  // Read once, so that what is odd in a file is told once.
  const endpoints = new Map(
    names.map(name => [
      name,
      readEndpoints(assistants?.each[name]?.endpoints ?? {}, options.trackerStore, parts.log),
    ]),
  )
  keepApart(endpoints)
  const front = new AssistantsFront(assistants?.default ?? null)
  const running: RunningServer[] = []
  const stopAll = async (notice?: number): Promise<void> => {
    await Promise.all(running.map(server => server.stop(notice)))
  }
  try {
    for (const [name, read] of endpoints)
      running.push(
        await compose(
          { ...common, endpoints: {}, ...assistants?.each[name] },
          {
            ...parts,
            endpoints: read,
            meter: createMeter({ defaults: false }),
            port: front.hostOf(name),
          },
        ),
      )
    const port = await openPort({ listen }, options, front.handle, [])
    port.server.on('upgrade', front.upgrade)
    const end = async (notice?: number): Promise<void> => {
      const closed = stopAll(notice)
      if (notice !== undefined && notice > 0) await new Promise(resolve => setTimeout(resolve, notice))
      await port.close(LIMITS.stopGrace)
      await closed
    }
    let ended: Promise<void> | null = null
    return { urls: { server: port.url }, stop: notice => (ended ??= end(notice)) }
  } catch (error) {
    await stopAll()
    throw error
  }
}

function checkedNames({ assistants }: ServerOptions): readonly string[] {
  const names = Object.keys(assistants?.each ?? {})
  const odd = names.find(name => !NAME.test(name))
  if (odd !== undefined)
    throw new CodedError(
      'assistants.name',
      `'${odd}' cannot name an assistant: write small letters, digits, - and _, 64 at most.`,
      { status: 400 },
    )
  if (names.length === 0)
    throw new CodedError('assistants.none', 'There is no assistant: name one below `assistants:`.', {
      status: 400,
    })
  const fallback = assistants?.default
  if (fallback !== undefined && !names.includes(fallback))
    throw new CodedError(
      'assistants.default',
      `The default assistant '${fallback}' is none of ${names.join(', ')}.`,
      { status: 400 },
    )
  return names
}

/** Two assistants may share a database server, but not the place in it: their senders may have the same ids. */
function keepApart(endpoints: ReadonlyMap<string, Endpoints>): void {
  const known = new Map<string, string>()
  for (const [name, { trackerStore }] of endpoints) {
    const place = placeOf(trackerStore)
    if (place === null) continue
    const other = known.get(place)
    if (other !== undefined)
      throw new CodedError(
        'assistants.same-store',
        `The assistants '${other}' and '${name}' keep conversations in the same place. Give one of them another key_prefix, db or file.`,
        { status: 400 },
      )
    known.set(place, name)
  }
}

/** Where conversations lie, the same text for the same place; null where they are in memory. */
function placeOf(store: TrackerStoreSettings): string | null {
  switch (store.kind) {
    case 'memory':
    // Its own class tells what it keeps apart.
    case 'custom':
      return null
    case 'sqlite':
      return store.file === ':memory:' ? null : `sqlite ${store.file}`
    case 'postgres': {
      const { url, host, port, database } = store.settings
      return `postgres ${url ?? `${host}:${port}/${database}`}`
    }
    case 'redis': {
      const { nodes, db, keyPrefix } = store.settings
      return `redis ${nodes.map(({ host, port }) => `${host}:${port}`).join()} ${db} ${keyPrefix}`
    }
    case 'mongo': {
      const { url, db, collection } = store.settings
      return `mongo ${url} ${db} ${collection}`
    }
  }
}

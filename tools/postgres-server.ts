// For tests and benches: a PostgreSQL of their own on a free port of loopback.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, realpathSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { answers, freePort } from './redis-server.ts'
import { findService } from './services.mjs'

export interface PostgresServer {
  readonly port: number
  /** Whole address for a client: user postgres, database postgres. */
  readonly url: string
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

/** Whether this machine has PostgreSQL; a CI run must have it. */
export function hasPostgres(): boolean {
  return programs() !== null
}

/** A running, empty server. It trusts whoever connects from this machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const found = programs()
  if (found === null) throw new Error('There is no postgres here.')
  const folder = await mkdtemp(join(tmpdir(), 'tabula-postgres-'))
  const owner = ownerOf()
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const options = { ...(owner ?? {}), cwd: folder, stdio: 'ignore' as const }
  const made = spawnSync(found.initdb, ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'], options)
  if (made.status !== 0) throw new Error(`initdb ended with status ${String(made.status)}.`)
  const port = await freePort()
  const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`]
  const child = spawn(found.postgres, ['-D', data, '-p', String(port), ...settings], options)
  await answers(port)
  await accepts(join(dirname(found.postgres), 'pg_isready'), port)
  return {
    port,
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    signal(name) {
      child.kill(name)
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGQUIT')
        await gone
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The port is open before the database is: it refuses whoever comes while it is starting up. */
async function accepts(isReady: string, port: number): Promise<void> {
  const until = Date.now() + 30_000
  while (spawnSync(isReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]).status !== 0) {
    if (Date.now() > until) throw new Error('PostgreSQL does not accept connections.')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function programs(): { readonly postgres: string; readonly initdb: string } | null {
  const found = findService('PostgreSQL')
  if (found === null) return null
  const postgres = realpathSync(found)
  const initdb = join(dirname(postgres), 'initdb')
  return existsSync(initdb) ? { postgres, initdb } : null
}

/** PostgreSQL refuses to run as root: then the user that its package made runs it. */
function ownerOf(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const asked = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: asked('-u'), gid: asked('-g') }
}

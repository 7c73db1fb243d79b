// Markers over stored conversations: reads them, chooses conversations, and gives the tables.

import { Domain } from '@tabula/dialogue'
import { createRandom } from '@tabula/ml'
import type { LoggedEvent } from '@tabula/protocol'
import { sample } from '../evaluate/split-examples.ts'
import { ProjectReader } from '../project/project-reader.ts'
import { readDomain } from '../project/read-domain.ts'
import { hitsTable, markSessions, overallTable, perSessionTable } from './marker-tables.ts'
import { readMarkers } from './read-markers.ts'

export interface MarkerOptions {
  readonly root: string
  /** File or folder of markers. */
  readonly markers: string
  readonly domain: string
  readonly strategy: 'all' | 'first_n' | 'sample_n'
  readonly count?: number
  readonly seed?: number
}

export interface MarkerTables {
  readonly hits: string
  readonly overall: string
  readonly perSession: string
  readonly conversations: number
  readonly sessions: number
}

interface Conversation {
  readonly sender: string
  readonly events: readonly LoggedEvent[]
}

/** The tables, as CSV. Throws ProjectError where markers or domain are wrong. */
export async function evaluateMarkers(
  conversations: AsyncIterable<Conversation>,
  { root, markers: path, domain: domainPath, strategy, count = 0, seed }: MarkerOptions,
): Promise<MarkerTables> {
  const reader = new ProjectReader(root, {})
  const { json } = readDomain(await reader.trees([domainPath]), reader.problems)
  const markers = await readMarkers(root, path, Domain.fromJson(json))
  let chosen: Conversation[] = []
  for await (const conversation of conversations) {
    if (strategy === 'first_n' && chosen.length >= count) break
    chosen.push(conversation)
  }
  if (strategy === 'sample_n' && count < chosen.length)
    chosen = sample(chosen, count / chosen.length, createRandom(seed ?? Date.now()))
  const sessions = chosen.flatMap(({ sender, events }) => markSessions(sender, events, markers))
  const names = [...markers.keys()]
  return {
    hits: hitsTable(sessions),
    overall: overallTable(sessions, names),
    perSession: perSessionTable(sessions, names),
    conversations: chosen.length,
    sessions: sessions.length,
  }
}

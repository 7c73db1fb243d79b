// The index of conversations in SQLite or PostgreSQL.

import type { LoggedEvent } from '@tabula/protocol'
import type { Knex } from 'knex'
import type { LogEntry } from '../tracker-store/event-log.ts'
import { forgetDeleted } from '../tracker-store/sql-tables.ts'
import { addAudit, listAudits } from './audit.ts'
import {
  changedSince,
  findConversation,
  inactiveSince,
  listTags,
  setReview,
  setTags,
  takeDueResumes,
} from './conversations.ts'
import type { History, LoadConversation } from './history.ts'
import type {
  AuditPage,
  ConversationFilter,
  ConversationPage,
  ConversationSummary,
  Label,
  MisunderstoodMessage,
  MisunderstoodPage,
  MisunderstoodReason,
  MisunderstoodState,
  NewAuditEntry,
  Page,
  Statistics,
} from './history-types.ts'
import { listConversations } from './list-conversations.ts'
import { labelled, labelMessage, listMisunderstood } from './misunderstood.ts'
import { forgetConversation, rebuildConversation, recordEntries, refreshConversation } from './record.ts'
import { searchConversations } from './search-conversations.ts'
import { searchedWords } from './search-words.ts'
import { readStatistics } from './statistics.ts'

export interface HistorySettings {
  /** Intents below it count as unsure. */
  readonly lowConfidence: number
}

export class SqlHistory implements History {
  readonly #knex: Knex
  readonly #settings: HistorySettings
  readonly #now: () => number

  /** Over a connection whose tables are there; `now` in seconds since 1970. */
  constructor(knex: Knex, settings: HistorySettings, now: () => number) {
    this.#knex = knex
    this.#settings = settings
    this.#now = now
  }

  async record(entries: readonly LogEntry[], load: LoadConversation): Promise<void> {
    await recordEntries(this.#knex, entries, load, this.#settings.lowConfidence)
  }

  async refresh(sender: string, events: readonly LoggedEvent[]): Promise<void> {
    await refreshConversation(this.#knex, sender, events, this.#settings.lowConfidence)
  }

  async reset(): Promise<void> {
    await this.#knex('history_hours').delete()
  }

  async rebuild(sender: string, events: readonly LoggedEvent[]): Promise<void> {
    await rebuildConversation(this.#knex, sender, events, this.#settings.lowConfidence)
  }

  async list(filter: ConversationFilter, page: Page): Promise<ConversationPage> {
    const { q = '', ...rest } = filter
    const words = searchedWords(q)
    if (words.length === 0) return listConversations(this.#knex, rest, page)
    return searchConversations(this.#knex, { text: q, words }, rest, page)
  }

  async find(sender: string): Promise<ConversationSummary | null> {
    return findConversation(this.#knex, sender)
  }

  async changedSince(
    mark: string | null,
  ): Promise<{ readonly mark: string; readonly changed: readonly ConversationSummary[] }> {
    return changedSince(this.#knex, mark)
  }

  async takeDueResumes(now: number): Promise<readonly string[]> {
    return takeDueResumes(this.#knex, now)
  }

  async inactiveSince(time: number, limit: number): Promise<readonly string[]> {
    return inactiveSince(this.#knex, time, limit)
  }

  async setResumeTime(sender: string, time: number | null): Promise<void> {
    await setReview(this.#knex, sender, { resumes_at: time })
  }

  async setTags(sender: string, tags: readonly string[]): Promise<boolean> {
    return setTags(this.#knex, sender, tags)
  }

  async setReview(
    sender: string,
    review: { readonly reviewed?: boolean; readonly note?: string | null },
  ): Promise<boolean> {
    return setReview(this.#knex, sender, review)
  }

  async tags(): Promise<readonly { readonly tag: string; readonly conversations: number }[]> {
    return listTags(this.#knex)
  }

  async forget(sender: string): Promise<boolean> {
    const isKnown = await forgetConversation(this.#knex, sender)
    await forgetDeleted(this.#knex)
    return isKnown
  }

  async statistics(from: number, to: number): Promise<Statistics> {
    return readStatistics(this.#knex, from, to)
  }

  async misunderstood(
    filter: { readonly state?: MisunderstoodState; readonly reason?: MisunderstoodReason },
    page: Page,
  ): Promise<MisunderstoodPage> {
    return listMisunderstood(this.#knex, filter, page)
  }

  async label(
    id: number,
    change: { readonly state: MisunderstoodState; readonly label: Label | null; readonly by: string },
  ): Promise<MisunderstoodMessage | null> {
    return labelMessage(this.#knex, id, change)
  }

  async labelled(): Promise<readonly MisunderstoodMessage[]> {
    return labelled(this.#knex)
  }

  async audit(entry: NewAuditEntry): Promise<void> {
    await addAudit(this.#knex, entry, this.#now())
  }

  async audits(
    filter: { readonly action?: string; readonly subject?: string },
    page: Page,
  ): Promise<AuditPage> {
    return listAudits(this.#knex, filter, page)
  }
}

// The index that admins read conversations through. It is made of the event log and can be made anew from it; only what
// people add by hand (tags, notes, labels, audit) lives here alone.

import type { LoggedEvent } from '@tabula/protocol'
import type { LogEntry } from '../tracker-store/event-log.ts'
import type { StoredEvents } from '../tracker-store/tracker-store.ts'
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

/** Reads a whole conversation, where the index does not have what came before. */
export type LoadConversation = (sender: string) => Promise<Pick<StoredEvents, 'events'>>

export interface History {
  /** Takes the next entries of the event log in, in one transaction; an entry that is in already is passed over. */
  record(entries: readonly LogEntry[], load: LoadConversation): Promise<void>
  /** Makes the index of this conversation what the events say; one without events leaves the index. */
  refresh(sender: string, events: readonly LoggedEvent[]): Promise<void>
  /** Forgets the figures of hours, before every conversation is made anew by `rebuild`; what people added stays. */
  reset(): Promise<void>
  rebuild(sender: string, events: readonly LoggedEvent[]): Promise<void>
  /** Throws CodedError `history.cursor` (400) for a cursor that is none. */
  list(filter: ConversationFilter, page: Page): Promise<ConversationPage>
  find(sender: string): Promise<ConversationSummary | null>
  /** Conversations that changed after the mark of an earlier call, oldest change first, and the next mark. */
  changedSince(
    mark: string | null,
  ): Promise<{ readonly mark: string; readonly changed: readonly ConversationSummary[] }>
  /** Paused conversations that the bot should take over again by now: each is given to one caller, once. */
  takeDueResumes(now: number): Promise<readonly string[]>
  /** Conversations whose last activity is before the time, oldest first, at most `limit`. */
  inactiveSince(time: number, limit: number): Promise<readonly string[]>
  setResumeTime(sender: string, time: number | null): Promise<void>
  /** False where there is no such conversation, as with the two below. */
  setTags(sender: string, tags: readonly string[]): Promise<boolean>
  setReview(
    sender: string,
    review: { readonly reviewed?: boolean; readonly note?: string | null },
  ): Promise<boolean>
  tags(): Promise<readonly { readonly tag: string; readonly conversations: number }[]>
  /** Forgets the conversation and everything that was said in it; gives whether it was known. */
  forget(sender: string): Promise<boolean>
  statistics(from: number, to: number): Promise<Statistics>
  misunderstood(
    filter: { readonly state?: MisunderstoodState; readonly reason?: MisunderstoodReason },
    page: Page,
  ): Promise<MisunderstoodPage>
  label(
    id: number,
    change: { readonly state: MisunderstoodState; readonly label: Label | null; readonly by: string },
  ): Promise<MisunderstoodMessage | null>
  /** Labelled messages that are done, oldest first: what a patch of training data is made of. */
  labelled(): Promise<readonly MisunderstoodMessage[]>
  audit(entry: NewAuditEntry): Promise<void>
  audits(filter: { readonly action?: string; readonly subject?: string }, page: Page): Promise<AuditPage>
}

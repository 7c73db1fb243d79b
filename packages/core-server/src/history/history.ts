// The index that admins read conversations through. It is made of the event log and can be made anew from it; only what
// people add by hand (tags, notes, labels, audit) lives here alone.

import type { ActionReason } from '@tabula/dialogue'
import type { LoggedEvent } from '@tabula/protocol'
import type { Revision } from '../tracker-store/tracker-store.ts'
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

/** What one append added to a conversation. */
export interface ConversationChange {
  readonly sender: string
  /** The revision that the events were appended to, and the one that they made. */
  readonly expected: Revision
  readonly revision: Revision
  readonly events: readonly LoggedEvent[]
  readonly why: readonly ActionReason[]
}

/** Reads a whole conversation where the index does not have what came before a change. */
export type LoadConversation = (
  sender: string,
) => Promise<{ readonly revision: Revision; readonly events: readonly LoggedEvent[] }>

export interface History {
  /** Takes these changes in, in one transaction; a change that is in already is passed over. */
  record(changes: readonly ConversationChange[], load: LoadConversation): Promise<void>
  /** Makes the index of this conversation what the event log says; one that the log does not hold leaves the index. */
  refresh(sender: string, load: LoadConversation): Promise<void>
  /** Throws CodedError `history.cursor` (400) for a cursor that is none. */
  list(filter: ConversationFilter, page: Page): Promise<ConversationPage>
  find(sender: string): Promise<ConversationSummary | null>
  /** Conversations that changed after the mark of an earlier call, oldest change first, and the next mark. */
  changedSince(
    mark: string | null,
  ): Promise<{ readonly mark: string; readonly changed: readonly ConversationSummary[] }>
  /** Paused conversations that the bot should take over again by now. */
  dueToResume(now: number): Promise<readonly string[]>
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

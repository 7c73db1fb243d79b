// What history knows of conversations, in the words that the public API answers with.

/** One conversation as the list shows it. Times are seconds since 1970. */
export interface ConversationSummary {
  readonly sender: string
  readonly first_active: number
  readonly last_active: number
  readonly channel: string | null
  /** The newest words, cut to 200 characters, and who said them. */
  readonly last_text: string | null
  readonly last_from: Speaker | null
  /** Messages of the user, and of everybody. */
  readonly turns: number
  readonly messages: number
  readonly events: number
  /** The least sure intent of any turn; null where nothing was understood yet. */
  readonly lowest_confidence: number | null
  readonly fallback: boolean
  readonly paused: boolean
  /** When the bot takes over again by itself. */
  readonly resumes_at: number | null
  readonly thumbs_down: boolean
  /** The last rating, 1 to 5. */
  readonly csat: number | null
  readonly model_id: string | null
  readonly reviewed: boolean
  readonly note: string | null
  readonly tags: readonly string[]
}

/** `human` is a person of the shop who answered in the bot's place. */
export type Speaker = 'user' | 'bot' | 'human'

/** What a list is narrowed to; all that are named must hold. */
export interface ConversationFilter {
  /** Words that a message holds, or the beginning of the sender's id. */
  readonly q?: string
  /** Bounds of the last activity, in seconds since 1970. */
  readonly from?: number
  readonly to?: number
  readonly sender?: string
  readonly channel?: string
  readonly intent?: string
  readonly action?: string
  readonly tag?: string
  readonly confidence_below?: number
  readonly csat_at_most?: number
  readonly fallback?: boolean
  readonly paused?: boolean
  readonly thumbs_down?: boolean
  readonly reviewed?: boolean
}

export interface Page {
  readonly limit: number
  /** `next` or `previous` of another page; opaque. */
  readonly cursor?: string
}

/** A conversation of a list, with the message that was searched for. */
export interface ListedConversation extends ConversationSummary {
  readonly hit?: Hit
}

export interface Hit {
  readonly time: number
  readonly from: Speaker
  readonly text: string
  /** Beginnings and ends of the found words in the text, in UTF-16 units. */
  readonly marks: readonly (readonly [number, number])[]
}

export interface ConversationPage {
  readonly conversations: readonly ListedConversation[]
  /** Cursor of the older page, null at the end. */
  readonly next: string | null
  /** Cursor of the newer page, null at the beginning. */
  readonly previous: string | null
  /** Counted up to a bound; beyond it `total_is_exact` is false. */
  readonly total: number
  readonly total_is_exact: boolean
}

export const MISUNDERSTOOD_REASONS = ['low_confidence', 'fallback', 'thumbs_down'] as const
export const MISUNDERSTOOD_STATES = ['new', 'pending', 'done', 'ignored'] as const
export type MisunderstoodReason = (typeof MISUNDERSTOOD_REASONS)[number]
export type MisunderstoodState = (typeof MISUNDERSTOOD_STATES)[number]

/** Words of a user that the bot did not understand, or was not liked for. */
export interface MisunderstoodMessage {
  readonly id: number
  readonly sender: string
  readonly time: number
  readonly text: string
  readonly intent: string | null
  readonly confidence: number | null
  readonly reasons: readonly MisunderstoodReason[]
  readonly state: MisunderstoodState
  /** What a reviewer says that it means. */
  readonly label: Label | null
  readonly labelled_by: string | null
  /** How many messages of this state say the same words. */
  readonly alike: number
}

export interface Label {
  readonly intent: string
  readonly entities: readonly LabelledEntity[]
}

export interface LabelledEntity {
  readonly start: number
  readonly end: number
  readonly entity: string
  readonly value?: string
  readonly role?: string
  readonly group?: string
}

export interface MisunderstoodPage {
  readonly messages: readonly MisunderstoodMessage[]
  readonly next: string | null
}

export interface Statistics {
  readonly from: number
  readonly to: number
  /** Seconds of a bucket: 3,600 or 86,400. */
  readonly bucket: number
  readonly conversations: number
  readonly user_messages: number
  readonly bot_messages: number
  readonly human_messages: number
  /** Share of the users' messages, 0 to 1. */
  readonly fallback_rate: number
  readonly low_confidence_rate: number
  readonly csat: { readonly count: number; readonly mean: number | null; readonly scores: readonly number[] }
  readonly thumbs: { readonly up: number; readonly down: number }
  /** Seconds from a user's message to the bot's first words. */
  readonly response_time: {
    readonly count: number
    readonly mean: number | null
    readonly p95: number | null
  }
  readonly top_intents: readonly { readonly intent: string; readonly messages: number }[]
  readonly channels: readonly { readonly channel: string; readonly messages: number }[]
  readonly series: readonly StatisticsBucket[]
}

export interface StatisticsBucket {
  readonly time: number
  readonly conversations: number
  readonly user_messages: number
  readonly fallbacks: number
}

export interface AuditEntry {
  readonly id: number
  readonly time: number
  readonly user_id: string | null
  readonly email: string | null
  readonly action: string
  readonly subject: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface NewAuditEntry {
  readonly user_id: string | null
  readonly email: string | null
  readonly action: string
  readonly subject?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  readonly next: string | null
}

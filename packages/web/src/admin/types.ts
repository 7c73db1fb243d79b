// What the public API answers with, as the admin pages read it; /openapi.json describes it.

export type Role = 'viewer' | 'reviewer' | 'admin'
export type Speaker = 'user' | 'bot' | 'human'

export interface User {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly disabled: boolean
  readonly created_at: number
  readonly last_login_at: number | null
}

export interface LoginAnswer {
  readonly token: string
  readonly expires_at: number
  readonly user: User
}

export interface Summary {
  readonly sender: string
  readonly first_active: number
  readonly last_active: number
  readonly channel: string | null
  readonly last_text: string | null
  readonly last_from: Speaker | null
  readonly turns: number
  readonly messages: number
  readonly lowest_confidence: number | null
  readonly fallback: boolean
  readonly paused: boolean
  readonly resumes_at: number | null
  readonly thumbs_down: boolean
  readonly csat: number | null
  readonly model_id: string | null
  readonly reviewed: boolean
  readonly note: string | null
  readonly tags: readonly string[]
  readonly hit?: {
    readonly text: string
    readonly from: Speaker
    readonly marks: readonly (readonly [number, number])[]
  }
}

export interface SummaryPage {
  readonly conversations: readonly Summary[]
  readonly next: string | null
  readonly previous: string | null
  readonly total: number
  readonly total_is_exact: boolean
}

export interface RasaEvent {
  readonly event: string
  readonly timestamp?: number
  readonly text?: string | null
  readonly name?: string | null
  readonly value?: unknown
  readonly data?: Readonly<Record<string, unknown>>
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly policy?: string | null
  readonly confidence?: number | null
}

export interface EventPage {
  readonly conversation: Summary
  readonly events: readonly RasaEvent[]
  /** Number of the first of these events in the whole conversation. */
  readonly first: number
  readonly total: number
}

export interface PolicyReason {
  readonly policy: string
  readonly action: string
  readonly confidence: number
  readonly source?: {
    readonly kind: string
    readonly name?: string
    readonly position?: { readonly file: string; readonly line: number }
  }
}

export interface Turn {
  readonly time: number
  readonly event: number | null
  readonly text: string | null
  readonly model_id: string | null
  readonly intents: readonly { readonly name?: string | null; readonly confidence?: number }[]
  readonly entities: readonly {
    readonly entity?: string
    readonly value?: unknown
    readonly start?: number
    readonly end?: number
  }[]
  readonly slots: readonly { readonly name: string; readonly value: unknown }[]
  readonly actions: readonly { readonly chosen: PolicyReason; readonly runnerUp: PolicyReason | null }[]
  readonly milliseconds: Readonly<Record<string, number>> | null
}

export interface LabelledEntity {
  readonly start: number
  readonly end: number
  readonly entity: string
}

export interface Misunderstood {
  readonly id: number
  readonly sender: string
  readonly time: number
  readonly text: string
  readonly intent: string | null
  readonly confidence: number | null
  readonly reasons: readonly string[]
  readonly state: string
  readonly label: { readonly intent: string; readonly entities: readonly LabelledEntity[] } | null
  readonly alike: number
}

export interface Statistics {
  readonly from: number
  readonly to: number
  readonly bucket: number
  readonly conversations: number
  readonly user_messages: number
  readonly bot_messages: number
  readonly human_messages: number
  readonly fallback_rate: number
  readonly low_confidence_rate: number
  readonly csat: { readonly count: number; readonly mean: number | null; readonly scores: readonly number[] }
  readonly thumbs: { readonly up: number; readonly down: number }
  readonly response_time: {
    readonly count: number
    readonly mean: number | null
    readonly p95: number | null
  }
  readonly top_intents: readonly { readonly intent: string; readonly messages: number }[]
  readonly channels: readonly { readonly channel: string; readonly messages: number }[]
  readonly series: readonly Bucket[]
}

export interface Bucket {
  readonly time: number
  readonly conversations: number
  readonly user_messages: number
  readonly fallbacks: number
}

export interface ModelName {
  readonly model_file: string | null
  readonly model_id: string
  readonly share?: number
}

export interface Models {
  readonly live: ModelName | null
  readonly canary: ModelName | null
  readonly previous: ModelName | null
  readonly intents: readonly string[]
  readonly entities: readonly string[]
  readonly actions: readonly string[]
}

export interface AuditEntry {
  readonly id: number
  readonly time: number
  readonly email: string | null
  readonly action: string
  readonly subject: string | null
}

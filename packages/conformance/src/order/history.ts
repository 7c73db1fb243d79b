// What happened in a run, as those outside of the servers saw it, on one monotonic clock (milliseconds).

export type Way = 'rest' | 'callback' | 'socketio'

/** A message of a client: sent first at `sent`; `ended` when its outcome was known. */
export interface Operation {
  readonly sender: string
  readonly way: Way
  readonly number: number
  readonly sent: number
  ended: number
  /** ok: taken for certain; fail: not taken for certain; unknown: neither. */
  outcome: 'ok' | 'fail' | 'unknown'
  /** How often it was sent again under its id. */
  retries: number
}

/** One part of an answer, as the client received it. */
export interface Reply {
  readonly sender: string
  readonly number: number
  readonly part: number
  readonly hash: string
  readonly at: number
  /** Over which socket; nothing where answers come by requests. */
  readonly socket?: SocketLine
  /** Told again with the acknowledgement of a message that was sent again. */
  readonly isRetold?: boolean
}

/** A socket of a client, which hears what is said in its session from `joined` on. */
export interface SocketLine {
  joined: number
}

/** A call that came to the action server at `came` and was answered at `answered` (null: never). */
export interface Call {
  readonly key: string
  readonly sender: string
  readonly number: number
  readonly action: string
  readonly came: number
  answered: number | null
}

export interface Fault {
  readonly kind: string
  readonly at: number
}

export interface History {
  readonly operations: Operation[]
  readonly replies: Reply[]
  readonly calls: Call[]
  readonly faults: Fault[]
}

export function newHistory(): History {
  return { operations: [], replies: [], calls: [], faults: [] }
}

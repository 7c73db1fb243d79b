// One effect for each message, however often its sender delivers it: providers and clients repeat what they got no answer
// for. Where this is kept is a pair: memory here, and a store that replicas share.

import type { JsonValue } from '@tabula/protocol'

/** Names one message: the id that its provider or client gave it is looked at within channel and sender alone. */
export interface DeliveryKey {
  readonly channel: string
  readonly sender: string
  readonly id: string
}

export interface DeliveryResult<Result> {
  readonly result: Result
  /** Whether an earlier delivery did the work. */
  readonly isRepeat: boolean
}

export interface Deliveries {
  /**
   * What the work of this message gave: run for the first delivery; a repeat waits for it and gets the same. Work that
   * fails leaves no trace, so that the next delivery tries again. `content` is what was sent: CodedError
   * `delivery.other-content` (422) where the same id comes with another.
   */
  once<Result extends JsonValue>(
    key: DeliveryKey,
    content: string,
    work: () => Promise<Result>,
  ): Promise<DeliveryResult<Result>>
}

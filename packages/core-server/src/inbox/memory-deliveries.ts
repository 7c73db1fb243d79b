// Deliveries known to this process alone: the newest of them, for as long as any provider repeats.

import { createHash } from 'node:crypto'
import { CodedError } from '@tabula/protocol'
import type { JsonValue } from '@tabula/protocol'
import type { Deliveries, DeliveryKey, DeliveryResult } from './deliveries.ts'

export interface DeliveryBounds {
  /** Deliveries that are kept in mind. */
  readonly knownDeliveries: number
  /** Milliseconds that one is. */
  readonly deliveryLife: number
}

interface Known {
  readonly content: string
  readonly result: Promise<JsonValue>
  readonly until: number
}

export class MemoryDeliveries implements Deliveries {
  readonly #bounds: DeliveryBounds
  readonly #now: () => number
  /** In the order of arrival: the oldest go first. */
  readonly #known = new Map<string, Known>()

  constructor(bounds: DeliveryBounds, now: () => number = () => performance.now()) {
    this.#bounds = bounds
    this.#now = now
  }

  async once<Result extends JsonValue>(
    key: DeliveryKey,
    content: string,
    work: () => Promise<Result>,
  ): Promise<DeliveryResult<Result>> {
    this.#forgetOld()
    const name = JSON.stringify([key.channel, key.sender, key.id])
    const digest = createHash('sha256').update(content).digest('base64')
    const known = this.#known.get(name)
    if (known !== undefined) {
      if (known.content !== digest) throw otherContent(key)
      // It was this very work that gave it: the same key means the same channel, and that one kind of result.
      return { result: (await known.result) as Result, isRepeat: true }
    }
    const result = work()
    this.#known.set(name, { content: digest, result, until: this.#now() + this.#bounds.deliveryLife })
    try {
      return { result: await result, isRepeat: false }
    } catch (error) {
      this.#known.delete(name)
      throw error
    }
  }

  #forgetOld(): void {
    for (const [name, { until }] of this.#known) {
      if (until > this.#now() && this.#known.size < this.#bounds.knownDeliveries) return
      this.#known.delete(name)
    }
  }
}

function otherContent({ id }: DeliveryKey): CodedError {
  return new CodedError('delivery.other-content', `The id ${id} has named another message before.`, {
    status: 422,
  })
}

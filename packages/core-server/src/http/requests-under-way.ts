// Knows which requests are being answered, so that a server that stops can wait for the last of them.

import type { Middleware } from 'koa'

export class RequestsUnderWay {
  #count = 0
  #isStopping = false
  #onSettled: (() => void) | null = null

  /** Counts; once the server stops it has clients leave their connections: a request on one that closes would be lost. */
  watch(): Middleware {
    return async (ctx, next) => {
      this.#count += 1
      ctx.res.once('close', () => {
        this.#count -= 1
        if (this.#count === 0) this.#onSettled?.()
      })
      await next()
      if (this.#isStopping) ctx.set('Connection', 'close')
    }
  }

  /** Resolves when none is under way, or after so many milliseconds. */
  async settled(grace: number): Promise<void> {
    this.#isStopping = true
    if (this.#count === 0) return
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const timer = setTimeout(resolve, grace)
    this.#onSettled = () => {
      resolve(undefined)
    }
    await promise
    clearTimeout(timer)
  }
}

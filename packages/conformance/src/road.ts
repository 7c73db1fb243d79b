// A way to a server on this machine that fails as networks do: it is cut, holds everything up, loses an answer, or leads
// elsewhere.

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { freePort } from '../../../tools/redis-server.ts'

export interface Road {
  readonly port: number
  /** Breaks every connection and refuses new ones. */
  cut(): void
  /** Takes connections again, to another port where one is given. */
  heal(target?: number): Promise<void>
  /** Nothing arrives on either side, and nobody is told. */
  hold(): void
  /** What was held goes on. */
  release(): void
  /** Resolves when the answer to the next thing that holds these bytes was lost, and its connection with it. */
  loseAnswerTo(bytes: string): Promise<void>
}

export async function openRoad(target: number): Promise<Road> {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let goal = target
  let isHeld = false
  const late: (() => void)[] = []
  let lost: { readonly bytes: string; readonly resolve: () => void } | null = null
  const join = (from: Socket, to: Socket, isAsking: boolean): void => {
    sockets.add(from)
    from.on('error', () => undefined)
    from.on('close', () => {
      sockets.delete(from)
      // That one side has gone is held up too.
      if (isHeld) late.push(() => to.destroy())
      else to.destroy()
    })
    let isSilent = false
    from.on('data', chunk => {
      if (isSilent) return
      to.write(chunk)
      if (!isAsking || lost?.bytes === undefined || !chunk.includes(lost.bytes)) return
      const { resolve } = lost
      lost = null
      isSilent = true
      to.removeAllListeners('data').resume()
      setTimeout(() => {
        from.destroy()
        resolve()
      }, 100)
    })
    if (isHeld) from.pause()
  }
  const heal = async (next = goal): Promise<void> => {
    goal = next
    if (server !== null) return
    server = createServer(near => {
      const far = connect(goal, '127.0.0.1')
      join(near, far, true)
      join(far, near, false)
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await heal()
  return {
    port,
    heal,
    cut() {
      server?.close()
      server = null
      isHeld = false
      for (const socket of sockets) socket.destroy()
      for (const go of late.splice(0)) go()
    },
    hold() {
      isHeld = true
      for (const socket of sockets) socket.pause()
    },
    release() {
      isHeld = false
      for (const socket of sockets) socket.resume()
      for (const go of late.splice(0)) go()
    },
    loseAnswerTo: bytes =>
      new Promise(resolve => {
        lost = { bytes, resolve }
      }),
  }
}

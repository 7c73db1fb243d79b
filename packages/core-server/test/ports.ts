// For tests: ports that are free, and waiting until something answers on one.

import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Waits until something greets on the port. */
export async function answers(port: number, patience: number): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    const isUp = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    if (isUp) return
    if (Date.now() > until) throw new Error(`nothing answers on port ${port}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

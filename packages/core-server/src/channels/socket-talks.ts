// Which sockets wait for an answer, so that a server that stops lets each go when it has it: it comes back elsewhere and
// says there what was refused here.

import type { Namespace, Socket } from 'socket.io'

export class SocketTalks {
  readonly #sockets: Namespace
  readonly #underWay = new WeakMap<Socket, number>()
  #isClosing = false

  constructor(sockets: Namespace) {
    this.#sockets = sockets
  }

  /** A message begins; false where none is taken any more. */
  begin(socket: Socket): boolean {
    if (this.#isClosing) return false
    this.#underWay.set(socket, (this.#underWay.get(socket) ?? 0) + 1)
    return true
  }

  end(socket: Socket): void {
    const left = (this.#underWay.get(socket) ?? 1) - 1
    this.#underWay.set(socket, left)
    if (this.#isClosing && left === 0) this.#letGo(socket)
  }

  /** Lets go at once who waits for nothing, and the others when they have their answers. */
  beginClose(): void {
    this.#isClosing = true
    for (const socket of this.#sockets.sockets.values()) {
      if ((this.#underWay.get(socket) ?? 0) === 0) this.#letGo(socket)
    }
  }

  /** By closing the transport, after which clients connect again by themselves; they would not when told to go. */
  #letGo(socket: Socket): void {
    setImmediate(() => {
      socket.conn.close()
    })
  }
}

import test from 'ava'
import type { LoggedEvent } from '@tabula/protocol'
import { recordingLog } from '../../test/serve.ts'
import { CustomTrackerStore } from './custom-tracker-store.ts'
import type { CustomStore, CustomStoreClass, Retrieved } from './custom-tracker-store.ts'
import { testTrackerStore } from './tracker-store-contract.ts'
import { byBytes } from './tracker-store.ts'

/** As a project would write it: texts in a map. */
class NotesStore implements CustomStore {
  readonly #notes = new Map<string, { readonly lines: string[]; mark: string }>()
  #saved = 0

  retrieve(sender: string): Retrieved | null {
    const note = this.#notes.get(sender)
    return note === undefined ? null : { events: note.lines, mark: note.mark }
  }

  async save(sender: string, events: readonly LoggedEvent[], mark: string | null): Promise<string | null> {
    const note = this.#notes.get(sender) ?? { lines: [], mark: '' }
    if ((this.#notes.get(sender)?.mark ?? null) !== mark) return null
    note.lines.push(...events.map(event => JSON.stringify(event)))
    this.#saved += 1
    note.mark = `save ${this.#saved}`
    this.#notes.set(sender, note)
    return note.mark
  }

  erase(sender: string): void {
    this.#notes.delete(sender)
  }

  keys(after: string | null, limit: number): readonly string[] {
    const all = [...this.#notes.keys()].sort(byBytes)
    return all.filter(key => after === null || byBytes(key, after) > 0).slice(0, limit)
  }
}

testTrackerStore(test, 'a class of a project', async () =>
  CustomTrackerStore.open(NotesStore, 'stores.notes.NotesStore', {}, recordingLog()),
)

test('a class that lacks a method is refused when the server starts, with what it lacks', t => {
  class Half {
    retrieve(): null {
      return null
    }
  }
  const type = Half as unknown as CustomStoreClass
  t.throws(() => CustomTrackerStore.open(type, 'stores.half.Half', {}, recordingLog()), {
    code: 'endpoints.tracker-store',
    message: 'endpoints.yml: the tracker_store stores.half.Half has no method save, erase, keys.',
  })
})

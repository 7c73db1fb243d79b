// Slot types of a project's own, before its domain is read.

import type { Problem } from '@tabula/protocol'
import { registerProjectClasses } from './project-classes.ts'
import { positionAt, textOf, valueAt, type YamlNode } from './yaml-node.ts'

/** Makes the classes known that slots of the domain name; one that cannot be used is an error at its slot. */
export async function registerSlotTypes(domain: YamlNode | null, root: string): Promise<Problem[]> {
  const slots = valueAt(domain ?? undefined, 'slots')
  if (slots?.kind !== 'map') return []
  const typed = slots.entries.flatMap(({ key, value }) => {
    const type = textOf(valueAt(value, 'type'))
    return type === null ? [] : [{ slot: key, type }]
  })
  const failed = await registerProjectClasses(root, {
    components: [],
    policies: [],
    slotTypes: typed.map(({ type }) => type),
  })
  return typed.flatMap(({ slot, type }): Problem[] => {
    const error = failed.get(type)
    if (error === undefined) return []
    const { code, message } = error
    return [{ severity: 'error', code, message, position: positionAt(slots, [slot, 'type']) }]
  })
}

// A dialogue state as the policies see it, with Rasa's keys: the message, the slots, the action before, the loop.

/** Stands in rules for "must not be set", as value of a slot and as name of a loop. */
export const SHOULD_NOT_BE_SET = 'should_not_be_set'

export type SlotFeatures = readonly number[] | typeof SHOULD_NOT_BE_SET

/** Only what is set has a key; entities are sorted and distinct; slots hold their features. */
export interface State {
  readonly user?: {
    readonly intent?: string
    readonly text?: string
    readonly entities?: readonly string[]
  }
  readonly slots?: Readonly<Record<string, SlotFeatures>>
  readonly prev_action?: { readonly action_name?: string; readonly action_text?: string }
  readonly active_loop?: { readonly name: string }
}

// The functions of the SDK that take names of a domain, bound to one bot's types.

import type { Action } from './action.ts'
import { defineAction } from './action.ts'
import type { BotTypes, FormName, SlotName, SlotValue } from './bot-types.ts'
import type { ActionEvent, Timed } from './events.ts'
import { activeLoop, followupAction, slotSet } from './events.ts'

/** As the functions of the same names, for the names and values of one bot alone. */
export interface BotFunctions<B extends BotTypes> {
  readonly defineAction: (action: Action<B>) => Action<B>
  readonly slotSet: <Name extends SlotName<B>>(
    name: Name,
    value?: SlotValue<B, Name> | null,
    options?: Timed,
  ) => ActionEvent
  readonly followupAction: (name: B['actions'], options?: Timed) => ActionEvent
  readonly activeLoop: (name: FormName<B> | null, options?: Timed) => ActionEvent
}

/** The functions bound to the types that `bot types` writes; nothing else is different about them. */
export function forBot<B extends BotTypes>(): BotFunctions<B> {
  return { defineAction: defineAction<B>, slotSet, followupAction, activeLoop }
}

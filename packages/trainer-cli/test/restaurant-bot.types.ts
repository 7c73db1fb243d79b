// What the compiler says to handlers that use the types of `bot types`: each line that must not compile is marked, and a
// mark on a line that does compile is an error of its own. The type check of `npm test` runs this file; nothing else does.

import { CollectingDispatcher, FormValidationAction, testAction } from '@tabula/action-sdk'
import { activeLoop, defineAction, followupAction, slotSet } from './restaurant-bot.ts'
import type { Bot, BotDispatcher, BotTracker } from './restaurant-bot.ts'

export const price = defineAction({
  name: 'action_price',
  run(dispatcher, tracker, domain, { signal }) {
    const cuisine: string | null = tracker.slots.cuisine
    const amount: number | null = tracker.getSlot('amount-of-money')
    // @ts-expect-error a text is no number
    const wrong: number | null = tracker.slots.cuisine
    // @ts-expect-error the domain has no such slot
    if (tracker.slots.cusine === null) return []
    // @ts-expect-error the domain has no such slot
    tracker.getSlot('cusine')
    // @ts-expect-error the slot holds small or large
    if (tracker.slots.size === 'smal') return []

    const isGreeting = tracker.getIntentOfLatestMessage() === 'greet'
    // @ts-expect-error the domain has no such intent
    const isTypo = tracker.getIntentOfLatestMessage() === 'gret'
    tracker.getLatestEntityValues('city', 'from')
    // @ts-expect-error the entity has no such role
    tracker.getLatestEntityValues('city', 'via')
    // @ts-expect-error the domain has no such entity
    tracker.getLatestEntityValues('town')
    // @ts-expect-error the domain has no such form
    const isOn = tracker.activeLoopName === 'restaurant_from'

    dispatcher.respond('utter_greet')
    dispatcher.respond('utter_price', { price: 5 })
    dispatcher.respond('utter_price', { price: 5, cuisine: 'thai' })
    dispatcher.utterMessage({ response: 'utter_price', price: 5 })
    // @ts-expect-error the response names a price, which no slot fills
    dispatcher.respond('utter_price')
    // @ts-expect-error the response names no such variable
    dispatcher.respond('utter_price', { price: 5, cusine: 'thai' })
    // @ts-expect-error the response has no variables
    dispatcher.respond('utter_greet', { name: 'Ann' })
    // @ts-expect-error the domain has no such response
    dispatcher.respond('utter_gret')
    // @ts-expect-error the domain has no such response
    dispatcher.utterMessage({ response: 'utter_gret' })

    // @ts-expect-error the domain has no such slot
    const event = slotSet('cusine', 'thai')
    // @ts-expect-error the slot holds small or large
    const size = slotSet('size', 'middle')
    // @ts-expect-error the domain has no such form
    const loop = activeLoop('restaurant_from')
    // @ts-expect-error there is no such action
    const next = followupAction('action_prize')

    if ([amount, wrong, isGreeting, isTypo, isOn, event, size, loop, next].length > 0) return null
    if (signal.aborted || domain.forms === undefined || cuisine === null) return null
    return [
      slotSet('cuisine', 'thai'),
      slotSet('amount-of-money', 5),
      slotSet('size', 'small'),
      slotSet('size'),
      followupAction('utter_greet'),
      followupAction('restaurant_form'),
      followupAction('action_listen'),
      activeLoop(null),
    ]
  },
})

export class ValidateRestaurantForm extends FormValidationAction<Bot> {
  readonly name = 'validate_restaurant_form'

  validate_cuisine(value: string, dispatcher: BotDispatcher, tracker: BotTracker) {
    dispatcher.respond('utter_price', { price: tracker.slots['amount-of-money'] })
    return { cuisine: value.toLowerCase() }
  }

  validate_size(value: string) {
    return { size: value === 'big' ? ('large' as const) : null }
  }
}

export class ValidateUnknownForm extends FormValidationAction<Bot> {
  // @ts-expect-error the domain has no such form
  readonly name = 'validate_restaurant_from'

  // @ts-expect-error the domain has no such slot
  validate_cuisine() {
    return { cusine: 'thai' }
  }
}

void testAction(price, { slots: { cuisine: 'thai' }, intent: 'greet' })
// @ts-expect-error the domain has no such slot
void testAction(price, { slots: { cusine: 'thai' } })

// Without types of a bot every name is taken.
new CollectingDispatcher().respond('utter_anything', { any: 'thing' })

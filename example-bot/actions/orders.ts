// The shop's orders. They are made up and stand for a call to the shop's own system.

export interface Order {
  readonly number: string
  readonly state: 'packed' | 'on its way' | 'delivered'
  /** What the customer has ordered, in a few words. */
  readonly items: string
}

const ORDERS: readonly Order[] = [
  { number: 'TB-10234', state: 'on its way', items: 'an oak side table' },
  { number: 'TB-10235', state: 'packed', items: 'two desk lamps' },
  { number: 'TB-10236', state: 'delivered', items: 'a set of six plates' },
  { number: 'TB-10240', state: 'packed', items: 'a bookshelf' },
  { number: 'TB-10251', state: 'on its way', items: 'a wool blanket' },
]

/** The order of that number, or null. */
export function findOrder(number: string): Order | null {
  return ORDERS.find(order => order.number === number) ?? null
}

import test from 'ava'
import { createClock } from './clock.ts'

test('events keep their order in time though the wall clock stands still or falls', t => {
  const wall = [5, 5, 4, 9]
  const clock = createClock(() => wall.shift() ?? 9)
  t.deepEqual([clock(), clock(), clock(), clock()], [0.005, 0.005001, 0.005002, 0.009])
})

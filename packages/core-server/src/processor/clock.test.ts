import test from 'ava'
import { createClock } from './clock.ts'

test('events keep their order in time though the wall clock stands still or falls', t => {
  const wall = [5, 5, 4, 9]
  const clock = createClock(() => wall.shift() ?? 9)
  t.deepEqual([clock(), clock(), clock(), clock()], [0.005, 0.005001, 0.005002, 0.009])
})

test('fault row 31: event times rise though the clock jumps an hour back, and an hour ahead and back again', t => {
  const hour = 3_600_000
  const start = 1_800_000_000_000
  const wall = [
    start,
    start + 5,
    start - hour,
    start - hour + 9,
    start + 20,
    start + hour,
    start + 30,
    start + 40,
  ]
  const clock = createClock(() => wall.shift() ?? start + 50)
  const times = Array.from({ length: 9 }, () => clock())
  for (let each = 1; each < times.length; each += 1) t.true((times[each] ?? 0) > (times[each - 1] ?? 0))
})

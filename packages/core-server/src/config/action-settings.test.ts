import test from 'ava'
import { readActionSettings } from './action-settings.ts'

test('without settings of ours calls are as Rasa makes them', t => {
  t.deepEqual(readActionSettings({ url: 'http://a' }), {
    deadline: 300_000,
    deadlines: new Map(),
    maxEventHistory: null,
    compress: null,
    circuit: { failures: 5, pause: 1_000, longestPause: 10_000 },
  })
})

test('settings are read as numbers and as the text that a variable leaves', t => {
  t.deepEqual(
    readActionSettings({
      timeout: '30',
      timeouts: { action_slow: 600, action_quick: 0.5 },
      max_event_history: '100',
      compress: 'gzip',
      circuit_breaker: { failures: 2, pause: 20 },
    }),
    {
      deadline: 30_000,
      deadlines: new Map([
        ['action_slow', 600_000],
        ['action_quick', 500],
      ]),
      maxEventHistory: 100,
      compress: 'gzip',
      circuit: { failures: 2, pause: 20_000, longestPause: 20_000 },
    },
  )
  t.is(readActionSettings({ circuit_breaker: false }).circuit, null)
})

test('a setting that cannot work is told with what would be right', t => {
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ timeout: 'soon' }, 'timeout should be a number of seconds above 0; found "soon".'],
    [{ timeout: 0 }, 'timeout should be a number of seconds above 0; found 0.'],
    [{ timeouts: 5 }, 'timeouts should be seconds by names of actions; found 5.'],
    [{ timeouts: { action_x: -1 } }, 'timeouts: action_x should be a number of seconds above 0; found -1.'],
    [{ max_event_history: 0 }, 'max_event_history should be a whole number from 1; found 0.'],
    [{ compress: 'zip' }, 'compress should be true, false, deflate or gzip; found "zip".'],
    [{ circuit_breaker: 3 }, 'circuit_breaker should be false, or a map with failures and pause; found 3.'],
  ]
  for (const [entry, complaint] of wrong) {
    t.throws(() => readActionSettings(entry), { message: `endpoints.yml: action_endpoint: ${complaint}` })
  }
})

import test from 'ava'
import type { Context } from 'koa'
import { integerArgument, timeArgument } from './query.ts'

const asked = (until: string): Context => ({ query: { until } }) as unknown as Context

test('a time is what Python takes for a float, and nothing else', t => {
  const times: Readonly<Record<string, number | undefined>> = {
    ...{ '5': 5, ' +5 ': 5, '5.': 5, '.5': 0.5, '-1e3': -1000, '1_0.2_5': 10.25, '1e999': Infinity },
    ...{ inf: Infinity, '-Infinity': -Infinity, nan: -Infinity, '-NaN': -Infinity },
    ...{
      '': undefined,
      '0x10': undefined,
      '1__0': undefined,
      '1e': undefined,
      '.': undefined,
      tomorrow: undefined,
    },
  }
  for (const [text, time] of Object.entries(times)) t.is(timeArgument(asked(text), 'until'), time, text)
})

test('a whole number is what Python takes for an int, and nothing else', t => {
  const numbers: Readonly<Record<string, number | undefined>> = {
    ...{ '50': 50, ' -1_000 ': -1000, '1.5': undefined, '1e3': undefined, '0x10': undefined, nan: undefined },
  }
  for (const [text, number] of Object.entries(numbers))
    t.is(integerArgument(asked(text), 'until'), number, text)
})

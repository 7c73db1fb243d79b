// Figures of a span of time, out of those that are kept for every hour.

import type { Knex } from 'knex'
import { bucketEnd } from './digest.ts'
import type { HourFigure } from './digest.ts'
import type { Statistics, StatisticsBucket } from './history-types.ts'

const HOUR = 3_600
const DAY = 24 * HOUR
/** Spans up to this are shown by the hour. */
const BY_HOUR = 3 * DAY
const TOP = 10

/** Hours count whole: the one that `from` lies in to the one that `to` lies in. */
export async function readStatistics(knex: Knex, from: number, to: number): Promise<Statistics> {
  const figures = await knex<HourFigure>('history_hours')
    .where('hour', '>=', Math.floor(from / HOUR))
    .andWhere('hour', '<', Math.ceil(to / HOUR))
    .select('hour', 'name', 'value', 'count')
  const sum = (name: string, value?: string): number =>
    figures
      .filter(figure => figure.name === name && (value === undefined || figure.value === value))
      .reduce((total, { count }) => total + count, 0)
  const messages = sum('user_messages')
  const scores = [1, 2, 3, 4, 5].map(score => sum('csat', String(score)))
  const rated = scores.reduce((total, count) => total + count, 0)
  const answered = sum('response_count')
  const bucket = to - from <= BY_HOUR ? HOUR : DAY
  return {
    from,
    to,
    bucket,
    conversations: sum('conversations'),
    user_messages: messages,
    bot_messages: sum('bot_messages'),
    human_messages: sum('human_messages'),
    fallback_rate: rate(sum('fallbacks'), messages),
    low_confidence_rate: rate(sum('low_confidence'), messages),
    csat: {
      count: rated,
      mean:
        rated === 0 ? null : scores.reduce((total, count, index) => total + count * (index + 1), 0) / rated,
      scores,
    },
    thumbs: { up: sum('vote', 'up'), down: sum('vote', 'down') },
    response_time: {
      count: answered,
      mean: answered === 0 ? null : sum('response_seconds') / answered,
      p95: percentile(figures, answered, 0.95),
    },
    top_intents: top(figures, 'intent').map(([intent, count]) => ({ intent, messages: count })),
    channels: top(figures, 'channel').map(([channel, count]) => ({ channel, messages: count })),
    series: seriesOf(figures, from, to, bucket),
  }
}

function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole)
}

function top(figures: readonly HourFigure[], name: string): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const figure of figures) {
    if (figure.name === name) counts.set(figure.value, (counts.get(figure.value) ?? 0) + figure.count)
  }
  return [...counts].sort((left, right) => right[1] - left[1]).slice(0, TOP)
}

/** The end of the bucket that the percentile lies in. */
function percentile(figures: readonly HourFigure[], total: number, share: number): number | null {
  if (total === 0) return null
  const buckets = new Map<number, number>()
  for (const { name, value, count } of figures) {
    if (name === 'response_bucket') buckets.set(Number(value), (buckets.get(Number(value)) ?? 0) + count)
  }
  let seen = 0
  for (const bucket of [...buckets.keys()].sort((left, right) => left - right)) {
    seen += buckets.get(bucket) ?? 0
    if (seen >= total * share) return bucketEnd(bucket)
  }
  return null
}

function seriesOf(
  figures: readonly HourFigure[],
  from: number,
  to: number,
  bucket: number,
): readonly StatisticsBucket[] {
  const series: StatisticsBucket[] = []
  for (let time = Math.floor(from / bucket) * bucket; time < to; time += bucket) {
    const inside = figures.filter(({ hour }) => hour * HOUR >= time && hour * HOUR < time + bucket)
    const sum = (name: string): number =>
      inside.reduce((total, figure) => total + (figure.name === name ? figure.count : 0), 0)
    series.push({
      time,
      conversations: sum('conversations'),
      user_messages: sum('user_messages'),
      fallbacks: sum('fallbacks'),
    })
  }
  return series
}

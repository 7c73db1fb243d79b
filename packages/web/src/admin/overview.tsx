// How it goes: how much is asked, how much was understood, how content people are.

import type { ComponentChildren } from 'preact'
import { Bars, Columns } from './charts.tsx'
import { count, duration, share, shortCount } from './format.ts'
import { Loading, Problem, useApi, useLoaded } from './parts.tsx'
import { go } from './route.ts'
import type { Statistics } from './types.ts'

const SPANS = [
  { days: '1', title: '24 hours' },
  { days: '7', title: '7 days' },
  { days: '30', title: '30 days' },
] as const

export function OverviewScreen({ query }: { readonly query: URLSearchParams }): ComponentChildren {
  const api = useApi()
  const days = SPANS.find(span => span.days === query.get('days'))?.days ?? '7'
  const { value, problem } = useLoaded(() => {
    const to = Date.now() / 1_000
    return api.get<Statistics>('/statistics', {
      from: Math.floor(to - Number(days) * 86_400),
      to: Math.ceil(to),
    })
  }, [days])
  return (
    <>
      <div class="title-row">
        <h1>Overview</h1>
        <div class="tabs" role="group" aria-label="Time">
          {SPANS.map(span => (
            <button
              type="button"
              aria-pressed={span.days === days}
              onClick={() => {
                go('/overview', { days: span.days })
              }}
            >
              {span.title}
            </button>
          ))}
        </div>
      </div>
      <Problem text={problem} />
      {value === null ? problem === null && <Loading /> : <Figures statistics={value} />}
    </>
  )
}

function Figures({ statistics }: { readonly statistics: Statistics }): ComponentChildren {
  const { csat, thumbs, response_time, series, top_intents, channels, bucket } = statistics
  const hours = bucket < 86_400
  const label = (time: number): string =>
    new Date(time * 1_000).toLocaleString(
      undefined,
      hours ? { hour: '2-digit', minute: '2-digit', weekday: 'short' } : { day: 'numeric', month: 'short' },
    )
  return (
    <>
      <dl class="tiles">
        <Tile name="Conversations" value={shortCount(statistics.conversations)} />
        <Tile
          name="Messages"
          value={shortCount(statistics.user_messages)}
          more={`${count(statistics.bot_messages)} answers, ${count(statistics.human_messages)} by people`}
        />
        <Tile
          name="Fallback rate"
          value={share(statistics.fallback_rate)}
          more={`${share(statistics.low_confidence_rate)} of low confidence`}
        />
        <Tile
          name="Rating"
          value={csat.mean === null ? '–' : `${csat.mean.toFixed(1)} of 5`}
          more={`${count(csat.count)} ratings, ${count(thumbs.up)} liked, ${count(thumbs.down)} disliked`}
        />
        <Tile
          name="Time to answer"
          value={duration(response_time.mean)}
          more={`${share(0.95)} within ${duration(response_time.p95)}`}
        />
      </dl>
      <section class="card">
        <h2>Messages</h2>
        <Columns
          title={`Messages ${hours ? 'an hour' : 'a day'}`}
          names={['Understood', 'Fallback']}
          columns={series.map(({ time, user_messages, fallbacks }) => ({
            label: label(time),
            values: [Math.max(0, user_messages - fallbacks), fallbacks],
          }))}
        />
      </section>
      <div class="cards-row">
        <section class="card">
          <h2>Top intents</h2>
          <Bars
            bars={top_intents.map(({ intent, messages }) => ({
              name: intent,
              value: messages,
              href: `/admin/conversations?intent=${encodeURIComponent(intent)}`,
            }))}
          />
        </section>
        <section class="card">
          <h2>Ratings</h2>
          <Bars bars={csat.scores.map((value, at) => ({ name: `${at + 1} of 5`, value })).toReversed()} />
          <h2>Channels</h2>
          <Bars bars={channels.map(({ channel, messages }) => ({ name: channel, value: messages }))} />
        </section>
      </div>
    </>
  )
}

function Tile({
  name,
  value,
  more = '',
}: {
  readonly name: string
  readonly value: string
  readonly more?: string
}): ComponentChildren {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <strong>{value}</strong>
        {more !== '' && <span class="muted">{more}</span>}
      </dd>
    </div>
  )
}

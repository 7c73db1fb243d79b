// Why the bot did what it did in one turn.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { confidence, jsonText } from './format.ts'
import { Badge, Problem } from './parts.tsx'
import type { PolicyReason, Turn } from './types.ts'

const LOW = 0.6

export interface WhyProps {
  readonly turn: Turn | null
  readonly turns: readonly Turn[]
  readonly problem: string | null
}

export function WhyPanel({ turn, turns, problem }: WhyProps): ComponentChildren {
  const [isCopied, setCopied] = useState(false)
  const number = turn === null ? 0 : turns.filter(({ event }) => event !== null).indexOf(turn) + 1
  return (
    <aside class="why" aria-label="Why">
      <div class="why-head">
        <h2>{number > 0 ? `Why (turn ${number})` : 'Why'}</h2>
        {turn !== null && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              void navigator.clipboard.writeText(JSON.stringify(turn, null, 2)).then(() => {
                setCopied(true)
              })
            }}
          >
            {isCopied ? 'Copied' : 'Copy JSON'}
          </button>
        )}
      </div>
      <Problem text={problem} />
      {turn === null ? <p class="muted">Nothing was decided here yet.</p> : <Reasons turn={turn} />}
    </aside>
  )
}

function Reasons({ turn }: { readonly turn: Turn }): ComponentChildren {
  const { intents, entities, slots, actions, milliseconds, model_id } = turn
  return (
    <>
      {turn.text !== null && (
        <p class="why-text" dir="auto">
          {turn.text}
        </p>
      )}
      <h3>Intents</h3>
      <ol class="bars">
        {intents.slice(0, 5).map(({ name, confidence: sure = 0 }, at) => (
          <li>
            <span class="bar-name">{name ?? 'none'}</span>
            <meter
              min={0}
              max={1}
              low={LOW}
              high={LOW}
              optimum={1}
              value={sure}
              aria-label={name ?? 'none'}
            />
            <span class="bar-value">{confidence(sure)}</span>
            {at === 0 && sure < LOW && <Badge kind="warn">low</Badge>}
          </li>
        ))}
      </ol>
      {entities.length > 0 && (
        <>
          <h3>Entities</h3>
          <ul class="facts">
            {entities.map(({ entity = '', value }) => (
              <li>
                <code>{entity}</code> {jsonText(value)}
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>Decisions</h3>
      {actions.length === 0 && <p class="muted">No decision is kept for this turn.</p>}
      <ol class="decisions">
        {actions.map(({ chosen, runnerUp }) => (
          <li>
            <Decision reason={chosen} />
            {runnerUp !== null && (
              <p class="muted">{`next: ${runnerUp.policy} ${runnerUp.action} ${confidence(runnerUp.confidence)}`}</p>
            )}
          </li>
        ))}
      </ol>
      {slots.length > 0 && (
        <>
          <h3>Slots</h3>
          <ul class="facts">
            {slots.map(({ name, value }) => (
              <li>
                <code>{name}</code> {`= ${JSON.stringify(value)}`}
              </li>
            ))}
          </ul>
        </>
      )}
      <p class="muted why-foot">
        {milliseconds !== null &&
          `${Object.entries(milliseconds)
            .map(([stage, time]) => `${stage} ${time < 10 ? time.toFixed(1) : Math.round(time)} ms`)
            .join(', ')} · `}
        {model_id !== null && `model ${model_id.slice(0, 12)}`}
      </p>
    </>
  )
}

function Decision({
  reason: { policy, action, confidence: sure, source },
}: {
  readonly reason: PolicyReason
}): ComponentChildren {
  return (
    <>
      <p>
        <code>{action}</code> <span class="muted">{`${policy} ${confidence(sure)}`}</span>
      </p>
      {source !== undefined && (source.name !== undefined || source.position !== undefined) && (
        <p class="source">
          {`${source.kind}${source.name === undefined ? '' : ` “${source.name}”`}`}
          {source.position !== undefined && (
            <>
              {' '}
              <code>{`${source.position.file}:${source.position.line}`}</code>
            </>
          )}
        </p>
      )}
    </>
  )
}

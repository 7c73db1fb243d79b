// Why the bot did what it did in one turn.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { confidence, jsonText } from './format.ts'
import { Badge, Problem } from './parts.tsx'
import type { PolicyReason, Turn } from './types.ts'

const LOW = 0.6

export interface WhyProps {
  readonly turn: Turn | null
  readonly turns: readonly Turn[]
  readonly problem: string | null
  /** On a narrow screen the reasons lie over the messages until they are closed. */
  readonly isOpen: boolean
  readonly close: () => void
}

const NARROW = '(max-width: 1000px)'

export function WhyPanel({ turn, turns, problem, isOpen, close }: WhyProps): ComponentChildren {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isOpen && matchMedia(NARROW).matches) panel.current?.focus()
  }, [isOpen, turn])
  const [isCopied, setCopied] = useState(false)
  const number = turn === null ? 0 : turns.filter(({ event }) => event !== null).indexOf(turn) + 1
  return (
    <aside
      ref={panel}
      class={isOpen ? 'why open' : 'why'}
      aria-label="Why"
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape') close()
      }}
    >
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
        <button type="button" class="close" aria-label="Close" onClick={close}>
          ×
        </button>
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
            <span class="bar-name">
              {name ?? 'none'} {at === 0 && sure < LOW && <Badge kind="warn">low</Badge>}
            </span>
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
            {changesOf(slots).map(([name, values]) => (
              <li>
                <code>{name}</code> {`= ${values.join(' → ')}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {milliseconds !== null && <Times milliseconds={milliseconds} />}
      {model_id !== null && <p class="muted why-foot">{`model ${model_id.slice(0, 12)}`}</p>}
    </>
  )
}

/** What each slot was set to, one after the other; the same again is no change. */
function changesOf(slots: Turn['slots']): readonly (readonly [string, readonly string[]])[] {
  const changes = new Map<string, string[]>()
  for (const { name, value } of slots) {
    const text = JSON.stringify(value)
    const before = changes.get(name)
    if (before === undefined) changes.set(name, [text])
    else if (before.at(-1) !== text) before.push(text)
  }
  return [...changes]
}

/** Steps of a turn in their order, in the words of people who did not build it. */
const STEPS: Readonly<Record<string, string>> = {
  wait: 'waited for its turn',
  load: 'read the conversation',
  parse: 'understood the words',
  dialogue: 'decided',
  action: 'ran actions',
}

function Times({
  milliseconds,
}: {
  readonly milliseconds: NonNullable<Turn['milliseconds']>
}): ComponentChildren {
  const known = Object.keys(STEPS)
  const steps = Object.entries(milliseconds).toSorted(
    ([left], [right]) => known.indexOf(left) - known.indexOf(right),
  )
  const longest = Math.max(...steps.map(([, time]) => time), 0.01)
  return (
    <>
      <h3>Time</h3>
      <dl class="times">
        {steps.map(([step, time]) => (
          <div>
            <dt>{STEPS[step] ?? step}</dt>
            <dd>
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect width={Math.max(1, (time / longest) * 100)} height={6} rx={2} />
              </svg>
              <span>{`${time < 10 ? time.toFixed(1) : String(Math.round(time))} ms`}</span>
            </dd>
          </div>
        ))}
      </dl>
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

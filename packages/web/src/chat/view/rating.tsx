// How content the visitor is, in one to five stars, asked at the end of a conversation.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useView, withNumber } from './context.ts'
import { Icon } from './icon.tsx'

const SCORES = [1, 2, 3, 4, 5]

export interface RatingProps {
  readonly given: number | null
  readonly rate: (score: number, comment: string) => Promise<void>
}

export function Rating({ given, rate }: RatingProps): ComponentChildren {
  const { words } = useView()
  const [score, setScore] = useState(0)
  const [comment, setComment] = useState('')
  const [problem, setProblem] = useState('')
  if (given !== null) {
    return (
      <p class="rating" role="status">
        {words.thanks}
      </p>
    )
  }
  return (
    <form
      class="rating"
      onSubmit={event => {
        event.preventDefault()
        rate(score, comment.trim()).catch(() => {
          setProblem(words.unreachable)
        })
      }}
    >
      <fieldset>
        <legend>{words.rate}</legend>
        {SCORES.map(value => (
          <label class={value <= score ? 'star on' : 'star'}>
            <input
              type="radio"
              name="score"
              value={value}
              checked={value === score}
              aria-label={withNumber(words.stars, value)}
              onChange={() => {
                setScore(value)
              }}
            />
            <Icon name="star" />
          </label>
        ))}
      </fieldset>
      {score > 0 && (
        <div class="rating-more">
          <input
            type="text"
            maxLength={500}
            dir="auto"
            aria-label={words.comment}
            placeholder={words.comment}
            value={comment}
            onInput={event => {
              setComment(event.currentTarget.value)
            }}
          />
          <button type="submit" class="choice">
            {words.submit}
          </button>
        </div>
      )}
      <p class="hint" role="status">
        {problem}
      </p>
    </form>
  )
}

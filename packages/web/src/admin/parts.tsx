// Small parts that several screens share.

import type { ComponentChildren } from 'preact'
import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import { ApiError } from './api.ts'
import type { Api } from './api.ts'
import { fullTime, shortTime } from './format.ts'

export const ApiContext = createContext<Api | null>(null)

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === null) throw new Error('A screen stands outside of the admin pages.')
  return api
}

export interface Loaded<Value> {
  readonly value: Value | null
  readonly problem: string | null
  /** Whether something newer than the value is on its way. */
  readonly isLoading: boolean
  readonly reload: () => void
  readonly set: (change: (value: Value | null) => Value | null) => void
}

/** Milliseconds before what could not be loaded, because the server was away, is asked for again. */
const RETRY = 3_000

/**
 * What `load` gives, loaded again when a key changes, and by itself when the server was away; an answer that comes too late
 * is dropped.
 */
export function useLoaded<Value>(load: () => Promise<Value>, keys: readonly unknown[]): Loaded<Value> {
  const [value, setValue] = useState<Value | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const [isLoading, setLoading] = useState(true)
  const latest = useRef(0)
  /** The keys that the value is of. */
  const held = useRef('')
  useEffect(() => {
    latest.current += 1
    const mine = latest.current
    let timer: ReturnType<typeof setTimeout> | undefined
    setLoading(true)
    load().then(
      loaded => {
        if (mine !== latest.current) return
        held.current = keys.join()
        setValue(() => loaded)
        setLoading(false)
        setProblem(null)
      },
      (error: unknown) => {
        if (mine !== latest.current) return
        setProblem(error instanceof Error ? error.message : String(error))
        setLoading(false)
        // What was asked for before would pass for the answer.
        if (held.current !== keys.join()) setValue(null)
        if (!(error instanceof ApiError && error.isPassing)) return
        timer = setTimeout(() => {
          setRound(now => now + 1)
        }, RETRY)
      },
    )
    return () => {
      clearTimeout(timer)
    }
  }, [...keys, round])
  const reload = useCallback(() => {
    setRound(now => now + 1)
  }, [])
  return { value, problem, isLoading, reload, set: setValue }
}

export function Problem({ text }: { readonly text: string | null }): ComponentChildren {
  return (
    <div role="alert" class="problem-frame">
      {text !== null && <p class="problem">{text}</p>}
    </div>
  )
}

export function Time({ at }: { readonly at: number }): ComponentChildren {
  return (
    <time dateTime={new Date(at * 1_000).toISOString()} title={fullTime(at)}>
      {shortTime(at)}
    </time>
  )
}

export function Badge({
  kind,
  children,
}: {
  readonly kind: 'bad' | 'warn' | 'good' | 'plain'
  readonly children: ComponentChildren
}): ComponentChildren {
  return <span class={`badge badge-${kind}`}>{children}</span>
}

/** A question that must be answered before something happens; Escape says no. */
export function Dialog(props: {
  readonly title: string
  readonly close: () => void
  readonly children: ComponentChildren
}): ComponentChildren {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const node = dialog.current
    const opener = document.activeElement
    node?.showModal()
    return () => {
      node?.close()
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-label={props.title}
      onClose={event => {
        if (event.currentTarget.isConnected) props.close()
      }}
    >
      <h2>{props.title}</h2>
      {props.children}
    </dialog>
  )
}

export function Loading(): ComponentChildren {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  )
}

// Which model answers, which is tried out on a share of the people, and the way back.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { share } from './format.ts'
import { Badge, Dialog, Loading, Problem, useApi, useLoaded } from './parts.tsx'
import type { ModelName, Models } from './types.ts'

interface Step {
  readonly title: string
  readonly words: string
  readonly act: () => Promise<unknown>
}

export function ModelsScreen(): ComponentChildren {
  const api = useApi()
  const { value, problem, reload } = useLoaded(() => api.get<Models>('/models'), [])
  const [asked, setAsked] = useState<Step | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const isAdmin = api.may('admin')
  const act = (work: Promise<unknown>): void => {
    setAsked(null)
    work.then(
      () => {
        setFailed(null)
        reload()
      },
      (error: unknown) => {
        setFailed(error instanceof Error ? error.message : String(error))
      },
    )
  }
  return (
    <>
      <div class="title-row">
        <h1>Models</h1>
      </div>
      <Problem text={failed ?? problem} />
      {value === null ? (
        problem === null && <Loading />
      ) : (
        <div class="models">
          <ModelCard title="Live" kind="good" model={value.live}>
            {value.live !== null && value.canary !== null && (
              <p class="muted">{`answers ${share(1 - (value.canary.share ?? 0))} of the people`}</p>
            )}
          </ModelCard>
          <ModelCard title="On trial" kind="warn" model={value.canary}>
            {value.canary !== null && (
              <p class="muted">{`answers ${share(value.canary.share ?? 0)} of the people`}</p>
            )}
            {value.canary !== null && isAdmin && (
              <p class="label-row">
                <button
                  type="button"
                  class="primary"
                  onClick={() => {
                    setAsked({
                      title: 'Make it live',
                      words: 'From the next message on, this model answers everybody.',
                      act: () => api.send('POST', '/models/canary/promote'),
                    })
                  }}
                >
                  Make it live
                </button>
                <button
                  type="button"
                  onClick={() => {
                    act(api.send('DELETE', '/models/canary'))
                  }}
                >
                  End the trial
                </button>
              </p>
            )}
          </ModelCard>
          <ModelCard title="Before" kind="plain" model={value.previous}>
            {value.previous !== null && isAdmin && (
              <button
                type="button"
                onClick={() => {
                  setAsked({
                    title: 'Roll back',
                    words: 'From the next message on, the model from before answers everybody again.',
                    act: () => api.send('POST', '/models/rollback'),
                  })
                }}
              >
                Roll back
              </button>
            )}
          </ModelCard>
        </div>
      )}
      {value !== null && isAdmin && (
        <TrialForm
          start={(file, part) => {
            act(api.send('PUT', '/models/canary', { model_file: file, share: part }))
          }}
        />
      )}
      {value !== null && (
        <section class="card">
          <h2>What the live model knows</h2>
          <Names title="Intents" names={value.intents} />
          <Names title="Entities" names={value.entities} />
          <Names title="Actions" names={value.actions} />
        </section>
      )}
      {asked !== null && (
        <Dialog
          title={asked.title}
          close={() => {
            setAsked(null)
          }}
        >
          <p>{asked.words}</p>
          <div class="dialog-row">
            <button
              type="button"
              onClick={() => {
                setAsked(null)
              }}
            >
              Cancel
            </button>
            <button
              type="button"
              class="primary"
              onClick={() => {
                act(asked.act())
              }}
            >
              {asked.title}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}

function ModelCard(props: {
  readonly title: string
  readonly kind: 'good' | 'warn' | 'plain'
  readonly model: ModelName | null
  readonly children: ComponentChildren
}): ComponentChildren {
  const { title, kind, model, children } = props
  return (
    <section class="card">
      <h2>
        <Badge kind={model === null ? 'plain' : kind}>{title}</Badge>
      </h2>
      {model === null ? (
        <p class="muted">None</p>
      ) : (
        <>
          <p class="model-file">{model.model_file?.split('/').at(-1) ?? 'in memory'}</p>
          <p>
            <code>{model.model_id.slice(0, 16)}</code>
          </p>
        </>
      )}
      {children}
    </section>
  )
}

function TrialForm({ start }: { readonly start: (file: string, share: number) => void }): ComponentChildren {
  const [file, setFile] = useState('')
  const [part, setPart] = useState(10)
  return (
    <form
      class="card trial"
      onSubmit={event => {
        event.preventDefault()
        start(file.trim(), part / 100)
      }}
    >
      <h2>Try a model out</h2>
      <label>
        Model file
        <input
          type="text"
          required
          placeholder="20261124-101500.tar.gz"
          value={file}
          onInput={event => {
            setFile(event.currentTarget.value)
          }}
        />
      </label>
      <label>
        {`Share of the people: ${share(part / 100)}`}
        <input
          type="range"
          min={1}
          max={100}
          value={part}
          onInput={event => {
            setPart(Number(event.currentTarget.value))
          }}
        />
      </label>
      <button type="submit" class="primary">
        Start the trial
      </button>
    </form>
  )
}

function Names({
  title,
  names,
}: {
  readonly title: string
  readonly names: readonly string[]
}): ComponentChildren {
  return (
    <details>
      <summary>{`${title} (${names.length})`}</summary>
      <p class="names">
        {names.map(name => (
          <code>{name}</code>
        ))}
      </p>
    </details>
  )
}

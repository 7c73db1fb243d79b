// The field that the visitor writes in: Enter sends, Shift+Enter begins a line; a file can be chosen or pasted.

import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { WidgetOptions } from '../../widget/options.ts'
import type { Attached } from '../conversation.ts'
import { useView, withNumber } from './context.ts'
import { Icon } from './icon.tsx'

/** From here on it is told how much room is left. */
const NEARLY_FULL = 200

export interface ComposerProps {
  readonly options: WidgetOptions
  readonly canUpload: boolean
  readonly upload: (file: File, progress: (share: number) => void) => Promise<Attached>
  readonly say: (text: string, files: readonly Attached[]) => void
}

interface Upload {
  readonly name: string
  readonly share: number
  readonly file: Attached | null
}

export function Composer({ options, canUpload, upload, say }: ComposerProps): ComponentChildren {
  const { words } = useView()
  const [text, setText] = useState('')
  const [pending, setPending] = useState<Upload | null>(null)
  const [problem, setProblem] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const chooser = useRef<HTMLInputElement>(null)
  const left = options.maxLength - text.length
  const isReady = pending === null ? text.trim() !== '' : pending.file !== null

  useLayoutEffect(() => {
    // The field grows with its text where the browser does not do that by itself.
    const node = field.current
    if (node === null || CSS.supports('field-sizing', 'content')) return
    node.style.height = 'auto'
    node.style.height = `${Math.min(node.scrollHeight, 140)}px`
  }, [text])

  const send = (): void => {
    if (!isReady) return
    const file = pending?.file ?? null
    say(text.trim(), file === null ? [] : [file])
    setText('')
    setPending(null)
    setProblem('')
    field.current?.focus()
  }
  const take = (file: File | undefined): void => {
    if (file === undefined) return
    const wrong = refusal(file, options)
    setProblem(
      wrong === null
        ? ''
        : wrong === 'type'
          ? words.fileType
          : withNumber(words.fileTooLarge, options.uploadMegabytes),
    )
    if (wrong !== null) return
    const { name } = file
    setPending({ name, share: 0, file: null })
    const progress = (share: number): void => {
      setPending(now => (now?.name === name && now.file === null ? { ...now, share } : now))
    }
    upload(file, progress).then(
      attached => {
        setPending(now => (now?.name === name ? { name, share: 1, file: attached } : now))
      },
      () => {
        setPending(null)
        setProblem(words.uploadFailed)
      },
    )
  }

  return (
    <form
      class="composer"
      part="composer"
      autocomplete="off"
      onSubmit={event => {
        event.preventDefault()
        send()
      }}
    >
      {pending !== null && (
        <div class="pending">
          <Icon name="file" />
          <span dir="auto">{pending.name}</span>
          {pending.file === null && <progress value={pending.share} max={1} aria-label={pending.name} />}
          <button
            type="button"
            class="small"
            aria-label={`${words.remove}: ${pending.name}`}
            onClick={() => {
              setPending(null)
            }}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
      <div class="field">
        {canUpload && (
          <>
            <button
              type="button"
              class="tool"
              aria-label={words.attach}
              onClick={() => {
                chooser.current?.click()
              }}
            >
              <Icon name="attach" />
            </button>
            <input
              ref={chooser}
              type="file"
              hidden
              accept={options.uploadTypes}
              onChange={event => {
                take(event.currentTarget.files?.[0])
                event.currentTarget.value = ''
              }}
            />
          </>
        )}
        <textarea
          ref={field}
          rows={1}
          // Empty, it shows its hint, which runs as the rest of the window does.
          dir={text === '' ? undefined : 'auto'}
          aria-label={words.message}
          placeholder={options.placeholder === '' ? words.placeholder : options.placeholder}
          enterkeyhint="send"
          maxLength={options.maxLength}
          value={text}
          onInput={event => {
            setText(event.currentTarget.value)
          }}
          onPaste={event => {
            const file = event.clipboardData?.files[0]
            if (!canUpload || file === undefined) return
            event.preventDefault()
            take(file)
          }}
          onKeyDown={event => {
            // Enter also ends a word in the input methods of Chinese, Japanese and Korean.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        <button type="submit" class="send" part="send" aria-label={words.send} disabled={!isReady}>
          <Icon name="send" />
        </button>
      </div>
      <p class="hint" role="status">
        {problem !== '' ? problem : left <= NEARLY_FULL ? withNumber(words.left, left) : ''}
      </p>
    </form>
  )
}

function refusal(file: File, { uploadTypes, uploadMegabytes }: WidgetOptions): 'type' | 'size' | null {
  const isTaken = uploadTypes.split(',').some(wanted => {
    const type = wanted.trim().toLowerCase()
    if (type.startsWith('.')) return file.name.toLowerCase().endsWith(type)
    return type.endsWith('/*') ? file.type.startsWith(type.slice(0, -1)) : file.type === type
  })
  if (!isTaken) return 'type'
  return file.size > uploadMegabytes * 1_000_000 ? 'size' : null
}

// The field that the user writes in: Enter sends, Shift+Enter begins a line.

const LONGEST = 2_000
/** From here on it is told how much room is left. */
const NEARLY_FULL = 200

export interface ComposerParts {
  readonly form: HTMLFormElement
  readonly field: HTMLTextAreaElement
  readonly send: HTMLButtonElement
  readonly counter: HTMLElement
}

/** Calls `say` with each text, trimmed, never an empty one. */
export function setUpComposer(
  { form, field, send, counter }: ComposerParts,
  say: (text: string) => void,
): void {
  field.maxLength = LONGEST
  const refresh = () => {
    send.disabled = field.value.trim() === ''
    const left = LONGEST - field.value.length
    counter.textContent = left > NEARLY_FULL ? '' : `${left} characters left`
  }
  form.addEventListener('submit', event => {
    event.preventDefault()
    const text = field.value.trim()
    if (text === '') return
    field.value = ''
    refresh()
    field.focus()
    say(text)
  })
  field.addEventListener('input', refresh)
  field.addEventListener('keydown', event => {
    // Enter also ends a word in the input methods of Chinese, Japanese and Korean.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  refresh()
}

// The keyboard's place on the page is not lost: where the thing that has the focus goes away, the next one gets it. Without
// it, whoever does not use a mouse would begin at the top again after every message labelled and every tag removed.

const FOCUSABLE = ['a[href]', 'button', 'input', 'select', 'textarea', 'summary', '[tabindex="0"]'].join()

export function keepFocus(place: HTMLElement): void {
  /** What could have the focus when it last moved, in the order of Tab, and which of them had it. */
  let known: readonly HTMLElement[] = []
  let at = -1
  const forget = (): void => {
    known = []
    at = -1
  }
  place.addEventListener('focusin', ({ target }) => {
    known = [...place.querySelectorAll<HTMLElement>(FOCUSABLE)]
    at = known.findIndex(node => node === target)
  })
  place.addEventListener('focusout', ({ target }) => {
    // A click beside everything gives the focus away on purpose; some browsers tell the same of what is being removed.
    queueMicrotask(() => {
      if (target instanceof Node && target.isConnected && document.activeElement === document.body) forget()
    })
  })
  new MutationObserver(() => {
    const had = known[at]
    if (document.activeElement !== document.body || had === undefined || had.isConnected) return
    const next = known.slice(at + 1).find(canTake) ?? known.slice(0, at).findLast(canTake)
    forget()
    if (next === undefined) focusContent()
    else next.focus()
  }).observe(place, { childList: true, subtree: true })
}

/** Where the reading begins after a screen or a page of it has changed. */
export function focusContent(): void {
  document.getElementById('content')?.focus({ preventScroll: true })
}

function canTake(node: HTMLElement): boolean {
  return node.isConnected && !node.matches(':disabled') && node.checkVisibility()
}

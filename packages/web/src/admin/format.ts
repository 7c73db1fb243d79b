// Times and numbers as people read them, in the browser's language.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const whole = new Intl.NumberFormat()
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

/** Of seconds since 1970: the clock today, else the day too. */
export function shortTime(seconds: number): string {
  const time = new Date(seconds * 1_000)
  return time.toDateString() === new Date().toDateString() ? clock.format(time) : dayAndClock.format(time)
}

export function fullTime(seconds: number): string {
  return full.format(seconds * 1_000)
}

export function count(value: number): string {
  return whole.format(value)
}

export function shortCount(value: number): string {
  return compact.format(value)
}

export function share(value: number): string {
  return percent.format(value)
}

export function confidence(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(2)
}

/** Seconds as milliseconds where they are few. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  return seconds < 1 ? `${Math.round(seconds * 1_000)} ms` : `${seconds.toFixed(1)} s`
}

export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

// Reads a channel's entry of credentials.yml; what is missing or wrong is named with its key.

import { CodedError } from '@tabula/protocol'

export type ChannelSettings = Readonly<Record<string, unknown>>

/** A text that the channel cannot do without. */
export function neededText(settings: ChannelSettings, channel: string, key: string): string {
  const value = optionalText(settings, key)
  if (value === undefined) throw settingError(channel, `${key} is missing.`)
  return value
}

/** A text, or a number as one; undefined where it is absent, null or empty. */
export function optionalText(settings: ChannelSettings, key: string): string | undefined {
  const value = settings[key]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether the switch is on: true, or that word in any case, as environment variables give it. */
export function isOn(settings: ChannelSettings, key: string, fallback = false): boolean {
  const value = settings[key]
  if (typeof value === 'string') return value.toLowerCase() === 'true'
  return typeof value === 'boolean' ? value : fallback
}

/** The address of a provider's API without a slash at its end; the fallback is the provider's own. */
export function apiUrl(settings: ChannelSettings, channel: string, key: string, fallback?: string): string {
  const url = optionalText(settings, key) ?? fallback
  if (url === undefined) throw settingError(channel, `${key} is missing.`)
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw settingError(channel, `${key} should be a full http address; found ${url}.`)
  }
  return url.replace(/\/+$/, '')
}

export function settingError(channel: string, message: string): CodedError {
  return new CodedError('credentials.invalid', `credentials.yml: ${channel}: ${message}`, {
    status: 400,
    details: { channel },
  })
}

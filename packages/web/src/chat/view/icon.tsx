import type { ComponentChildren } from 'preact'

const PATHS = {
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M4 12l16-8-5 16-3-7z',
  restart: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  attach: 'M8 12.5l5.6-5.6a3 3 0 0 1 4.3 4.3l-7.4 7.4a5 5 0 0 1-7.1-7.1L10.600 4.300',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  latest: 'M12 5v14M6 13l6 6 6-6',
  up: 'M7 11v9H4v-9zM7 11l4-7c1.600 0 2.500 1 2.300 2.600L12.700 10H18c1.400 0 2.300 1.200 2 2.500l-1.400 5.800c-.2 1-1.100 1.700-2.100 1.700H7',
  down: 'M7 13V4H4v9zM7 13l4 7c1.600 0 2.500-1 2.300-2.600L12.700 14H18c1.400 0 2.300-1.200 2-2.500l-1.400-5.800c-.2-1-1.100-1.700-2.100-1.700H7',
  star: 'M12 3.500l2.700 5.500 6 .9-4.400 4.200 1 6-5.300-2.800-5.300 2.800 1-6L3.300 9.900l6-.9z',
  check: 'M5 12.500l4.500 4.500L19 7.500',
} as const

/** A drawing in the colour of the text around it; never read out. */
export function Icon({ name }: { readonly name: keyof typeof PATHS }): ComponentChildren {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}

// People, places, organizations, times and amounts in a text, under spaCy's labels: names by the library compromise (English),
// the rest by the embedded Duckling.

import type { DucklingMatch } from '../duckling/duckling-match.ts'
import { parseDuckling } from '../duckling/embedded-duckling.ts'
import { requirePackage } from '../optional-package.ts'

export interface NamedEntity {
  readonly label: string
  readonly start: number
  readonly end: number
}

/** What is used of compromise. */
type Compromise = (text: string) => CompromiseView
interface CompromiseView {
  people(): CompromiseView
  places(): CompromiseView
  organizations(): CompromiseView
  json(options: { readonly offset: true }): readonly CompromiseMatch[]
}
interface CompromiseMatch {
  readonly text: string
  readonly terms: readonly { readonly tags: readonly string[] }[]
  readonly offset: { readonly start: number; readonly length: number }
}

/** Places that are governed, in contrast to rivers and mountains. */
const GOVERNED = ['City', 'Country', 'Region']
const NATIONALITY =
  /(?<![\p{L}])(?:american|british|chinese|dutch|english|french|german|greek|indian|irish|italian|japanese|polish|portuguese|russian|spanish|swedish|swiss|turkish)s?(?![\p{L}])/giu

/** spaCy's labels for what Duckling finds. */
const LABELS: Readonly<Record<string, (match: DucklingMatch) => string>> = {
  'amount-of-money': () => 'MONEY',
  distance: () => 'QUANTITY',
  quantity: () => 'QUANTITY',
  temperature: () => 'QUANTITY',
  volume: () => 'QUANTITY',
  duration: () => 'DATE',
  number: () => 'CARDINAL',
  ordinal: () => 'ORDINAL',
  time: ({ value }) => (/hour|minute|second/.test(JSON.stringify(value)) ? 'TIME' : 'DATE'),
}

/** Characters that are read at one go: they take some 10 ms. */
const PIECE = 800

/**
 * Named entities in the order of the text; none overlaps another. Those of a long text come later: it is read in pieces cut
 * between words, and others have their turn between them.
 */
export function findNamedEntities(
  text: string,
  language: string,
  component: string,
): NamedEntity[] | Promise<NamedEntity[]> {
  return text.length <= PIECE
    ? findAtOnce(text, language, component)
    : findInPieces(text, language, component)
}

async function findInPieces(text: string, language: string, component: string): Promise<NamedEntity[]> {
  const found: NamedEntity[] = []
  for (let from = 0; from < text.length;) {
    const limit = Math.min(text.length, from + PIECE)
    const space = limit === text.length ? limit : text.lastIndexOf(' ', limit)
    const to = space > from ? space : limit
    for (const { label, start, end } of findAtOnce(text.slice(from, to), language, component))
      found.push({ label, start: from + start, end: from + end })
    from = to
    await new Promise(resolve => setImmediate(resolve))
  }
  return found
}

function findAtOnce(text: string, language: string, component: string): NamedEntity[] {
  const names = language === 'en' ? findNames(text, component) : []
  const percents = [...text.matchAll(/\d+(?:[.,]\d+)?\s?(?:%|percent(?![\p{L}]))/giu)].map(
    (match): NamedEntity => ({ label: 'PERCENT', start: match.index, end: match.index + match[0].length }),
  )
  const groups =
    language === 'en'
      ? [...text.matchAll(NATIONALITY)].map((match): NamedEntity => ({
          label: 'NORP',
          start: match.index,
          end: match.index + match[0].length,
        }))
      : []
  const amounts = parseDuckling(text, {
    locale: language,
    timezone: 'UTC',
    reference: Date.now(),
    dimensions: Object.keys(LABELS),
  }).map((match): NamedEntity => {
    const { start, end } = match
    return { label: LABELS[match.dim]?.(match) ?? 'CARDINAL', start, end }
  })
  const chosen: NamedEntity[] = []
  // What comes first in this list wins where two overlap.
  for (const entity of [...percents, ...amounts, ...names, ...groups])
    if (chosen.every(({ start, end }) => entity.end <= start || entity.start >= end)) chosen.push(entity)
  return chosen.sort((a, b) => a.start - b.start)
}

function findNames(text: string, component: string): NamedEntity[] {
  const exported = requirePackage('compromise', component) as Compromise | { readonly default: Compromise }
  // Which of the two depends on how the runtime joins old modules with new ones.
  const read = typeof exported === 'function' ? exported : exported.default
  const document = read(text)
  const named = (view: CompromiseView, labelOf: (match: CompromiseMatch) => string): NamedEntity[] =>
    view.json({ offset: true }).flatMap(match => split(text, match, labelOf(match)))
  return [
    ...named(document.people(), () => 'PERSON'),
    ...named(document.places(), ({ terms }) =>
      terms.some(({ tags }) => tags.some(tag => GOVERNED.includes(tag))) ? 'GPE' : 'LOC',
    ),
    ...named(document.organizations(), () => 'ORG'),
  ]
}

/** `Vienna, Austria` is two places; signs at the ends belong to none. */
function split(text: string, { offset, text: found }: CompromiseMatch, label: string): NamedEntity[] {
  const at = text.startsWith(found, offset.start) ? offset.start : text.indexOf(found)
  if (at < 0) return []
  let from = at
  return found.split(',').flatMap(piece => {
    const start = from + (piece.length - piece.trimStart().length)
    from += piece.length + 1
    const name = piece.trim().replace(/[.!?;:'"]+$/, '')
    return name === '' ? [] : [{ label, start, end: start + name.length }]
  })
}

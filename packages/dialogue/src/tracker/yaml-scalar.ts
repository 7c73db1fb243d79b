// Text as a scalar of YAML, in the style that Rasa's writer (ruamel.yaml) chooses: plain where it reads back as the same text,
// in double quotes with an apostrophe or a character to escape, else in single quotes.

const NOT_PLAIN_START = /^[-?:]([\0 \t]|$)|^[,[\]{}#&*!|>'"%@`]|^(---|\.\.\.)/
const NOT_PLAIN_WITHIN = /:([\0 \t]|$)|[\0 \t]#/
const READ_AS_WORD = /^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|=|<<)$/
const READ_AS_NUMBER = [
  /^[-+]?\d[\d_]*(\.[\d_]*([eE][-+]?\d+)?|[eE][-+]?\d+)$/,
  /^[-+]?\.([\d_]+([eE][-+]\d+)?|inf|Inf|INF)$|^\.(nan|NaN|NAN)$/,
  /^(?!_)[-+]?(0b[01_]+|0o[0-7_]+|[\d_]+|0x[\da-fA-F_]+)$/,
]
const READ_AS_TIME =
  /^\d{4}-(\d\d-\d\d|\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:\d\d)?))?)$/
const LINE_BREAK = /[\n\u0085\u2028\u2029]/
/** What no style but double quotes can hold. */
const TO_ESCAPE = /[^\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u
const SPACE_AND_BREAK = / [\n\u0085\u2028\u2029]|[\n\u0085\u2028\u2029] /
/** Escaped within double quotes; also what lies beyond 16 bits. */
const ESCAPED = /["\\\u0085\u2028\u2029]|[^\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\0': '0', '\u0007': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r' },
  ...{ '\u001b': 'e', '"': '"', '\\': '\\', '\u0085': 'N', '\u2028': 'L', '\u2029': 'P' },
}

/** The text as a scalar on one line. */
export function yamlScalar(text: string): string {
  const mustEscape = TO_ESCAPE.test(text)
  const isPlain =
    !mustEscape &&
    text !== '' &&
    !/^ | $/.test(text) &&
    !LINE_BREAK.test(text) &&
    !NOT_PLAIN_START.test(text) &&
    !NOT_PLAIN_WITHIN.test(text) &&
    !isReadOtherwise(text)
  if (isPlain) return text
  if (mustEscape || text.includes("'") || text.includes('\n') || SPACE_AND_BREAK.test(text))
    return doubleQuoted(text)
  return `'${text}'`
}

function isReadOtherwise(text: string): boolean {
  return [READ_AS_WORD, READ_AS_TIME, ...READ_AS_NUMBER].some(pattern => pattern.test(text))
}

function doubleQuoted(text: string): string {
  return `"${text.replaceAll(ESCAPED, character => `\\${ESCAPES[character] ?? inHex(character)}`)}"`
}

function inHex(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const [mark, length] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8]
  return mark + code.toString(16).toUpperCase().padStart(length, '0')
}

// `${VAR}` in plain YAML scalars, as Rasa's reader fills it in.

/**
 * The text with variables of the environment filled in: only where it has a `${NAME}`, and then `$NAME` beside it too.
 * A variable that is not set stays as written, unless a word of the text still begins with `$`: that is a complaint.
 */
export function expandVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
  complain: (message: string) => void,
): string {
  if (!/\$\{[^}]*\}/.test(text)) return text
  const filled = text.replace(
    /\$(?:\{([^}]*)\}|(\w+))/g,
    (whole, braced: string | undefined, bare: string | undefined) => {
      return environment[braced ?? bare ?? ''] ?? whole
    },
  )
  const missing = filled.split(' ').filter(word => word.startsWith('$'))
  if (missing.length > 0) complain(`The environment variable ${missing.join(', ')} is not set.`)
  return filled
}

// bot completion: a script that lets a shell complete commands and flags.

import type { Command } from 'commander'
import { type Console, print } from '../console.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** 0; the script goes to standard output. */
export function completion(shell: (typeof SHELLS)[number], program: Command, console: Console): number {
  const words = wordsOf(program, '')
  print(
    console,
    shell === 'fish'
      ? fish(words)
      : shell === 'zsh'
        ? `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`
        : bash(words),
  )
  return 0
}

/** What may follow each command, by its path: `data convert` → nlu and flags. */
type Words = ReadonlyMap<string, readonly string[]>

function wordsOf(command: Command, path: string): Map<string, string[]> {
  const flags = command.options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long]))
  const words = new Map([[path, [...command.commands.map(each => each.name()), ...flags, '--help']]])
  for (const child of command.commands)
    for (const [below, list] of wordsOf(child, `${path} ${child.name()}`.trim())) words.set(below, list)
  return words
}

function bash(words: Words): string {
  const cases = [...words].map(([path, list]) => `    '${path}') words='${list.join(' ')}' ;;`)
  const commands = [...words.keys()].filter(path => path !== '').map(path => `'${path}'`)
  return `_bot() {
  local path='' next word words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    next="\${path:+$path }$word"
    case "$next" in
    ${commands.join(' | ')}) path=$next ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _bot bot`
}

function fish(words: Words): string {
  return [...words]
    .map(([path, list]) => {
      const condition =
        path === '' ? '__fish_use_subcommand' : `__fish_seen_subcommand_from ${path.split(' ').at(-1) ?? ''}`
      return `complete -c bot -n '${condition}' -a '${list.join(' ')}'`
    })
    .join('\n')
}

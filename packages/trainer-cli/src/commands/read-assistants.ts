// bot run --assistants FILE: several assistants in one process, with the files of each.

import { dirname, resolve } from 'node:path'
import type { Assistants, AssistantOptions } from '@tabula/core-server'
import { readSettings } from '@tabula/model'
import { CodedError } from '@tabula/protocol'
import type { Console } from '../console.ts'

const KEYS = ['model', 'endpoints', 'credentials', 'auth_token'] as const

/**
 * The assistants of the file; paths in it are relative to it. Throws CodedError `cli.assistants` for what it should not hold,
 * and ProjectError where a file cannot be read.
 */
export async function readAssistants(
  file: string,
  { folder, environment }: Pick<Console, 'folder' | 'environment'>,
): Promise<Assistants> {
  const path = resolve(folder, file)
  const settings = await readSettings(path, environment)
  if (settings === null) throw wrong(file, 'there is no such file')
  const { assistants, default: fallback, ...others } = settings
  const [odd] = Object.keys(others)
  if (odd !== undefined) throw wrong(file, `it has the key '${odd}'; assistants and default are known`)
  if (!isMap(assistants)) throw wrong(file, 'it needs `assistants:` with a name and files for each')
  const each: Record<string, AssistantOptions> = {}
  for (const [name, entry] of Object.entries(assistants))
    each[name] = await readAssistant(name, entry, { file, root: dirname(path), environment })
  if (fallback !== undefined && typeof fallback !== 'string')
    throw wrong(file, '`default:` must be the name of an assistant')
  return { each, ...(fallback === undefined ? {} : { default: fallback }) }
}

interface Place {
  readonly file: string
  readonly root: string
  readonly environment: Console['environment']
}

async function readAssistant(name: string, entry: unknown, place: Place): Promise<AssistantOptions> {
  const { file, root, environment } = place
  if (!isMap(entry)) throw wrong(file, `the assistant '${name}' needs \`model:\``)
  const odd = Object.keys(entry).find(key => !KEYS.some(known => known === key))
  if (odd !== undefined) throw wrong(file, `'${name}' has the key '${odd}'; ${KEYS.join(', ')} are known`)
  const text = (key: (typeof KEYS)[number]): string | undefined => {
    const value = entry[key]
    if (value === undefined || typeof value === 'string') return value
    throw wrong(file, `${key} of '${name}' must be text`)
  }
  const settingsOf = async (key: 'endpoints' | 'credentials') => {
    const named = text(key)
    if (named === undefined) return undefined
    const settings = await readSettings(resolve(root, named), environment)
    if (settings === null) throw wrong(file, `${key} of '${name}' names ${named}, which is missing`)
    return settings
  }
  const model = text('model')
  if (model === undefined) throw wrong(file, `the assistant '${name}' needs \`model:\`, a file or folder`)
  const [endpoints, credentials] = [await settingsOf('endpoints'), await settingsOf('credentials')]
  const authToken = text('auth_token')
  return {
    model: resolve(root, model),
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(authToken === undefined ? {} : { authToken }),
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(file: string, reason: string): CodedError {
  return new CodedError('cli.assistants', `--assistants ${file}: ${reason}.`, { status: 400 })
}

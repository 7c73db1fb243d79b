// POST /model/train: a project as one YAML text in, the trained archive out.

import type { Context } from 'koa'
import { CodedError } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { Trainer } from '../model-host/trainer.ts'
import type { ApiRoute } from './api-route.ts'
import { readBody } from './body.ts'
import { answerOrCallBack } from './callback-url.ts'
import type { CallbackParts, WorkResult } from './callback-url.ts'
import { ApiError, badRequest } from './errors.ts'
import { flagArgument, integerArgument } from './query.ts'

export interface TrainingRouteParts extends CallbackParts {
  readonly trainer: Trainer
}

export const CALLBACK_URL = {
  description: 'Answers 204 at once and posts the result there; not an address inside this network.',
  schema: { type: 'string' },
} as const

export function trainingRoutes(parts: TrainingRouteParts): readonly ApiRoute[] {
  return [
    {
      method: 'post',
      path: '/model/train',
      tag: 'Model',
      summary: 'Trains a model; it is given back, kept in the folder of models, and not loaded',
      query: {
        save_to_default_model_directory: {
          description: 'Whether the folder of models keeps it; default true',
          schema: { type: 'boolean' },
        },
        force_training: { description: 'Trains every part anew', schema: { type: 'boolean' } },
        augmentation: {
          description: 'How many stories are glued together; default 50',
          schema: { type: 'integer' },
        },
        num_threads: { description: 'Taken, and changes nothing', schema: { type: 'integer' } },
        callback_url: CALLBACK_URL,
      },
      body: {
        description: 'Config, domain, NLU data, stories and rules in one YAML text',
        content: { 'application/yaml': { type: 'string' } },
      },
      answers: {
        200: {
          description: 'The archive; its name is in the header `filename`',
          content: { 'application/x-tar': { type: 'string', format: 'binary' } },
        },
        204: { description: 'The result goes to callback_url' },
      },
      handle: ctx => train(ctx, parts),
    },
  ]
}

async function train(ctx: Context, parts: TrainingRouteParts): Promise<void> {
  const yaml = await readYamlBody(ctx, 'There should be training data in the body.')
  const isKept = flagArgument(ctx, 'save_to_default_model_directory', true)
  const force = flagArgument(ctx, 'force_training')
  const augmentation = Math.min(Math.max(integerArgument(ctx, 'augmentation') ?? 50, 0), 1000)
  await answerOrCallBack(ctx, parts, async (): Promise<WorkResult> => {
    try {
      const { name, bytes } = await parts.trainer.train(yaml, { isKept, force, augmentation })
      return { type: 'application/x-tar', body: bytes, headers: { filename: name } }
    } catch (error) {
      throw asTrainingError(error)
    }
  })
}

/** The body as text; throws 400 for an empty one and for bytes that are no UTF-8. */
export async function readYamlBody(ctx: Context, empty: string): Promise<string> {
  const bytes = await readBody(ctx.req, LIMITS.trainingBodyBytes)
  if (bytes.length === 0) throw badRequest(empty)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw badRequest('The body should be text in UTF-8.')
  }
}

/** What is wrong with a project is the caller's: 400, with Rasa's reason for its kind. */
function asTrainingError(error: unknown): unknown {
  if (!(error instanceof CodedError) || error.status >= 500) {
    return new ApiError({
      status: 500,
      reason: 'TrainingError',
      message: 'An unexpected error occurred during training. The log says more.',
      cause: error,
    })
  }
  if (error.status === 429) return error
  const isDomain = error.code.startsWith('domain.') || /^error .*\[domain\.[\w-]+\]$/m.test(error.message)
  const reason = isDomain
    ? 'InvalidDomainError'
    : error.code === 'project.invalid'
      ? 'BadRequest'
      : 'TrainingError'
  return new ApiError({ status: 400, reason, message: error.message, cause: error })
}

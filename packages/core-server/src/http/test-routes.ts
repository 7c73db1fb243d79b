// POST /model/test/stories and /model/test/intents: how well the model does on data of the request.

import { existsSync } from 'node:fs'
import type { Context } from 'koa'
import { CodedError } from '@tabula/protocol'
import type { Schema } from '@tabula/protocol'
import { LIMITS } from '../config/limits.ts'
import type { ModelHost } from '../model-host/model-host.ts'
import type { Test } from '../model-host/trainer.ts'
import type { ApiRoute } from './api-route.ts'
import { isRecord, parseJson, readBody } from './body.ts'
import { answerOrCallBack } from './callback-url.ts'
import type { WorkResult } from './callback-url.ts'
import { ApiError, badRequest } from './errors.ts'
import { flagArgument, integerArgument, textArgument } from './query.ts'
import { CALLBACK_URL, readYamlBody } from './training-routes.ts'
import type { TrainingRouteParts } from './training-routes.ts'

export interface TestRouteParts extends TrainingRouteParts {
  readonly models: ModelHost
  /** The archive that a request names, below the folder of models. */
  readonly findArchive: (name: string) => Promise<string>
}

const JSON_TYPE = 'application/json'
const YAML_TYPE = 'application/x-yaml'

const EVALUATION: Schema = { type: ['object', 'null'] }
const EVALUATIONS: Schema = {
  type: 'object',
  properties: {
    intent_evaluation: EVALUATION,
    entity_evaluation: EVALUATION,
    response_selection_evaluation: EVALUATION,
  },
  required: ['intent_evaluation', 'entity_evaluation', 'response_selection_evaluation'],
}

export function testRoutes(parts: TestRouteParts): readonly ApiRoute[] {
  return [
    {
      method: 'post',
      path: '/model/test/stories',
      tag: 'Model',
      summary: 'Plays stories against the model',
      query: {
        e2e: { description: 'Messages with words are understood by the model', schema: { type: 'boolean' } },
      },
      body: { description: 'Test stories in YAML', content: { 'application/yaml': { type: 'string' } } },
      answers: { 200: { description: 'The report', content: { [JSON_TYPE]: { type: 'object' } } } },
      errors: [409, 500],
      handle: ctx => testStories(ctx, parts),
    },
    {
      method: 'post',
      path: '/model/test/intents',
      tag: 'Model',
      summary: 'How messages are understood that are labeled, by the model or in a cross-validation',
      query: {
        model: { description: 'Another archive in the folder of models', schema: { type: 'string' } },
        cross_validation_folds: {
          description: 'Trains and tests on parts of the data; needs config and data in YAML',
          schema: { type: 'integer' },
        },
        callback_url: CALLBACK_URL,
      },
      body: {
        description: 'NLU data: YAML under the type application/x-yaml alone, else JSON',
        content: { [YAML_TYPE]: { type: 'string' }, [JSON_TYPE]: { type: 'object' } },
      },
      answers: {
        200: { description: 'The evaluations', content: { [JSON_TYPE]: EVALUATIONS } },
        204: { description: 'The result goes to callback_url' },
      },
      errors: [409, 500],
      handle: ctx => testIntents(ctx, parts),
    },
  ]
}

async function testStories(ctx: Context, parts: TestRouteParts): Promise<void> {
  const model = archiveOf(parts.models)
  const yaml = await readYamlBody(ctx, 'There should be stories in the body.')
  const { type, body } = await resultOf(parts, yaml, '.yml', {
    kind: 'stories',
    model,
    endToEnd: flagArgument(ctx, 'e2e'),
  })
  ctx.set('Content-Type', type)
  ctx.body = body
}

async function testIntents(ctx: Context, parts: TestRouteParts): Promise<void> {
  const isYaml = ctx.get('Content-Type') === YAML_TYPE
  const empty = 'There should be NLU data in the body.'
  const data = isYaml ? await readYamlBody(ctx, empty) : await readNluJson(ctx, empty)
  const folds = foldsArgument(ctx)
  if (folds !== undefined && !isYaml) {
    throw testingError(400, `A cross-validation needs its data as ${YAML_TYPE}.`)
  }
  const named = textArgument(ctx, 'model')
  const test: Test =
    folds === undefined
      ? { kind: 'intents', model: named === undefined ? archiveOf(parts.models) : await found(named, parts) }
      : { kind: 'folds', folds }
  await answerOrCallBack(ctx, parts, () => resultOf(parts, data, isYaml ? '.yml' : '.json', test))
}

/** Unlike other numbers, a count of folds that is none is refused, as in Rasa. */
function foldsArgument(ctx: Context): number | undefined {
  const asked = textArgument(ctx, 'cross_validation_folds')
  if (asked === undefined) return undefined
  const folds = integerArgument(ctx, 'cross_validation_folds')
  if (folds !== undefined) return folds
  throw testingError(400, `cross_validation_folds is ${asked}. It should be a whole number.`)
}

async function resultOf(
  { trainer }: TestRouteParts,
  data: string,
  ending: '.yml' | '.json',
  test: Test,
): Promise<WorkResult> {
  try {
    return { type: JSON_TYPE, body: JSON.stringify(await trainer.test(data, ending, test)) }
  } catch (error) {
    throw asTestingError(error)
  }
}

/** NLU data in JSON, under the key that Rasa knows it by. */
async function readNluJson(ctx: Context, empty: string): Promise<string> {
  const bytes = await readBody(ctx.req, LIMITS.trainingBodyBytes)
  if (bytes.length === 0) throw badRequest(empty)
  const data = parseJson(bytes)
  if (!isRecord(data) || !isRecord(data['rasa_nlu_data'])) {
    throw testingError(400, 'The body should be NLU data: {"rasa_nlu_data": {"common_examples": [...]}}.')
  }
  return bytes.toString('utf8')
}

/** The archive of the model at hand, which the test reads anew in its own thread. */
function archiveOf(models: ModelHost): string {
  const { file } = models.require()
  if (file !== undefined && existsSync(file)) return file
  throw testingError(
    409,
    'The model at hand was not loaded from a file here; load it with PUT /model to test it.',
  )
}

async function found(name: string, { findArchive }: TestRouteParts): Promise<string> {
  return findArchive(name).catch((cause: unknown) => {
    throw testingError(400, `The model ${name} cannot be loaded.`, cause)
  })
}

/** What is wrong with the data is the caller's: a 4xx with Rasa's reason, which answers 500. */
function asTestingError(error: unknown): unknown {
  if (!(error instanceof CodedError) || error.status >= 500) {
    return testingError(500, 'An unexpected error occurred during evaluation. The log says more.', error)
  }
  if (error.status === 429) return error
  // Data that cannot be read is Rasa's BadRequest, data that cannot be tested its TestingError.
  if (error.code === 'project.invalid') return badRequest(error.message)
  return testingError(error.status, error.message, error)
}

function testingError(status: number, message: string, cause?: unknown): ApiError {
  return new ApiError({ status, reason: 'TestingError', message, cause })
}

// What the server needs of a model; `loadModel` of @tabula/model gives one.

import type { Domain, PolicyEnsemble } from '@tabula/dialogue'
import type { ParseData } from '@tabula/protocol'

export interface ServedModel {
  readonly metadata: { readonly model_id: string; readonly assistant_id: string }
  readonly domain: Domain
  /** null for a model without understanding. */
  readonly pipeline: { parse(text: string): ParseData | Promise<ParseData> } | null
  /** null for a model without dialogue. */
  readonly ensemble: PolicyEnsemble | null
  /** Path of its archive. */
  readonly file?: string
}

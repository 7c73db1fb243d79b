// The clients of the servers that endpoints.yml names: actions, NLG and NLU.

import type { ActionRunner } from '@tabula/protocol'
import type { Endpoints } from '../config/read-endpoints.ts'
import type { Log } from '../telemetry/log.ts'
import { createEndpointClient } from './endpoint-client.ts'
import type { EndpointClient } from './endpoint-client.ts'
import { HttpActionRunner } from './http-action-runner.ts'

export interface EndpointClients {
  readonly actions: ActionRunner | null
  readonly nlg: EndpointClient | null
  readonly nlu: EndpointClient | null
  close(): Promise<void>
}

/** A client for each server that is named; null for the others. */
export function createClients({ action, nlg, nlu }: Endpoints, log: Log): EndpointClients {
  const actionClient = action === null ? null : createEndpointClient(action)
  const nlgClient = nlg === null ? null : createEndpointClient(nlg)
  const nluClient = nlu === null ? null : createEndpointClient(nlu)
  return {
    actions:
      action === null || actionClient === null ? null : new HttpActionRunner(actionClient, action.calls, log),
    nlg: nlgClient,
    nlu: nluClient,
    async close() {
      await actionClient?.close()
      await nlgClient?.close()
      await nluClient?.close()
    },
  }
}

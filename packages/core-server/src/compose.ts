// The composition root: only here are stores, clients and channels made, and put together.

import { randomUUID } from 'node:crypto'
import { Router } from '@koa/router'
import type { TurnContext } from '@tabula/dialogue'
import type { ActionCall, ActionOutcome, ActionRunner } from '@tabula/protocol'
import { addAssistantRoutes } from './assistant/assistant-routes.ts'
import { DirectAssistant } from './assistant/direct-assistant.ts'
import { createClients } from './action-client/endpoint-clients.ts'
import { askNlg } from './action-client/nlg-client.ts'
import { openFeeds } from './brokers/open-feeds.ts'
import { createAccept } from './channels/accept.ts'
import { isDelivering } from './channels/channel.ts'
import type { Channel, ChannelHost, Delivery, OutputChannel } from './channels/channel.ts'
import { createChannels } from './channels/channels.ts'
import { CollectingOutput } from './channels/collecting-output.ts'
import { REST_WEBHOOK } from './channels/rest.ts'
import { openSocketRelay } from './channels/socket-relay.ts'
import { lastAnswerOf, startChannels } from './channels/start-channels.ts'
import { LIMITS } from './config/limits.ts'
import { type Endpoints, readEndpoints } from './config/read-endpoints.ts'
import type { RunningServer, ServerOptions } from './config/server-options.ts'
import { addApiRoutes } from './http/api-route.ts'
import { createGuard, protectRoutes } from './http/auth.ts'
import { createApp } from './http/create-app.ts'
import { apiRoutes } from './http/api-routes.ts'
import { listen } from './http/listen.ts'
import { openPort, openShop, type PortHost } from './http/open-ports.ts'
import { addOpenApi } from './http/openapi.ts'
import { isShortSecret, warnOfShortSecret } from './http/jwt.ts'
import { createOutgoing } from './http/outgoing.ts'
import { findUnready } from './http/readiness.ts'
import { RequestsUnderWay } from './http/requests-under-way.ts'
import { addServiceRoutes } from './http/service-routes.ts'
import { loadFrom } from './model-host/load-from.ts'
import { openModels, type Understand, understandingOf, watchModels } from './model-host/host-models.ts'
import { archiveBelow, modelFolder } from './model-host/open-model.ts'
import type { ServedModel } from './model-host/served-model.ts'
import { Trainer } from './model-host/trainer.ts'
import { Acceptance } from './processor/acceptance.ts'
import { createClock } from './processor/clock.ts'
import { Conversations } from './processor/conversations.ts'
import type { DialogueEngine } from './processor/dialogue-engine.ts'
import type { TurnSurroundings } from './processor/held-conversation.ts'
import { Processor } from './processor/processor.ts'
import type { OnDue } from './reminders/reminder-scheduler.ts'
import { logRequests } from './telemetry/access-log.ts'
import type { Log } from './telemetry/log.ts'
import { createMeter, type Meter } from './telemetry/metrics.ts'
import {
  observeActions,
  observeDialogue,
  observeInbox,
  observeStore,
  observeTurns,
  observeUnderstanding,
} from './telemetry/observe.ts'
import { addMetricsRoute, observeRequests } from './telemetry/observe-requests.ts'
import { openState } from './tracker-store/open-state.ts'
import { TrackerCache } from './tracker-store/tracker-cache.ts'

/** What a server is made of besides its options. */
export interface CompositionParts {
  readonly engine: DialogueEngine
  readonly log: Log
  /** Actions in a turn before it is ended. */
  readonly maxActions: number
  /** The environment's variables, as far as Rasa has settings in them. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** What stands in endpoints.yml, where it has been read already; else the options' is read. */
  readonly endpoints?: Endpoints
  /** What /metrics shows; one of the server's own where none is given. */
  readonly meter?: Meter
  /** What opens Rasa's port; the machine where none is given. */
  readonly port?: PortHost
}

/**
 * A server whose ports answer. Throws CodedError: `server.port-taken`, and `endpoints.*` or `credentials.*` for settings
 * that cannot work; then nothing stays open.
 */
export async function compose(options: ServerOptions, parts: CompositionParts): Promise<RunningServer> {
  const closers: (() => void | Promise<void>)[] = []
  try {
    return await putTogether(options, parts, closers)
  } catch (error) {
    for (const close of closers.toReversed()) await close()
    throw error
  }
}

async function putTogether(
  options: ServerOptions,
  parts: CompositionParts,
  closers: (() => void | Promise<void>)[],
): Promise<RunningServer> {
  const { log, maxActions, environment = {}, port = { listen } } = parts
  const meter = parts.meter ?? createMeter({ defaults: false })
  const endpoints = parts.endpoints ?? readEndpoints(options.endpoints ?? {}, options.trackerStore, log)
  const engine = observeDialogue(parts.engine, meter)
  const state = await openState(endpoints, log)
  const store = observeStore(state.store, meter)
  const inbox = observeInbox(state.inbox, meter)
  closers.push(() => state.close())
  const feeds = await openFeeds(options.endpoints ?? {}, environment, store, log)
  closers.push(async () => {
    await Promise.all(feeds.map(feed => feed.close()))
  })
  meter.watch('tabula_broker_failures', () =>
    feeds.map(({ name, failures }) => ({ value: failures, labels: { broker: name } })),
  )
  const clients = createClients(endpoints, log)
  closers.push(() => clients.close())
  const understandingModel = await understandingOf(clients.nlu, log)
  const understand: Understand = model => observeUnderstanding(understandingModel(model), meter)
  const models = await openModels(options, understand, log)
  const cache = new TrackerCache(
    store,
    (sender, domain, events) => engine.fold(sender, domain, events),
    LIMITS,
  )
  models.onSwap(() => {
    cache.clear()
    meter.count('tabula_model_swaps_total')
  })
  meter.watch('tabula_canary_share', () => [{ value: models.canary?.share ?? 0 }])
  meter.watch('tabula_model_loaded', () => [{ value: models.current === null ? 0 : 1 }])
  const watch = await watchModels(options, endpoints, environment, { models, understand, log })
  closers.push(async () => watch?.close())
  const bareRunner = options.actionRunner ?? clients.actions
  const runner = bareRunner === null ? null : observeActions(bareRunner, meter)
  const isDomainSent = options.actionRunner !== undefined || endpoints.action?.sendsDomainOnRequest !== true
  const channels: Channel[] = []
  const createContext = contextMaker(endpoints.nlg !== null, maxActions)

  const onDue: OnDue = due => processor.remind(due, channel => outputOf(channels, channel))
  const reminders = await store.openReminders(onDue, log)
  closers.push(() => reminders.close())
  const surroundings: TurnSurroundings = {
    callAction: (model, call, key) =>
      callAction(runner, isDomainSent ? call : withoutDomain(call, model), key),
    askNlg: async request => (clients.nlg === null ? null : askNlg(clients.nlg, request, log)),
    reminders,
    log,
  }
  const conversations = new Conversations({
    ...{ models, inbox, store, cache, surroundings, log },
    context: createContext,
    isOneConnection: state.isOneConnection,
  })
  const processor = new Processor({ conversations, engine, messages: store.messages, log })
  const observe = observeTurns(meter, log)
  const acceptance = new Acceptance({
    ...{ conversations, processor, messages: store.messages, log },
    waitingPerSender: LIMITS.waitingPerSender,
    reach: (channel, address) => reachedOutput(channels, channel, address),
    observe,
  })
  closers.push(() => {
    acceptance.stop()
  })
  const take: ChannelHost['take'] = (channel, delivery) => acceptance.take(channel, delivery)
  const host: ChannelHost = {
    handle: (message, output, id) => observe(message, () => processor.handle(message, output, id)),
    take,
    accept: createAccept({ take, acknowledgeAfter: LIMITS.acknowledgeAfter }),
    repliesTo: (channel, message, id) => acceptance.repliesTo(channel, message, id),
    ...(await openSocketRelay(state.shared, options.credentials, log)),
    lastAnswer: sender => conversations.read(sender, lastAnswerOf),
    log,
    origins: originsOf(options.cors),
  }
  channels.push(...(await createChannels(options.credentials, options.connector, host, options.channels)))
  closers.push(async () => {
    for (const channel of channels) await channel.close?.()
  })

  const findOutput = (channel: string | null): OutputChannel => outputOf(channels, channel)
  let isStopping = false
  const outgoing = createOutgoing(options.innerHosts)
  closers.push(() => outgoing.close())
  const archives = await modelFolder(typeof options.model === 'object' ? options.model.file : options.model)
  const trainer = new Trainer(archives)
  closers.push(() => trainer.close())
  const guard = createGuard(options)
  if (options.jwt !== undefined && isShortSecret(options.jwt)) warnOfShortSecret(log, '--jwt-secret')
  const router = new Router({ sensitive: true })
  const unready = (): Promise<readonly string[]> => findUnready(models, store, isStopping)
  port.watch?.(unready)
  addServiceRoutes(router, unready)
  addMetricsRoute(router, meter)
  for (const channel of channels) channel.mount(router)
  if (options.enableApi === true) {
    const routes = apiRoutes({
      conversations,
      engine,
      models,
      trainer,
      findArchive: name => archiveBelow(archives, name),
      outgoing,
      log,
      load: source => loadFrom(source, { models, outgoing, understand, environment }),
      context: model => createContext(model, new CollectingOutput()),
      findOutput,
    })
    addApiRoutes(router, routes)
    addOpenApi(router, channels.some(({ name }) => name === 'rest') ? [...routes, REST_WEBHOOK] : routes)
  }
  const assistant = new DirectAssistant({ host, conversations, engine, models, cache, findOutput })
  if (options.roles?.includes('inference') === true) {
    addAssistantRoutes(router, assistant)
    // The public side reads it from another process.
    await store.openLog()
  }
  protectRoutes(router, guard)
  const requests = new RequestsUnderWay()
  const app = createApp({
    log,
    router,
    cors: host.origins,
    around: [requests.watch(), observeRequests(meter), logRequests(log, options.accessLog === true)],
    responseTimeout: options.responseTimeout,
  })
  const server = await openPort(port, options, app.callback(), channels)
  closers.push(() => server.close(0))
  const shop =
    options.shop === undefined
      ? null
      : await openShop(options.shop, options, { assistant, store, log, environment })
  closers.push(async () => {
    await shop?.listening.close(0)
    await shop?.composed.close()
  })

  startChannels(channels, log)

  const end = async (notice: number): Promise<void> => {
    isStopping = true
    shop?.composed.beginStop()
    if (notice > 0) await new Promise(resolve => setTimeout(resolve, notice))
    for (const channel of channels) channel.beginClose?.()
    const asleep = reminders.close()
    shop?.composed.beginClose()
    acceptance.stop()
    // New connections are refused from here on; turns under way still answer.
    const ports = shop === null ? [server] : [server, shop.listening]
    const closed = Promise.all(ports.map(port => port.close(LIMITS.stopGrace)))
    await requests.settled(LIMITS.stopGrace)
    await inbox.close(LIMITS.stopGraceOfRest)
    for (const channel of channels) await channel.close?.()
    await closed
    await asleep
    await watch?.close()
    await trainer.close()
    await outgoing.close()
    await shop?.composed.close()
    await Promise.all(feeds.map(feed => feed.close()))
    await clients.close()
    await state.close()
  }
  reminders.start()
  acceptance.start()
  let ended: Promise<void> | null = null
  return {
    urls: { server: server.url, ...(shop === null ? {} : { shop: shop.listening.url }) },
    stop: (notice = 0) => (ended ??= end(notice)),
  }
}

function contextMaker(
  remoteNlg: boolean,
  maxActions: number,
): (model: ServedModel, output: OutputChannel, random?: () => number) => TurnContext {
  const now = createClock()
  const newId = (): string => randomUUID().replaceAll('-', '')
  return ({ domain, ensemble, metadata }, output, random = Math.random) => ({
    domain,
    policies: ensemble,
    now,
    random,
    newId,
    modelId: metadata.model_id,
    assistantId: metadata.assistant_id,
    maxActions,
    remoteNlg,
    outputChannel: output.name,
  })
}

async function callAction(
  runner: ActionRunner | null,
  call: ActionCall,
  key: string,
): Promise<ActionOutcome> {
  if (runner !== null) return runner.run(call, { key })
  const message = `${call.next_action}: endpoints.yml names no action_endpoint to run it.`
  return { kind: 'failed', message }
}

/** Under enable_selective_domain a call carries the domain only for the actions that ask for it. */
function withoutDomain(call: ActionCall, { domain }: ServedModel): ActionCall {
  if (domain.sendsDomain(call.next_action)) return call
  const { next_action, sender_id, tracker, version } = call
  return { next_action, sender_id, tracker, version }
}

/** The output of a channel that answers deliveries; one that is switched off meanwhile says nothing. */
function reachedOutput(
  channels: readonly Channel[],
  name: string,
  address: Delivery['address'],
): OutputChannel {
  const channel = channels.find(each => each.name === name)
  return channel !== undefined && isDelivering(channel) ? channel.reach(address) : new CollectingOutput()
}

/** The channel's own way to reach users, else one that only collects. */
function outputOf(channels: readonly Channel[], name: string | null): OutputChannel {
  return channels.find(channel => channel.name === name)?.output?.() ?? new CollectingOutput()
}

function originsOf(cors: ServerOptions['cors']): readonly string[] {
  return typeof cors === 'string' ? [cors] : (cors ?? [])
}

// The files that deployments are made of, held to the code: each name, port and path in them is one that there is. What
// other tools say of them (helm, cfn-lint, compose) is in docs/deploy.md.

import test from 'ava'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { createDoor, PARSE_LIMITS } from '@tabula/protocol'
import type { Schema } from '@tabula/protocol'
import { showSettings } from './settings.ts'

const root = join(import.meta.dirname, '../../../..')
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8')

const SETTINGS = new Map(showSettings({}).map(({ name, value }) => [name as string, value]))
const PORTS = {
  api: SETTINGS.get('API_PORT'),
  inference: SETTINGS.get('INFERENCE_PORT'),
  actions: SETTINGS.get('ACTION_PORT'),
}
/** Where each role says that it is there. */
const CHECKS = {
  api: ['/livez', '/readyz'],
  inference: ['/livez', '/readyz'],
  actions: ['/health'],
  all: ['/readyz'],
}
type Role = keyof typeof CHECKS

interface Service {
  readonly image: string
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: readonly string[]
  readonly read_only?: boolean
}

const COMPOSE = ['compose.yml', 'docker/compose.minimal.yml', 'docker/compose.full.yml']

function servicesOf(file: string): Readonly<Record<string, Service>> {
  return (parse(read(file), { merge: true }) as { readonly services: Readonly<Record<string, Service>> })
    .services
}

for (const file of COMPOSE) {
  test(`${file}: each setting, port and health check of it is one that the program has`, t => {
    const services = servicesOf(file)
    const own = Object.entries(services).filter(([, { image }]) => image === 'tabula:latest')
    t.true(own.length > 0)
    for (const [name, { environment = {}, healthcheck, read_only, ports = [] }] of own) {
      for (const setting of Object.keys(environment)) t.true(SETTINGS.has(setting), `${name}: ${setting}`)
      const role = environment['TABULA_ROLE'] as Role
      const url = /http:\/\/127\.0\.0\.1:(\d+)(\/\w+)/.exec(healthcheck?.test.at(-1) ?? '')
      t.is(url?.[1], PORTS[role === 'all' ? 'api' : role], name)
      t.true(CHECKS[role].includes(url?.[2] ?? ''), name)
      t.true(read_only, name)
      for (const port of ports) t.regex(port, new RegExp(`^127\\.0\\.0\\.1:.*:${PORTS.api}$`), name)
    }
    for (const { depends_on = [] } of Object.values(services))
      for (const name of depends_on) t.true(name in services, name)
    for (const [, host = '', port] of JSON.stringify(own).matchAll(/https?:\/\/(\w+):(\d+)/g)) {
      if (host === 'your' || host === '127') continue
      const target = services[host]?.environment?.['TABULA_ROLE'] as Exclude<Role, 'all'> | undefined
      t.is(port, target === undefined ? undefined : PORTS[target], host)
    }
  })
}

test('every compose file takes the same versions, and asks for no setting that .env.example does not know', t => {
  const images = new Set(COMPOSE.flatMap(file => Object.values(servicesOf(file)).map(({ image }) => image)))
  const names = [...images].map(image => image.split(':')[0])
  t.is(new Set(names).size, names.length, [...images].join(', '))
  const known = new Set([...read('.env.example').matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name))
  for (const name of known) t.true(SETTINGS.has(name ?? ''), name)
  for (const file of COMPOSE)
    for (const [, name] of read(file).matchAll(/(?<!\$)\$\{(\w+)/g))
      t.true(known.has(name), `${file}: ${name}`)
})

interface Container {
  readonly Name: keyof typeof PORTS
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[]
  readonly Secrets?: readonly { readonly Name: string }[]
  readonly PortMappings: readonly { readonly ContainerPort: number }[]
  readonly HealthCheck?: { readonly Command: readonly string[] }
}

test('the stack for ECS: each setting and port is one that the program has, and each name stands for something', t => {
  const text = read('docker/ecs/stack.yml')
  const tags = ['!Ref', '!Sub', '!GetAtt'].map(tag => ({
    tag,
    resolve: (value: string) => `${tag} ${value}`,
  }))
  const stack = parse(text, { customTags: tags }) as {
    readonly Parameters: object
    readonly Resources: Readonly<
      Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
    >
  }
  const names = new Set([...Object.keys(stack.Parameters), ...Object.keys(stack.Resources)])
  const used = [...text.matchAll(/!(?:Ref|GetAtt) '?([\w:]+)|\$\{([\w:]+)/g)].map(
    match => match[1] ?? match[2] ?? '',
  )
  t.true(used.length > 50)
  for (const name of used) t.true(name.startsWith('AWS::') || names.has(name), name)
  const tasks = Object.values(stack.Resources).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition')
  const containers = tasks.flatMap(
    ({ Properties }) => Properties['ContainerDefinitions'] as readonly Container[],
  )
  t.is(containers.length, 3)
  for (const { Name, Environment, Secrets = [], PortMappings, HealthCheck } of containers) {
    for (const setting of [...Environment, ...Secrets])
      t.true(SETTINGS.has(setting.Name), `${Name}: ${setting.Name}`)
    t.is(Environment.find(setting => setting.Name === 'TABULA_ROLE')?.Value, Name)
    t.deepEqual(
      PortMappings.map(({ ContainerPort }) => String(ContainerPort)),
      [PORTS[Name]],
    )
    if (HealthCheck !== undefined)
      t.regex(HealthCheck.Command.at(-1) ?? '', new RegExp(`:${PORTS[Name]}/readyz`))
  }
  for (const kind of ['api', 'inference'])
    t.regex(text, new RegExp(`PolicyName: ${kind}-cpu[\\s\\S]*?TargetValue: 85`))
})

const CHART = 'docker/helm/tabula'

test('the chart: its values fit its schema, its templates use values that there are, and name settings that there are', t => {
  const values = parse(read(CHART, 'values.yaml')) as Readonly<Record<string, unknown>>
  const door = createDoor(
    'values.yaml',
    JSON.parse(read(CHART, 'values.schema.json')) as Schema,
    PARSE_LIMITS.request,
  )
  t.notThrows(() => door(values))
  t.throws(() => door({ ...values, imgae: {} }), { message: /imgae/ })
  const files = readdirSync(join(root, CHART, 'templates'), { recursive: true, encoding: 'utf8' }).filter(
    file => /\.\w+$/.test(file),
  )
  const text = files.map(file => read(CHART, 'templates', file)).join('\n')
  for (const [, path = ''] of text.matchAll(/\.Values\.([\w.]+)/g)) {
    let value: unknown = values
    for (const key of path.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[key]
    t.not(value, undefined, path)
  }
  const defined = new Set([...text.matchAll(/define "([\w.]+)"/g)].map(([, name]) => name))
  for (const [, name = ''] of text.matchAll(/include "([\w.]+)"/g)) t.true(defined.has(name), name)
  const settings = [...text.matchAll(/(?:"|name: )([A-Z]+_[A-Z_]+)\b/g)].map(([, name]) => name ?? '')
  t.true(settings.length >= 10)
  for (const name of settings) t.true(SETTINGS.has(name), name)
  for (const role of ['api', 'inference', 'actions'] as const) {
    const { port } = (values[role] as { readonly service: { readonly port: number } }).service
    t.is(String(port), PORTS[role] ?? '')
    const [, live = '', ready = ''] =
      new RegExp(`"role" "${role}" "live" "([^"]+)" "ready" "([^"]+)"`).exec(text) ?? []
    t.true(CHECKS[role].includes(live) && CHECKS[role].includes(ready), `${role}: ${live} ${ready}`)
  }
  // Plain manifests are YAML once what is filled in is taken out.
  for (const { errors } of parseAllDocuments(read(CHART, 'Chart.yaml'))) t.deepEqual(errors, [])
})

test('the guide names every setting, and no other', t => {
  const text = read('docs/deploy.md')
  const named = new Set([...text.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name))
  const others = new Set(['CAPABILITY_IAM', 'NODE_EXTRA_CA_CERTS'])
  for (const name of named) t.true(SETTINGS.has(name) || others.has(name), name)
  for (const name of SETTINGS.keys()) t.true(name === 'DEMO' || named.has(name), `${name} is missing`)
})

test('npm run create_db makes the first admin in the database that the containers start with', t => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> }
  const project = /--project (\S+)$/.exec(scripts['create_db'] ?? '')?.[1] ?? '.'
  const [, command = '[]'] = /^CMD (.+)$/m.exec(read('docker', 'Dockerfile')) ?? []
  t.deepEqual(JSON.parse(command), ['start', `/app/${project}`])
  const minimal = parse(read('docker', 'compose.minimal.yml')) as {
    services: { tabula: { volumes: readonly string[] } }
  }
  t.deepEqual(minimal.services.tabula.volumes, [`tabula:/app/${project}/.tabula`])
})

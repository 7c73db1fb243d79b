// Where the programs that tests need are found: on the path, or where Debian keeps them.

import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What tests need beside Node: the program that proves it is there, and the Debian package that brings it. */
export const SERVICES = [
  { name: 'Redis', program: 'redis-server', apt: 'redis-server', setting: 'TABULA_TEST_REDIS_SERVER' },
  { name: 'PostgreSQL', program: 'postgres', apt: 'postgresql', setting: 'TABULA_TEST_POSTGRES' },
  {
    name: 'RabbitMQ',
    program: 'rabbitmq-server',
    apt: 'rabbitmq-server',
    setting: 'TABULA_TEST_RABBITMQ_SERVER',
  },
  { name: 'Chromium', program: 'chromium', apt: 'chromium', setting: 'TABULA_TEST_CHROMIUM' },
]

/** The path of a service's program, or null; its setting (an environment variable) wins over the search. */
export function findService(name) {
  const service = SERVICES.find(candidate => candidate.name === name)
  if (service === undefined)
    throw new Error(`no service ${name}; known: ${SERVICES.map(s => s.name).join(', ')}`)
  const chosen = process.env[service.setting]
  if (chosen !== undefined && chosen !== '') return existsSync(chosen) ? chosen : null
  const folders = [...debianRabbit(), ...(process.env.PATH ?? '').split(delimiter), ...debianPostgres()]
  const names = name === 'Chromium' ? ['chromium', 'chromium-browser', 'google-chrome'] : [service.program]
  for (const program of names)
    for (const folder of folders) if (existsSync(join(folder, program))) return join(folder, program)
  return null
}

function debianPostgres() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map(version => join(root, version, 'bin'))
}

/** The program itself: the one on the path is a script that changes the user. */
function debianRabbit() {
  const root = '/usr/lib/rabbitmq/lib'
  if (!existsSync(root)) return []
  return readdirSync(root).map(version => join(root, version, 'sbin'))
}

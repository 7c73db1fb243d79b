// `npm run bench -- NAME [--keep]`: runs bench/NAME.mjs and prints its JSON; --keep writes it to bench/results/NAME.json.

import { readdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const [name, ...rest] = process.argv.slice(2)
const known = readdirSync(here)
  .filter(file => file.endsWith('.mjs') && file !== 'run.mjs')
  .map(file => file.replace('.mjs', ''))
if (name === undefined || !known.includes(name)) {
  process.stderr.write(`usage: npm run bench -- ${known.join('|')} [--keep]\n`)
  process.exit(2)
}
const { measure } = await import(`./${name}.mjs`)
const result = {
  bench: name,
  date: new Date().toISOString().slice(0, 10),
  machine: { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
  ...(await measure()),
}
const text = `${JSON.stringify(result, null, 2)}\n`
process.stdout.write(text)
if (rest.includes('--keep')) writeFileSync(join(here, 'results', `${name}.json`), text)

#!/usr/bin/env node
// Starts the bot command on Node 24: in this process where it is that already, else with the project's own copy.
// Plain JavaScript that an older Node reads too.

import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
// Not by name: an older Node has no enableCompileCache, and would refuse to read this file.
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const WANTED = 24
const here = dirname(realpathSync(fileURLToPath(import.meta.url)))
const main = [join(here, '../dist/main.js'), join(here, '../src/main.ts')].find(file => existsSync(file))

if (Number(process.versions.node.split('.')[0]) >= WANTED) {
  nodeModule.enableCompileCache?.()
  await import(pathToFileURL(main).href)
} else {
  passOn(findNode())
}

/** The Node that the package `node` brought, looked for from this file upwards. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const require = nodeModule.createRequire(import.meta.url)
  for (const folder of require.resolve.paths('node') ?? []) {
    const file = join(folder, 'node', 'bin', name)
    if (existsSync(file)) return file
  }
  process.stderr.write(
    `bot runs on Node ${WANTED}; this is ${process.version}, and the package "node" that brings ${WANTED} is not installed beside it. Run npm install in the project, or use Node ${WANTED}.\n`,
  )
  process.exit(1)
}

/** Runs this file again on the other Node; its signals and its end are this process's. */
function passOn(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both; only what was sent to this process alone is passed on.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  child.on('error', error => {
    process.stderr.write(`bot could not start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0))
  })
}

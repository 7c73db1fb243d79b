import { readFileSync } from 'node:fs'
import type { Stage } from './stage.ts'

/** Megabytes of memory that the server's process holds. */
export function rss(stage: Stage): number {
  const status = readFileSync(`/proc/${stage.servers[0]?.pid ?? 0}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

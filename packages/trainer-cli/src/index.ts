export { run } from './run.ts'
export type { Console } from './console.ts'
export { VERSION_TEXT } from './version.ts'

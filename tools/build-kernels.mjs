// `node tools/build-kernels.mjs`: makes packages/ml/src/kernels/kernels-wasm.ts of kernels.wat. A test rebuilds and compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import createWabt from 'wabt'

const folder = join(import.meta.dirname, '../packages/ml/src/kernels')

/** The bytes of the module in kernels.wat. */
export async function buildKernels() {
  const wabt = await createWabt()
  const parsed = wabt.parseWat('kernels.wat', readFileSync(join(folder, 'kernels.wat'), 'utf8'), {
    simd: true,
  })
  parsed.validate()
  const { buffer } = parsed.toBinary({})
  parsed.destroy()
  return buffer
}

if (import.meta.main) {
  const text = Buffer.from(await buildKernels()).toString('base64')
  const lines = text.match(/.{1,100}/g).map(line => `  '${line}',`)
  writeFileSync(
    join(folder, 'kernels-wasm.ts'),
    `// Made of kernels.wat by tools/build-kernels.mjs; do not edit.\n\nexport const KERNELS_WASM: readonly string[] = [\n${lines.join('\n')}\n]\n`,
  )
}

// `node tools/build-kernels.mjs`: makes NAME-wasm.ts of each NAME.wat in packages/ml/src/kernels. A test rebuilds and compares.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import createWabt from 'wabt'

const folder = join(import.meta.dirname, '../packages/ml/src/kernels')

/** The bytes of the module in NAME.wat. */
export async function buildKernels(name) {
  const wabt = await createWabt()
  const features = { simd: true, threads: true }
  const text = readFileSync(join(folder, `${name}.wat`), 'utf8')
  const parsed = wabt.parseWat(`${name}.wat`, text, features)
  parsed.validate(features)
  const { buffer } = parsed.toBinary({})
  parsed.destroy()
  return buffer
}

if (import.meta.main) {
  for (const name of ['kernels', 'network']) {
    const encoded = Buffer.from(await buildKernels(name)).toString('base64')
    const lines = encoded.match(/.{1,100}/g).map(line => `  '${line}',`)
    writeFileSync(
      join(folder, `${name}-wasm.ts`),
      `// Made of ${name}.wat by tools/build-kernels.mjs; do not edit.\n\nexport const ${name.toUpperCase()}_WASM: readonly string[] = [\n${lines.join('\n')}\n]\n`,
    )
  }
}

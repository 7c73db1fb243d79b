import test from 'ava'
import { SIZE_LIMITS } from '../build.mjs'
import { builtFiles, removeFiles } from './web-files.ts'

test.after.always(removeFiles)

test('a page that takes the widget in loads no more than it was promised', async t => {
  const { sizes } = await builtFiles()
  t.log(
    `launcher ${sizes.launcher} of ${SIZE_LIMITS.launcher}, all ${sizes.all} of ${SIZE_LIMITS.all} bytes gzipped`,
  )
  t.true(sizes.launcher <= SIZE_LIMITS.launcher)
  t.true(sizes.all <= SIZE_LIMITS.all)
})

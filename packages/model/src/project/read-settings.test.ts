import { join } from 'node:path'
import test from 'ava'
import { ProjectError } from '@tabula/protocol'
import { projectFolder } from '../../test/project-folder.ts'
import { readSettings } from '../index.ts'

test('settings are read with variables filled in; a missing file is told from an empty one', async t => {
  const root = await projectFolder(t, {
    'endpoints.yml': 'action_endpoint:\n  url: ${HOST}/webhook\n  on: yes\n',
    'empty.yml': '# nothing\n',
    'list.yml': '- a\n',
  })
  t.deepEqual(await readSettings(join(root, 'endpoints.yml'), { HOST: 'http://h' }), {
    action_endpoint: { url: 'http://h/webhook', on: 'yes' },
  })
  t.deepEqual(await readSettings(join(root, 'empty.yml'), {}), {})
  t.is(await readSettings(join(root, 'none.yml'), {}), null)
  await t.throwsAsync(readSettings(join(root, 'list.yml'), {}), {
    instanceOf: ProjectError,
    message: /list\.yml:1:1/,
  })
  await t.throwsAsync(readSettings(join(root, 'endpoints.yml'), {}), { message: /HOST.* is not set/ })
})

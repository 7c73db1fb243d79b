import test from 'ava'
import type { ExecutionContext } from 'ava'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startShop } from '../../test/shop.ts'
import type { Call } from '../../test/serve.ts'

async function shop(t: ExecutionContext): Promise<Call> {
  const folder = await mkdtemp(join(tmpdir(), 'tabula-shop-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  for (const name of ['shop', 'admin', 'widget']) await mkdir(join(folder, name))
  for (const page of ['shop', 'admin'])
    await writeFile(join(folder, page, 'index.html'), `<!doctype html><title>${page}</title>`)
  await writeFile(join(folder, 'shop', 'shop.js'), 'export {}')
  await writeFile(join(folder, 'widget.js'), 'void 0')
  await writeFile(join(folder, 'widget', 'chat.js'), 'export {}')
  await writeFile(join(folder, 'shop', 'secret.env'), 'KEY=1')
  return (await startShop(t, {}, folder)).call
}

test('the page and its files are served under a strict policy', async t => {
  const call = await shop(t)
  const page = await call('GET', '/shop')
  t.is(page.status, 200)
  t.regex(page.headers.get('content-type') ?? '', /text\/html/)
  t.regex(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/)
  const script = await call('GET', '/shop/shop.js')
  t.regex(script.headers.get('content-type') ?? '', /javascript/)
  const again = await call('GET', '/shop/shop.js', undefined, {
    'if-none-match': script.headers.get('etag') ?? '',
  })
  t.is(again.status, 304)
})

test('every screen of the admin pages has an address that can be opened', async t => {
  const call = await shop(t)
  for (const path of ['/admin', '/admin/', '/admin/conversations/ann%20b']) {
    const page = await call('GET', path)
    t.is(page.status, 200, path)
    t.regex(page.headers.get('content-type') ?? '', /text\/html/)
  }
})

test('a page of another origin can load the widget', async t => {
  const call = await shop(t)
  for (const path of ['/widget.js', '/widget/chat.js']) {
    const script = await call('GET', path)
    t.is(script.status, 200, path)
    t.is(script.headers.get('access-control-allow-origin'), '*')
    t.is(script.headers.get('cross-origin-resource-policy'), 'cross-origin')
  }
})

test('nothing beside the built files can be read', async t => {
  const call = await shop(t)
  for (const path of [
    '/shop/secret.env',
    '/shop/../secret.env',
    '/shop/%2e%2e%2fsecret.env',
    '/shop/none',
    '/admin/none.js',
  ]) {
    t.is((await call('GET', path)).status, 404, path)
  }
})

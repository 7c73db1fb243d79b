import test from 'ava'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOutgoing, isInner } from './outgoing.ts'

test('security row 44: an address inside our network is not called, however it is written', async t => {
  let hits = 0
  const listener = createServer((_request, response) => {
    hits += 1
    response.end('inside')
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  t.teardown(() => listener.close())
  const { port } = listener.address() as AddressInfo
  const outgoing = createOutgoing()
  t.teardown(() => outgoing.close())
  const hosts = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0', 'localhost', '[::1]', '[::ffff:7f00:1]']
  for (const host of [...hosts, '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[fd00::1]', '169.254.169.254']) {
    const url = `http://${host}:${port}/`
    await t.throwsAsync(outgoing.check(url, 'callback_url'), { code: 'outgoing.refused' }, url)
  }
  for (const url of [
    'file:///etc/passwd',
    'unix:/run/x.sock',
    'gopher://x',
    'x',
    '',
    'http://no-such.invalid/',
  ]) {
    await t.throwsAsync(outgoing.check(url, 'callback_url'), { code: 'outgoing.refused' }, url)
  }
  // As if the name had changed after the check: the connection looks again.
  await t.throwsAsync(outgoing.request(new URL(`http://localhost:${port}/`), { method: 'GET' }))
  t.is(hits, 0)
})

test('a host that the operator allows is called, and a redirect from it is not followed', async t => {
  const paths: (string | undefined)[] = []
  const listener = createServer((request, response) => {
    paths.push(request.url)
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  t.teardown(() => listener.close())
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  const outgoing = createOutgoing([host])
  t.teardown(() => outgoing.close())
  const url = await outgoing.check(`http://${host}/hook?x=1`, 'callback_url')
  const answer = await outgoing.request(url, { method: 'POST', body: '{}' })
  await answer.body.dump()
  t.is(answer.statusCode, 302)
  t.deepEqual(paths, ['/hook?x=1'])
})

test('addresses of the open network are not refused', t => {
  for (const address of ['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1']) t.false(isInner(address), address)
  for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', 'fe80::1', 'ff02::1', '::'])
    t.true(isInner(address), address)
})

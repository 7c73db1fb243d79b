import test from 'ava'
import { publicAddress, readEndpoint } from './endpoint.ts'

const PLACE = 'endpoints.yml: action_endpoint'

test('an endpoint without a usable url is named with what was found', t => {
  t.throws(() => readEndpoint({ url: 'localhost:5055' }, PLACE), {
    message: `${PLACE}: url should be a full http address; found localhost:5055.`,
  })
  t.throws(() => readEndpoint(null, PLACE), {
    message: `${PLACE}: url should be a full http address; found nothing.`,
  })
})

test('params and token go into the query, under token_name where that is given', t => {
  const url = 'http://actions:5055/webhook'
  const urls = [
    readEndpoint({ url, token: 't' }, PLACE).url,
    readEndpoint({ url, token: 't', token_name: 'key', params: { a: 1, b: 'x y' } }, PLACE).url,
    readEndpoint({ url: `${url}?a=0`, params: { a: 1 }, token: '' }, PLACE).url,
  ]
  t.deepEqual(urls, [`${url}?token=t`, `${url}?a=1&b=x+y&key=t`, `${url}?a=1`])
})

test('a name and password go into a header, wherever they were written, and never into a log', t => {
  const basic = `Basic ${Buffer.from('u:p@ss').toString('base64')}`
  const written = readEndpoint({ url: 'https://u:p%40ss@actions/webhook?token=s' }, PLACE)
  t.deepEqual(written, {
    url: 'https://actions/webhook?token=s',
    headers: { authorization: basic },
    cafile: null,
  })
  t.is(publicAddress(written), 'https://actions/webhook')
  const given = { url: 'https://actions', basic_auth: { username: 'u', password: 'p@ss' }, cafile: 'ca.pem' }
  t.like(readEndpoint(given, PLACE), { headers: { authorization: basic }, cafile: 'ca.pem' })
})

test('own headers win over those that other keys make', t => {
  const { headers } = readEndpoint(
    {
      url: 'http://a',
      basic_auth: { username: 'u', password: 'p' },
      headers: { Authorization: 'Bearer x', 'X-Id': 7 },
    },
    PLACE,
  )
  t.deepEqual(headers, { authorization: 'Bearer x', 'x-id': '7' })
})

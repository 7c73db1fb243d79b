import test from 'ava'
import { readdir } from 'node:fs/promises'
import { callbackReceiver, PROJECT, trainingServer } from '../../test/training.ts'

test('a project in YAML comes back as a model that loads, and chats go on while it is trained', async t => {
  const { call, folder } = await trainingServer(t)
  const training = call('POST', '/model/train', PROJECT, { 'content-type': 'application/yaml' })
  let status = await call('GET', '/status')
  while ((status.body as { num_active_training_jobs: number }).num_active_training_jobs === 0) {
    status = await call('GET', '/status')
  }
  const said = await call('POST', '/webhooks/rest/webhook', { sender: 'ann', message: 'meanwhile' })
  t.deepEqual(said.body, [{ recipient_id: 'ann', text: 'meanwhile' }])
  const answer = await training
  t.is(answer.status, 200, answer.text)
  const file = answer.headers.get('filename') ?? ''
  t.regex(file, /^[\w-]+\.tar\.gz$/)
  t.true((await readdir(folder)).includes(file))
  t.is((await call('PUT', '/model', { model_file: file })).status, 204)
  t.like((await call('POST', '/model/parse', { text: 'see you' })).body, { intent: { name: 'bye' } })
  t.like((await call('GET', '/status')).body, { model_file: file, num_active_training_jobs: 0 })

  const query = 'save_to_default_model_directory=false&force_training=true&augmentation=0'
  t.is((await call('POST', `/model/train?${query}`, PROJECT)).status, 200)
  t.is((await readdir(folder)).length, 1)
})

test('what cannot be trained is the caller’s 400 with Rasa’s reason, and nothing is left behind', async t => {
  const { call, folder } = await trainingServer(t)
  const cases: [string, string, RegExp][] = [
    ['', 'BadRequest', /training data/],
    ['a: [', 'BadRequest', /data.yml:1/],
    ['just text', 'BadRequest', /./],
    [PROJECT.replace('WhitespaceTokenizer', 'NoSuchTokenizer'), 'BadRequest', /NoSuchTokenizer/],
    [PROJECT.replace('intents: [greet, bye]', 'intents: 7'), 'InvalidDomainError', /data.yml/],
    ['language: en', 'TrainingError', /No training data/],
  ]
  for (const [yaml, reason, message] of cases) {
    const answer = await call('POST', '/model/train', yaml)
    t.is(answer.status, 400, `${yaml} ${answer.text}`)
    t.like(answer.body, { reason }, answer.text)
    t.regex((answer.body as { message: string }).message, message)
  }
  t.is((await call('POST', '/model/train', 'x'.repeat(20_000_001))).status, 413)
  await t.throwsAsync(readdir(folder), { code: 'ENOENT' })
})

test('with callback_url the answer is 204 at once, and archive or error is posted when it is there', async t => {
  const { host, next } = await callbackReceiver(t)
  const { call } = await trainingServer(t, { innerHosts: [host] })
  const url = encodeURIComponent(`http://${host}/done`)
  t.is((await call('POST', `/model/train?callback_url=${url}`, PROJECT)).status, 204)
  const archive = await next()
  t.is(archive.headers['content-type'], 'application/x-tar')
  t.regex(String(archive.headers['filename']), /\.tar\.gz$/)
  t.deepEqual([...archive.body.subarray(0, 2)], [0x1f, 0x8b])

  t.is((await call('POST', `/model/train?callback_url=${url}`, 'language: en')).status, 204)
  t.like(JSON.parse((await next()).body.toString()), { reason: 'TrainingError', code: 400 })

  const inner = encodeURIComponent('http://127.0.0.1:1/')
  t.is((await call('POST', `/model/train?callback_url=${inner}`, PROJECT)).status, 400)
})

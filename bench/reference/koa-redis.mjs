// The limit that the server is held against: koa that asks Redis twice for each request and echoes.

import { Redis } from 'ioredis'
import Koa from 'koa'

const [port, redisPort] = process.argv.slice(2).map(Number)
const redis = new Redis({ port: redisPort })
const app = new Koa()
app.use(async ctx => {
  const chunks = []
  for await (const chunk of ctx.req) chunks.push(chunk)
  const { sender, message } = JSON.parse(Buffer.concat(chunks).toString() || '{}')
  await redis.get(`echo:${sender}`)
  await redis.set(`echo:${sender}`, String(message))
  ctx.body = [{ recipient_id: sender, text: message }]
})
app.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'))

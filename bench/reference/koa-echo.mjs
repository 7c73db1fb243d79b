// The reference: the least that a koa server can do with a JSON body. Prints its port when it listens.

import Koa from 'koa'

const app = new Koa()
app.use(async context => {
  const parts = []
  for await (const part of context.req) parts.push(part)
  const body = parts.length === 0 ? null : JSON.parse(Buffer.concat(parts).toString())
  context.body = [{ recipient_id: body?.sender ?? 'default', text: body?.message ?? '' }]
})
const server = app.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${server.address().port}\n`)
})

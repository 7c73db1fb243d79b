// Answers in Rasa's words: JSON without a charset.

import type { Context } from 'koa'

export function sendJson(ctx: Context, value: unknown, status = 200): void {
  ctx.status = status
  ctx.set('Content-Type', 'application/json')
  ctx.body = JSON.stringify(value)
}

export function sendText(ctx: Context, text: string, type = 'text/plain; charset=utf-8'): void {
  ctx.status = 200
  ctx.set('Content-Type', type)
  ctx.body = text
}

// Files that visitors send: taken with a visitor's token, given to whoever has the address, which cannot be guessed.

import { LIMITS } from '../../config/limits.ts'
import { readBody } from '../../http/body.ts'
import { ApiError } from '../../http/errors.ts'
import { notAuthenticated } from '../identify.ts'
import type { PublicRoute } from '../public-route.ts'
import { FILE, FILE_QUERY } from '../schemas.ts'
import { textOf } from '../shop-parts.ts'
import type { ShopParts } from '../shop-parts.ts'

export function fileRoutes({ files, rates, addressOf }: ShopParts): readonly PublicRoute[] {
  return [
    {
      method: 'post',
      path: '/visitors/me/files',
      access: 'visitor',
      tag: 'Visitors',
      summary: 'Send a file; its address goes into the metadata of a message.',
      description: `The body is the file itself, at most ${LIMITS.visitorFileBytes} bytes.`,
      query: FILE_QUERY,
      hasRawBody: true,
      answer: FILE,
      status: 201,
      errors: [409, 413],
      async handle({ ctx, caller, query }) {
        if (caller.kind !== 'visitor') throw notAuthenticated()
        rates.checkAddress(addressOf(ctx))
        const bytes = await readBody(ctx.req, LIMITS.visitorFileBytes)
        const type = ctx.get('Content-Type').split(';')[0]?.trim().toLowerCase() ?? ''
        const id = await files.keep(caller.sender, { name: textOf(query['name']), type, bytes })
        return { id, url: `/visitors/files/${id}`, size: bytes.length }
      },
    },
    {
      method: 'get',
      path: '/visitors/files/{id}',
      access: 'open',
      tag: 'Visitors',
      summary: 'A file that a visitor has sent, for those who were told its address.',
      answer: { type: 'string', format: 'binary' },
      answerType: 'application/octet-stream',
      errors: [404],
      async handle({ ctx, path: { id = '' } }) {
        const file = /^[0-9a-f]{32}$/.test(id) ? await files.find(id) : null
        if (file === null)
          throw new ApiError({ status: 404, reason: 'NotFound', message: 'There is no such file.' })
        ctx.status = 200
        ctx.set('Content-Type', file.type)
        // Saved, never shown as a page of ours: what a visitor wrote must not run here.
        ctx.set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        ctx.set('Content-Security-Policy', "default-src 'none'; sandbox")
        ctx.set('Cross-Origin-Resource-Policy', 'cross-origin')
        ctx.body = file.bytes
        return undefined
      },
    },
  ]
}

import test from 'ava'
import { forBothDatabases } from '../../test/databases.ts'
import { createDatabase } from './first-admin.ts'

const CHEAP = { N: 2 ** 4, r: 8, p: 1 }

forBothDatabases(test, (declare, name, open) => {
  declare(`${name}: outside the demo no first admin has a password that is built in or short`, async t => {
    const knex = await open(t)
    const make = (environment: Readonly<Record<string, string>>, isDemo = false) =>
      createDatabase(knex, environment, { isDemo, hashCost: CHEAP })
    await t.throwsAsync(make({}), { code: 'users.no-admin' })
    const given = { ADMIN_EMAIL: 'you@example.com', ADMIN_PASSWORD: '123456' }
    await t.throwsAsync(make(given), { code: 'users.weak-password' })
    const { admin } = await make({ ADMIN_EMAIL: 'you@example.com' })
    t.is(admin?.email, 'you@example.com')
    t.true((admin?.password?.length ?? 0) >= 16, 'a password that is made up is shown, once')
    t.is((await make({ ADMIN_EMAIL: 'you@example.com' })).admin, null)
  })
})

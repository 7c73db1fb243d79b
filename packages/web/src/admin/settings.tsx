// Who may see this, one's own password, and who did what.

import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Select } from './list.tsx'
import { Badge, Dialog, Loading, Problem, Time, useApi, useLoaded } from './parts.tsx'
import type { AuditEntry, User } from './types.ts'

const ROLES = [
  { value: 'viewer', title: 'Viewer: reads' },
  { value: 'reviewer', title: 'Reviewer: also labels, pauses, replies' },
  { value: 'admin', title: 'Admin: also erases, users, models' },
] as const
const SHORTEST = 10

export function SettingsScreen(): ComponentChildren {
  const api = useApi()
  return (
    <>
      <div class="title-row">
        <h1>Settings</h1>
      </div>
      {api.may('admin') && <Users />}
      <OwnPassword />
      {api.may('admin') && <Audit />}
    </>
  )
}

function Users(): ComponentChildren {
  const api = useApi()
  const { value, problem, reload } = useLoaded(
    async () => (await api.get<{ readonly users: readonly User[] }>('/users')).users,
    [],
  )
  const [failed, setFailed] = useState<string | null>(null)
  const [renewing, setRenewing] = useState<User | null>(null)
  const act = (work: Promise<unknown>): Promise<void> =>
    work.then(
      () => {
        setFailed(null)
        reload()
      },
      (error: unknown) => {
        setFailed(error instanceof Error ? error.message : String(error))
        throw error
      },
    )
  const change = (user: User, body: unknown): void => {
    act(api.send('PATCH', `/users/${encodeURIComponent(user.id)}`, body)).catch(() => {
      reload()
    })
  }
  return (
    <section class="card">
      <h2>Users</h2>
      <Problem text={failed ?? problem} />
      {value === null ? (
        problem === null && <Loading />
      ) : (
        <div class="table-frame" tabIndex={0} role="region" aria-label="Users">
          <table class="users">
            <thead>
              <tr>
                <th scope="col">Email</th>
                <th scope="col">Role</th>
                <th scope="col">Last login</th>
                <th scope="col">Account</th>
              </tr>
            </thead>
            <tbody>
              {value.map(user => (
                <tr>
                  <th scope="row">
                    {user.email} {user.disabled && <Badge kind="bad">Disabled</Badge>}
                  </th>
                  <td data-name="Role">
                    <Select
                      label={`Role of ${user.email}`}
                      value={user.role}
                      options={ROLES}
                      set={role => {
                        change(user, { role })
                      }}
                    />
                  </td>
                  <td data-name="Last login">
                    {user.last_login_at === null ? 'never' : <Time at={user.last_login_at} />}
                  </td>
                  <td>
                    <div class="label-row">
                      <button
                        type="button"
                        onClick={() => {
                          setRenewing(user)
                        }}
                      >
                        New password
                      </button>
                      <button
                        type="button"
                        onClick={() => {
                          change(user, { disabled: !user.disabled })
                        }}
                      >
                        {user.disabled ? 'Enable' : 'Disable'}
                      </button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NewUser create={body => act(api.send('POST', '/users', body))} />
      {renewing !== null && (
        <Dialog
          title={`New password for ${renewing.email}`}
          close={() => {
            setRenewing(null)
          }}
        >
          <form
            onSubmit={event => {
              event.preventDefault()
              const password = textIn(event.currentTarget, 'password')
              act(api.send('POST', `/users/${encodeURIComponent(renewing.id)}/password`, { password })).then(
                () => {
                  setRenewing(null)
                },
                () => undefined,
              )
            }}
          >
            <label>
              Password, at least {SHORTEST} characters
              <input type="email" autocomplete="username" value={renewing.email} readOnly hidden />
              <input
                type="password"
                name="password"
                minLength={SHORTEST}
                required
                autocomplete="new-password"
              />
            </label>
            <Problem text={failed} />
            <div class="dialog-row">
              <button
                type="button"
                onClick={() => {
                  setRenewing(null)
                }}
              >
                Cancel
              </button>
              <button type="submit" class="primary">
                Save
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </section>
  )
}

function NewUser({ create }: { readonly create: (body: unknown) => Promise<void> }): ComponentChildren {
  const [role, setRole] = useState('viewer')
  return (
    <form
      class="label-row new-user"
      onSubmit={event => {
        event.preventDefault()
        const form = event.currentTarget
        const body = { email: textIn(form, 'email').trim(), password: textIn(form, 'password'), role }
        create(body).then(
          () => {
            form.reset()
          },
          () => undefined,
        )
      }}
    >
      <label>
        Email
        <input type="email" name="email" required autocomplete="off" />
      </label>
      <label>
        Password
        <input type="password" name="password" minLength={SHORTEST} required autocomplete="new-password" />
      </label>
      <label>
        Role
        <Select label="Role of the new user" value={role} options={ROLES} set={setRole} />
      </label>
      <button type="submit" class="primary">
        Add user
      </button>
    </form>
  )
}

function OwnPassword(): ComponentChildren {
  const api = useApi()
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <form
      class="card own-password"
      onSubmit={event => {
        event.preventDefault()
        const form = event.currentTarget
        const body = { current_password: textIn(form, 'current'), new_password: textIn(form, 'next') }
        api.send('POST', '/auth/password', body).then(
          // The old token has ended with the old password.
          () => {
            api.logout()
          },
          (error: unknown) => {
            setProblem(error instanceof Error ? error.message : String(error))
          },
        )
      }}
    >
      <h2>Your password</h2>
      {/* Tells a keeper of passwords whose it is. */}
      <input type="email" autocomplete="username" value={api.user?.email ?? ''} readOnly hidden />
      <label>
        Current password
        <input type="password" name="current" required autocomplete="current-password" />
      </label>
      <label>
        New password, at least {SHORTEST} characters
        <input type="password" name="next" minLength={SHORTEST} required autocomplete="new-password" />
      </label>
      <Problem text={problem} />
      <button type="submit">Change and sign in again</button>
    </form>
  )
}

function Audit(): ComponentChildren {
  const api = useApi()
  const { value, problem } = useLoaded(async () => {
    const [{ entries }, { users }] = await Promise.all([
      api.get<{ readonly entries: readonly AuditEntry[] }>('/audit', { limit: 50 }),
      api.get<{ readonly users: readonly User[] }>('/users'),
    ])
    // What was done to a user names the account by its id.
    const emails = new Map(users.map(({ id, email }) => [id, email]))
    return entries.map(entry => ({ ...entry, to: emails.get(entry.subject ?? '') ?? entry.subject ?? '' }))
  }, [])
  return (
    <section class="card">
      <h2>Who did what</h2>
      <Problem text={problem} />
      {value !== null && (
        <div class="table-frame audit" tabIndex={0} role="region" aria-label="Who did what">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">To</th>
              </tr>
            </thead>
            <tbody>
              {value.map(({ time, email, action, to }) => (
                <tr>
                  <td>
                    <Time at={time} />
                  </td>
                  <td>{email ?? '–'}</td>
                  <td>
                    <code>{action}</code>
                  </td>
                  <td class="subject">{to}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function textIn(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name)
  return field instanceof HTMLInputElement ? field.value : ''
}

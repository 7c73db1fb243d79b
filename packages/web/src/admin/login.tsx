// The form that everybody begins at, and that comes back in place where a session has ended.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Problem, useApi } from './parts.tsx'

export function LoginForm({ email: known = '' }: { readonly email?: string }): ComponentChildren {
  const api = useApi()
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    const name = known === '' ? 'email' : 'password'
    form.current?.querySelector<HTMLInputElement>(`[name=${name}]`)?.focus()
  }, [])
  return (
    <form
      ref={form}
      class="login-form"
      onSubmit={event => {
        event.preventDefault()
        if (isBusy) return
        setBusy(true)
        api
          .login(email.trim(), password)
          .catch((error: unknown) => {
            setProblem(error instanceof Error ? error.message : String(error))
          })
          .finally(() => {
            setBusy(false)
          })
      }}
    >
      <label>
        Email
        <input
          type="email"
          name="email"
          autocomplete="username"
          required
          value={email}
          onInput={event => {
            setEmail(event.currentTarget.value)
          }}
        />
      </label>
      <label>
        Password
        <input
          type="password"
          name="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={event => {
            setPassword(event.currentTarget.value)
          }}
        />
      </label>
      <Problem text={problem} />
      <button type="submit" class="primary" aria-disabled={isBusy}>
        {isBusy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}

export function LoginScreen(): ComponentChildren {
  return (
    <main class="login">
      <div class="login-card">
        <img src="/admin/icon.svg" alt="" width={48} height={48} />
        <h1>Tabula admin</h1>
        <p class="muted">Conversations, and why the bot said what it said.</p>
        <LoginForm />
      </div>
    </main>
  )
}

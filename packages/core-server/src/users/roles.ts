// Who may do what on the public side: each role may do all that the one before it may.

/** All of them read history; reviewers also tag, label, pause and answer; admins also erase, and look after users. */
export const USER_ROLES = ['viewer', 'reviewer', 'admin'] as const

export type UserRole = (typeof USER_ROLES)[number]

export function isUserRole(value: unknown): value is UserRole {
  return USER_ROLES.some(role => role === value)
}

/** Whether a user of this role may do what the other role is needed for. */
export function includesRole(role: UserRole, needed: UserRole): boolean {
  return USER_ROLES.indexOf(role) >= USER_ROLES.indexOf(needed)
}

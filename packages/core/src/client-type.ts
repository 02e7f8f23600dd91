/** Confidential and public apps, and what each may do. Source: the seed "Registering an OAuth app". */
import type { Dialect, Grant } from './dialect.ts'

/** Fixed at creation. Confidential apps get a secret; public ones rely on PKCE alone. */
export type ClientType = 'confidential' | 'public'

export interface ClientRules {
  readonly label: string
  /** What the form says below the choice. */
  readonly advice: string
  /** A secret is issued, shown once, and can be rotated. */
  readonly secret: boolean
  /** May call `/revoke` for its own tokens. */
  readonly revokes: boolean
  readonly grants: readonly Grant[]
}

export const clientTypes: Record<ClientType, ClientRules> = {
  confidential: {
    label: 'Confidential',
    advice: 'Your code runs on a server you control and can keep a secret. Choose this if you have a backend.',
    secret: true,
    revokes: true,
    grants: ['authorization_code', 'refresh_token', 'client_credentials'],
  },
  public: {
    label: 'Public',
    advice: 'Your code runs in a browser or on a device, where no secret stays one. PKCE alone protects sign-in.',
    secret: false,
    revokes: false,
    grants: ['authorization_code', 'refresh_token'],
  },
}

/** What the form has chosen already. */
export const defaultType: ClientType = 'confidential'

/** Whether this app has a secret: where the dialect knows client authentication, confidential apps do. */
export const hasSecret = (type: ClientType, dialect: Pick<Dialect, 'clientAuthentication'>): boolean =>
  clientTypes[type].secret && dialect.clientAuthentication !== 'none'

/** The grants an app of this type may use with this dialect. */
export const grantsOf = (type: ClientType, dialect: Pick<Dialect, 'grants'>): readonly Grant[] =>
  clientTypes[type].grants.filter((grant) => dialect.grants.includes(grant))

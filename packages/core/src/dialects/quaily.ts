/** Quaily's OAuth as one value. Source: the seed "OAuth API" and Quaily's public docs. */
import type { Dialect, ErrorCodes } from '../dialect.ts'

export const scopeNames = [
  'user.public',
  'user.full',
  'post.write',
  'credit.read',
  'credit.full',
  'apikey.read',
] as const
export type QuailyScope = (typeof scopeNames)[number]

const labels: Record<QuailyScope, string> = {
  'user.public': 'Read basic profile information',
  'user.full': 'Read full profile information',
  'post.write': 'Read and manage posts and related content',
  'credit.read': 'Read credit balance and ledger',
  'credit.full': 'Read credit balance and ledger, and consume credit',
  'apikey.read': 'Read API keys and verify their hashes',
}

const implies: Partial<Record<QuailyScope, readonly QuailyScope[]>> = {
  'user.full': ['user.public'],
  'credit.full': ['credit.read'],
}

/** Its codes in RFC 6749's words. Source: Quaily's public docs. */
const errors: ErrorCodes = {
  '10001': 'invalid_token',
  '10002': 'invalid_grant',
  '10006': 'invalid_grant',
  '10007': 'invalid_grant',
  '10010': 'invalid_grant',
  '90001': 429,
  '90003': 'invalid_request',
  '90004': 'invalid_client',
  '-1': 503,
}

const isKnown = (value: string): value is QuailyScope => (scopeNames as readonly string[]).includes(value)

const setOf = (scopes: Iterable<string>): QuailyScope[] => {
  const wanted = new Set(scopes)
  return scopeNames.filter((name) => wanted.has(name))
}

/** The scopes with all that they imply. */
export const withImplied = (scopes: Iterable<QuailyScope>): QuailyScope[] =>
  setOf([...scopes].flatMap((scope) => [scope, ...(implies[scope] ?? [])]))

export const quaily: Dialect<QuailyScope, never> = {
  name: 'quaily',
  title: 'Quaily',
  scopes: {
    wire: 'words',
    names: scopeNames,
    baseline: [],
    trustedOnly: ['credit.full'],
    spends: ['credit.full'],
    underBuzzLimit: [],
    deletes: [],
    reserved: [],
    isKnown,
    setOf,
    withImplied,
    parse: (wire) => {
      if (typeof wire !== 'string') return undefined
      const words = wire.split(' ').filter((word) => word !== '')
      return words.every(isKnown) ? setOf(words) : undefined
    },
    format: (scopes) => setOf(scopes).join(' '),
    label: (scope) => labels[scope],
    contains: (granted, required) => {
      const held = withImplied(granted)
      return [...required].every((scope) => held.includes(scope))
    },
  },
  hosts: 'two',
  production: { auth: 'https://quaily.com', api: 'https://api.quaily.com' },
  endpoints: { authorize: '/oauth/authorize', token: '/oauth/token', userinfo: '/oauth/userinfo', revoke: null },
  pkce: { required: true, methods: ['S256', 'plain'], absent: 'S256' },
  state: 'optional',
  responseType: 'optional',
  clientAuthentication: 'none',
  grants: ['authorization_code', 'refresh_token'],
  redirectUris: 'one',
  trust: { flag: 'trusted', effect: 'unlocks-scopes' },
  lifetimes: { code: 600, access: 30 * 86_400, refresh: 365 * 86_400 },
  tokenPrefix: '',
  accessSurvivesRefresh: true,
  echoesScope: false,
  sendsExpiry: true,
  envelope: 'data-ts',
  errors,
  subject: 'pairwise',
  revokes: 'app',
  buzzLimits: false,
  discovery: false,
  sendsIssuer: false,
  quirks: {},
}

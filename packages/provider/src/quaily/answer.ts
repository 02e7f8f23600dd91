/** Quaily's envelope and its errors. Always 200 for what went well: real clients fail on 201 and 204. */
import { json, prefersPage, shownRefusal } from '../http/answer.ts'
import type { Incoming, Outgoing } from '../http/exchange.ts'
import { describe, type Refusal, type RefusalTag, rows } from '../http/refusal.ts'
import type { QuailyRules } from './options.ts'

export const envelope = (data: unknown, now: number): Outgoing => json(200, { data, ts: Math.floor(now / 1000) })

interface Code {
  readonly code: string
  readonly status: number
}

const invalidParameters: Code = { code: '90003', status: 400 }

/** Source: Quaily's public docs; the statuses are our choice. What is not listed is 90003. */
const codes: Partial<Record<RefusalTag, Code>> = {
  NotSignedIn: { code: '10001', status: 401 },
  CodeInvalid: { code: '10002', status: 400 },
  VerifierMismatch: { code: '10002', status: 400 },
  RefreshTokenInvalid: { code: '10007', status: 401 },
  ClientAuthenticationFailed: { code: '10007', status: 401 },
  TokenInvalid: { code: '10007', status: 401 },
  TokenExpired: { code: '10010', status: 401 },
  TooManyRequests: { code: '90001', status: 429 },
  NotFound: { code: '90004', status: 404 },
  ClientUnknown: { code: '90004', status: 404 },
  ScopeInsufficient: { code: '-1', status: 403 },
  GrantInvalid: { code: '10002', status: 400 },
  CreditTooLow: { code: '-1', status: 400 },
  CrossSiteRequest: { code: '-1', status: 403 },
  MethodNotAllowed: { code: '90003', status: 405 },
  BodyTooLarge: { code: '90003', status: 413 },
  StorageUnavailable: { code: '-1', status: 503 },
  Unexpected: { code: '-1', status: 500 },
}

export interface Refusals {
  readonly api: (refused: Refusal) => Outgoing
  readonly token: (refused: Refusal) => Outgoing
  readonly page: (refused: Refusal, incoming: Incoming) => Outgoing
}

export const refusalsOf = ({ statuses, tokenErrors }: Pick<QuailyRules, 'statuses' | 'tokenErrors'>): Refusals => {
  const codeOf = ({ _tag }: Refusal): Code => {
    const { code, status } = codes[_tag] ?? invalidParameters
    return { code, status: statuses[code] ?? status }
  }

  const api: Refusals['api'] = (refused) => {
    const { code, status } = codeOf(refused)
    return json(status, { code, msg: describe(refused) }, refused.headers)
  }

  /** At the token endpoint nobody knows which body is expected: both are sent, with the status of RFC 6749. */
  const token: Refusals['token'] = (refused) => {
    if (tokenErrors === 'quaily') return api(refused)
    const { status, error } = rows[refused._tag]
    const msg = describe(refused)
    const own = tokenErrors === 'both' ? { code: codeOf(refused).code, msg } : {}
    return json(status, { error, error_description: msg, ...own }, refused.headers)
  }

  const page: Refusals['page'] = (refused, { header }) => {
    const accept = header('accept')
    return prefersPage(accept) ? shownRefusal(refused, accept) : token(refused)
  }

  return { api, token, page }
}

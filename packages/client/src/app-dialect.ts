/**
 * A server that an app can be pointed at, as a value: `civitai` and `quaily` are two, and `standardDialect` makes a third
 * of any server that keeps to OAuth 2.1 and OpenID Connect.
 */
import type { Dialect, Protocol, ScopeCodec } from '@civitai-oauth/core/dialect'

/** What the app's side has to know of a server. Every dialect of core is one. */
export type AppDialect<S extends string = string> = Protocol<S> &
  Pick<Dialect<S>, 'clientAuthentication' | 'quirks'> & {
    readonly scopes: Pick<ScopeCodec<S>, 'contains'>
    /** Seconds. `access` where a token answer does not say. */
    readonly lifetimes: Pick<Dialect<S>['lifetimes'], 'access' | 'refresh'>
  }

export interface StandardServer<S extends string> {
  /** `https://id.example`, without a slash at its end: where the endpoints are, and the `iss` of its answers. */
  readonly issuer: string
  /** Where `session.fetch` goes. Default: the issuer. */
  readonly api?: string
  /** Paths below the issuer. `userinfo` answers OpenID Connect's claims. Without `revoke`, signing out tells the server nothing. */
  readonly endpoints: {
    readonly authorize: string
    readonly token: string
    readonly userinfo: string
    readonly revoke?: string
  }
  /** Every scope an app may ask for. */
  readonly scopes: readonly S[]
  /** Those that every sign-in asks for. */
  readonly baseline?: readonly NoInfer<S>[]
  /** Seconds; one hour and 30 days unless told. */
  readonly lifetimes?: { readonly access?: number; readonly refresh?: number }
  /**
   * False for a server that does not send `iss` with the code (RFC 9207) and publishes no metadata that says so: callbacks
   * are then not bound to the server that answered.
   */
  readonly sendsIssuer?: boolean
}

/** A dialect with scopes as words and errors as RFC 6749 has them. Confidential apps send their secret in the body. */
export const standardDialect = <const S extends string>(server: StandardServer<S>): AppDialect<S> => {
  const { issuer, endpoints, scopes, baseline = [], lifetimes = {} } = server
  const setOf = (wanted: Iterable<string>): S[] => {
    const set = new Set(wanted)
    return scopes.filter((scope) => set.has(scope))
  }
  return {
    scopes: {
      baseline,
      isKnown: (value): value is S => (scopes as readonly string[]).includes(value),
      setOf,
      parse: (wire) => (typeof wire === 'string' ? setOf(wire.split(' ')) : undefined),
      format: (wanted) => setOf(wanted).join(' '),
      contains: (granted, required) => {
        const held = new Set<string>(granted)
        return [...required].every((scope) => held.has(scope))
      },
    },
    hosts: 'one',
    production: { auth: issuer, api: server.api ?? issuer },
    endpoints: { ...endpoints, revoke: endpoints.revoke ?? null },
    lifetimes: { access: lifetimes.access ?? 3600, refresh: lifetimes.refresh ?? 30 * 86_400 },
    errors: 'rfc6749',
    clientAuthentication: 'client_secret_post',
    sendsIssuer: server.sendsIssuer ?? true,
    quirks: {},
  }
}

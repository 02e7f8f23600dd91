/** `civitai-oauth login`: a person signs in from a terminal, through their browser. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import * as Scope from '@civitai-oauth/core/scope'
import { isAuthError } from '@civitai-oauth/client'
import { Failure } from '../failure.ts'
import { openBrowser } from '../open-browser.ts'
import { type Values, parse, parsePort } from '../options.ts'
import { loginOptions } from './options.ts'
import { type SignedIn, signInLocally } from './sign-in.ts'

const minutes = 5

const scopesIn = (text: string): readonly Scope.ScopeName[] => {
  const scopes = Scope.parseNames(text)
  if (scopes?.every(Scope.isScopeName)) return scopes
  throw new Failure(`"${text}" holds something that is no scope: run "civitai-oauth scopes" for the list.`)
}

const clientIdIn = (options: Values<typeof loginOptions>): string => {
  const clientId = options['client-id'] ?? process.env['CIVITAI_CLIENT_ID']
  if (clientId) return clientId
  throw new Failure('Name a public app: --client-id ID, or CIVITAI_CLIENT_ID.')
}

const report = ({ user, scopes, expiresAt }: SignedIn): string =>
  `Signed in as ${user.username}, holding ${scopes.join(', ')}, until ${new Date(expiresAt).toISOString()}.`

/** Where a person reads: with `--token`, stdout is the token's alone. */
const tell = (text: string, tokenOnly: boolean | undefined): void =>
  tokenOnly ? console.error(text) : console.log(text)

export const login = async (args: readonly string[]): Promise<void> => {
  const options = parse('login', loginOptions, args)
  const port = parsePort(options.port ?? '4180')
  const clientId = clientIdIn(options)
  const scopes = scopesIn(options.scopes ?? 'UserRead')
  const issuer = options.issuer ?? (process.env['CIVITAI_ISSUER'] || civitai.production.auth)
  try {
    const signedIn = await signInLocally({
      issuer: issuer.replace(/\/+$/, ''),
      clientId,
      scopes,
      port,
      withinMs: minutes * 60_000,
      onReady: (address) => {
        tell(`Sign in at ${address}`, options.token)
        if (options.open) openBrowser(address)
      },
    })
    tell(report(signedIn), options.token)
    if (options.token) console.log(signedIn.accessToken)
  } catch (error) {
    if (isAuthError(error) && error._tag === 'OptionsInvalid')
      throw new Failure('--issuer takes an https:// address (http:// on localhost only).')
    throw error
  }
}

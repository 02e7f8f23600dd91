/** An app's environment, as its client would read it. */
import { civitai } from '@civitai-oauth/core/dialects/civitai'
import { createCivitaiAuth, isAuthError } from '@civitai-oauth/client'
import { type Finding, bad, good } from './finding.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The client's own check, problem by problem. */
export const checkEnvironment = (env: Environment): readonly Finding[] => {
  try {
    createCivitaiAuth({ env })
    return [good('The environment holds a client id and a session secret.')]
  } catch (error) {
    if (!isAuthError(error) || error._tag !== 'OptionsInvalid') throw error
    return (error.detail as { readonly problems: readonly string[] }).problems.map(bad)
  }
}

/** What the questions to the server need. */
export interface Registered {
  readonly issuer: string
  readonly clientId: string
  /** The newest, where a list is set. */
  readonly clientSecret: string | undefined
  readonly redirectUri: string | undefined
}

export const registeredIn = (env: Environment, callback: string): Registered => {
  const origin = env['CIVITAI_ORIGIN']?.trim().replace(/\/+$/, '')
  return {
    issuer: env['CIVITAI_ISSUER']?.trim().replace(/\/+$/, '') || civitai.production.auth,
    clientId: env['CIVITAI_CLIENT_ID']?.trim() ?? '',
    clientSecret: env['CIVITAI_CLIENT_SECRET']?.split(',')[0]?.trim() || undefined,
    redirectUri: origin ? `${origin}${callback}` : undefined,
  }
}

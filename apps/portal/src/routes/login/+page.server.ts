import type { SignInResult } from '@civitai-oauth/provider'
import { fail, redirect } from '@sveltejs/kit'
import { ownPath } from '#lib/return-url.ts'
import { cookieHeader } from '#lib/server/cookie-header.ts'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

const returnUrl = (event: Pick<RequestEvent, 'url'>) =>
  ownPath(event.url.searchParams.get('returnUrl'), event.url.origin)

export const load: PageServerLoad = async (event) => {
  const samples = await event.locals.provider.accounts.samples()
  const way = event.url.searchParams.get('with')
  return {
    returnUrl: returnUrl(event),
    /** An app asked for a fresh sign-in: going on with the session there is would not be one. */
    afresh: event.url.searchParams.get('prompt') === 'login',
    samples: samples.map(({ username, staff }) => ({ username, staff })),
    way: way === 'sign-up' || way === 'email' ? way : samples.length > 0 ? 'sample' : 'email',
  } as const
}

const tooMany = (event: RequestEvent, seconds: number, typed: { email: string; username: string }) => {
  event.setHeaders({ 'retry-after': String(seconds) })
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return fail(429, { ...typed, problems: { form: `Too many attempts. Wait ${wait}, then try again.` } })
}

/** Keeps the new session's cookie and goes on to where the person was headed. */
const proceed = (event: RequestEvent, result: Extract<SignInResult, { _tag: 'SignedIn' }>): never => {
  event.locals.setCookies.push(result.cookie)
  return redirect(303, returnUrl(event))
}

export const actions: Actions = {
  sample: async (event) => {
    const form = await formOf(event)
    const result = await event.locals.provider.accounts.signInAsSample(text(form, 'username'), cookieHeader(event))
    if (result._tag === 'SignedIn') return proceed(event, result)
    return fail(403, { email: '', username: '', problems: { form: 'That sample person is not available here.' } })
  },

  signIn: async (event) => {
    const form = await formOf(event)
    const email = text(form, 'email')
    const credentials = { email, password: text(form, 'password'), address: event.getClientAddress() }
    const result = await event.locals.provider.accounts.signIn(credentials, cookieHeader(event))
    switch (result._tag) {
      case 'SignedIn':
        return proceed(event, result)
      case 'WrongCredentials':
        return fail(400, {
          email,
          username: '',
          problems: { password: 'The email and the password do not belong together. Check both and try again.' },
        })
      case 'AccountTaken':
        return fail(409, {
          email,
          username: '',
          problems: {
            form: `Your account cannot be used here: somebody else has its ${result.field === 'email' ? 'address' : 'name'}. Ask whoever runs this server.`,
          },
        })
      case 'TooManyAttempts':
        return tooMany(event, result.retryAfterSeconds, { email, username: '' })
    }
  },

  signUp: async (event) => {
    const form = await formOf(event)
    const email = text(form, 'email')
    const username = text(form, 'username')
    const account = { email, username, password: text(form, 'password'), address: event.getClientAddress() }
    const result = await event.locals.provider.accounts.signUp(account, cookieHeader(event))
    switch (result._tag) {
      case 'SignedIn':
        return proceed(event, result)
      case 'Invalid': {
        const problems: Record<string, string> = {}
        for (const { field, message } of result.problems) problems[field] ??= message
        return fail(400, { email, username, problems })
      }
      case 'TooManyAttempts':
        return tooMany(event, result.retryAfterSeconds, { email, username })
    }
  },

  signOutEverywhere: async (event) => {
    const { cookie } = await event.locals.provider.accounts.signOutEverywhere(requirePerson(event))
    event.locals.setCookies.push(cookie)
    return redirect(303, '/')
  },

  signOut: async (event) => {
    const { cookie } = await event.locals.provider.accounts.signOut(cookieHeader(event))
    event.locals.setCookies.push(cookie)
    return redirect(303, '/')
  },
}

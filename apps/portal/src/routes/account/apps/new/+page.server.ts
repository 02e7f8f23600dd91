import type { App as OAuthApp, AppDraft, Apps, Person } from '@civitai-oauth/provider'
import { fail, redirect } from '@sveltejs/kit'
import { byField } from '#lib/app-form.ts'
import { readDraft } from '#lib/server/app-draft.ts'
import { environmentLines } from '#lib/server/environment.ts'
import { formOf, text } from '#lib/server/form-field.ts'
import { requirePerson } from '#lib/server/person.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async (event) => {
  // A form posted after the session ended is shown again with what was typed, not turned away.
  const { apps, dialects } = event.locals.provider
  const dialect = dialects.find((one) => one === event.url.searchParams.get('dialect')) ?? 'civitai'
  if (event.request.method === 'POST' && !event.locals.session) return { dialect, dialects, newestWas: null }
  const [newest] = (await apps.list(requirePerson(event), { limit: 1 })).apps
  return { dialect, dialects, newestWas: newest?.clientId ?? '' }
}

/** The app a repeated form made the first time: reloading a posted page must not register it twice. */
const alreadyRegistered = async (
  apps: Apps,
  person: Person,
  draft: AppDraft,
  newestWas: string,
): Promise<OAuthApp | undefined> => {
  const page = await apps.list(person, { limit: 20 })
  const known = page.apps.findIndex((app) => app.clientId === newestWas)
  const since = known < 0 ? page.apps : page.apps.slice(0, known)
  return since.find((app) => app.name === draft.name.trim())
}

export const actions: Actions = {
  default: async (event) => {
    const { locals } = event
    const form = await formOf(event)
    const draft = readDraft(form)
    const values = { ...draft }
    const person = locals.session?.person
    if (!person) return fail(401, { values, problems: {}, signedOut: true })

    const { apps, issuer } = locals.provider
    const twin = form.has('newestWas') && (await alreadyRegistered(apps, person, draft, text(form, 'newestWas')))
    if (twin) redirect(303, `/account/apps/${encodeURIComponent(twin.clientId)}?repeated`)

    const result = await apps.register(person, draft)
    if (result._tag === 'Invalid') return fail(400, { values, problems: byField(result.problems), signedOut: false })
    const { clientId, name, type } = result.app
    const environment = environmentLines(issuer, result.app, result.secret)
    return { issued: { clientId, name, type, secret: result.secret, environment } }
  },
}

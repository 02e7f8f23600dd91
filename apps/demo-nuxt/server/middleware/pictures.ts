/** The form posts to its own page: what came of it is rendered there, also without JavaScript. */
export default defineEventHandler(async (event) => {
  if (event.method !== 'POST' || event.path !== '/') return
  // Buzz is spent by our own form only.
  if (getHeader(event, 'sec-fetch-site') !== 'same-origin') throw createError({ statusCode: 403 })
  // Whoever has not allowed it yet is asked to, and comes back here.
  const session = requireCivitaiUser(event, 'AIServicesRead', 'AIServicesWrite')
  const { prompt = '', make } = (await readBody<{ prompt?: string; make?: string }>(event)) ?? {}
  const answer = await (make === undefined ? previewCost : makePictures)(session, prompt)
  event.context.pictures = { prompt, ...answer }
})

declare module 'h3' {
  interface H3EventContext {
    pictures?: Answer & { readonly prompt: string }
  }
}

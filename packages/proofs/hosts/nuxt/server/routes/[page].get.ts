import { pageOf } from '../../../pages.ts'

export default defineEventHandler((event) => {
  const { civitai } = event.context
  return pageOf({
    request: toWebRequest(event),
    session: civitai,
    requireScopes: (...scopes) => requireCivitaiUser(event, ...scopes),
  })
})

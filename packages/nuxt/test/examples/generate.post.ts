import { defineEventHandler } from 'h3'
import { requireCivitaiUser } from '../../src/runtime/server/require-civitai-user.ts'

// #route
// server/api/generate.post.ts
export default defineEventHandler(async (event) => {
  const session = requireCivitaiUser(event, 'AIServicesWrite') // or 401, or 403; a person going to a page is sent to sign in
  const answer = await session.fetch('/api/v1/workflows', { method: 'POST' }) // with the person's token
  return answer.json()
})
// #end

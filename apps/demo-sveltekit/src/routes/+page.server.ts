import { requireScopes } from '@civitai-oauth/sveltekit'
import { askForBuzz, askForMe, makePictures, previewCost } from '#lib/civitai.server.ts'

export const load = async ({ locals }) => {
  const { civitai } = locals
  if (civitai.status !== 'signed-in') return { state: civitai.state }
  // The calls carry the person's token; it is renewed by itself when it runs out.
  const [me, buzz] = await Promise.all([askForMe(civitai), askForBuzz(civitai)])
  return { me, buzz, state: civitai.state }
}

const promptOf = async (request: Request) => String((await request.formData()).get('prompt') ?? '')

export const actions = {
  // Whoever has not allowed it yet is asked to, and comes back here.
  preview: async (event) => {
    const session = requireScopes(event, 'AIServicesRead', 'AIServicesWrite')
    const prompt = await promptOf(event.request)
    return { prompt, ...(await previewCost(session, prompt)) }
  },
  make: async (event) => {
    const session = requireScopes(event, 'AIServicesRead', 'AIServicesWrite')
    const prompt = await promptOf(event.request)
    return { prompt, ...(await makePictures(session, prompt)) }
  },
}

import { type Answer, askForMe } from '#lib/me.server.ts'

export const load = async ({ locals }) => {
  const { civitai } = locals
  // The API call carries the person's token; it is renewed by itself when it runs out.
  const me: Answer | undefined = civitai.status === 'signed-in' ? await askForMe(civitai) : undefined
  return { me, state: civitai.state }
}

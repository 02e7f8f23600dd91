/** What the page shows of the person, and the session machine's state for the side panel. */
export interface Here {
  readonly state: string | undefined
  readonly me?: Answer
  readonly buzz?: Answer
}

export default defineEventHandler(async (event): Promise<Here> => {
  const session = event.context.civitai
  if (session?.status !== 'signed-in') return { state: session?.state }
  // The calls carry the person's token; it is renewed by itself when it runs out.
  const [me, buzz] = await Promise.all([askForMe(session), askForBuzz(session)])
  return { me, buzz, state: session.state }
})

import { type Answer, type ApiOf, busy } from '../src/api.ts'

const refused: Answer = {
  ok: false,
  text: 'There is not enough buzz for this, or the limit you set for this app is reached.',
}

/** A busy server signs nobody out: the page says so and goes on. */
const read = async <T>(call: Promise<Response>, say: (body: T) => string): Promise<Answer> => {
  try {
    const response = await call
    if (response.ok) return { ok: true, text: say((await response.json()) as T) }
    // A refusal is an answer, not a fault: it is shown, and never tried again.
    return response.status === 400 ? refused : busy
  } catch {
    return busy
  }
}

interface Buzz {
  readonly result: { readonly data: { readonly json: { readonly yellow: number } } }
}

interface Workflow {
  readonly cost: { readonly total: number }
}

/** Asks Civitai itself: `fetch` carries the person's token there, and nowhere else. */
export const direct: ApiOf = (auth) => ({
  here: async (signal) => {
    const [me, buzz] = await Promise.all([
      read(auth.fetch('/api/v1/me', { signal }), (body) => JSON.stringify(body, null, 2)),
      read<Buzz>(
        auth.fetch('/api/trpc/buzz.getBuzzAccount', { signal }),
        ({ result }) => `${result.data.json.yellow.toLocaleString('en')} buzz`,
      ),
    ])
    return { me, buzz }
  },
  pictures: async (prompt, make) => {
    const needed = ['AIServicesRead', 'AIServicesWrite']
    // Whoever has not allowed it yet is asked to, and comes back here.
    if (auth.status !== 'signed-in' || !needed.every((scope) => auth.scopes.includes(scope))) {
      auth.signIn({ scopes: needed })
      return
    }
    const path = make ? '/v2/consumer/workflows' : '/v2/consumer/workflows?whatif=true'
    const steps = [{ $type: 'imageGen', input: { prompt, quantity: 2 } }]
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ steps }),
    }
    return read<Workflow>(auth.fetch(path, init), ({ cost }) =>
      make ? `On their way, for ${cost.total} buzz.` : `Two pictures cost ${cost.total} buzz.`,
    )
  },
})

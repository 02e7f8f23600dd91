/** A short form that a page of ours posts. */

/** Bytes. An address of 2,000 characters, each of them percent-encoded, fits. */
const most = 8_192

/** What is longer is not read to its end: anybody can send a body, and it would be kept in memory. */
const textOf = async ({ body, headers }: Request): Promise<string> => {
  if (body === null || Number(headers.get('content-length') ?? 0) > most) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > most) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text
}

/** Its fields; none for what is no form, or a longer one than ours. */
export const postedForm = async (request: Request): Promise<URLSearchParams> =>
  /^application\/x-www-form-urlencoded\b/.test(request.headers.get('content-type') ?? '')
    ? new URLSearchParams(await textOf(request))
    : new URLSearchParams()

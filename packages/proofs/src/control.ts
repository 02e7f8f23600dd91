/** The emulator's control API, as a test uses it from outside. */
export interface Cookie {
  readonly name: string
  readonly value: string
}

export interface Registration {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly type: 'confidential' | 'public'
  readonly preset: 'Read Only' | 'Creator' | 'AI Services' | 'Full Access'
  readonly owner: string
}

export interface LogEntry {
  readonly path: string
  readonly status: number
  readonly parameters: Readonly<Record<string, string>>
  readonly error?: string
}

export interface Control {
  registerApp(registration: Registration): Promise<{ readonly clientId: string; readonly clientSecret?: string }>
  /** The portal's cookie of a person who signed in there. */
  session(user: string): Promise<Cookie>
  /** Moves the server's clock forward. */
  advance(seconds: number): Promise<void>
  /** Takes a person's consent back; nothing happens where there is none. */
  revoke(user: string, clientId: string): Promise<void>
  /** What was asked and answered, oldest first. */
  log(): Promise<readonly LogEntry[]>
}

export const controlOf = (address: string): Control => {
  const send = async <A>(name: string, body: unknown, fine: readonly number[] = []): Promise<A> => {
    const answer = await fetch(`${address}/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok && !fine.includes(answer.status)) throw new Error(`${name}: ${answer.status} ${text}`)
    return JSON.parse(text) as A
  }
  return {
    registerApp: (registration) => send('apps', registration),
    session: (user) => send('sessions', { user }),
    advance: (seconds) => send('clock', { advance: seconds }),
    revoke: (user, clientId) => send('grants/revoke', { user, clientId }, [404]),
    log: async () => {
      const { entries } = (await (await fetch(`${address}/log`)).json()) as { entries: LogEntry[] }
      return entries
    },
  }
}

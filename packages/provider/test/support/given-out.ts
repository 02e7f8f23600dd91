/** Every kind of secret that a server gives out or is told, each of them once, and each still good where it can be. */
import { type Tokens, verifier, type World } from './world.ts'

const password = 'correct horse battery staple, and no other animal'

export const givenOut = async (world: World): Promise<readonly string[]> => {
  const client = await world.register()
  const prepared = await world.provider.apps.prepareSecret(world.ada, client.id)
  const key = await world.provider.apiKeys.create(world.ada, 'A program')
  await world.provider.admin.createPerson({ username: 'cy', email: 'cy@example.com', password })
  const browser = await world.browserOf(world.bob)
  const request = world.requestIn(await world.authorize(client, browser))
  const code = world.codeIn(await world.answer(browser, request))
  const first = (await (await world.exchange(client, code)).json()) as Tokens
  const second = (await (await world.refresh(client, first.refresh_token)).json()) as Tokens
  const unused = await world.codeFor(client, browser)
  const device = await world.post('/api/auth/oauth/device', { ...world.credentials(client), scope: '1' })
  return [
    client.secret ?? '',
    prepared._tag === 'SecretIssued' ? prepared.secret : '',
    key._tag === 'Created' ? key.key : '',
    password,
    browser.cookie.split('=')[1] ?? '',
    request,
    code,
    unused,
    verifier,
    ((await device.json()) as { readonly device_code: string }).device_code,
    ...[first, second].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]),
  ]
}

/** What of a secret must not be found: all but the prefix that says what it is. */
export const bare = (secret: string): string => secret.replace(/^(civitai_)?(code_|secret_|QK-)?/, '')

/**
 * Prints how soon the account page is painted for somebody with 500 apps and 2,000 connected apps, and how soon a search
 * in them answers: `node --conditions=@civitai-oauth/source test/first-paint.ts`, after a build.
 */
import { randomBytes } from 'node:crypto'
import type { Person } from '@civitai-oauth/provider'
import { launch, visitor } from './browser.ts'
import { relyingApp } from './relying-app.ts'
import { type Served, serve } from './serve.ts'

const rounds = 7

const register = async ({ provider }: Served, owner: Person, name: string, redirectUris: string): Promise<string> => {
  const registered = await provider.apps.register(owner, {
    name,
    description: 'One of many.',
    redirectUris,
    scopes: ['UserRead', 'BuzzRead'],
    type: 'confidential',
    dialect: 'civitai',
  })
  if (registered._tag !== 'Registered') throw new Error('not registered')
  return registered.app.clientId
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

const portal = await serve()
const app = await relyingApp()
const [ada, ben] = await Promise.all(['ada', 'ben'].map((name) => portal.provider.admin.findPerson(name)))
if (!ada || !ben) throw new Error('no sample people')
const session = await portal.provider.admin.beginSession(ben)
const cookie = `${session.name}=${session.value}`

for (let number = 1; number <= 500; number++) await register(portal, ben, `My app ${number}`, app.redirectUri)
for (let number = 1; number <= 2000; number++) {
  const clientId = await register(portal, ada, `Connected ${number}`, app.redirectUri)
  await app.connect(portal, clientId, ['BuzzRead'], { cookie })
}

const browser = await launch()
const { page } = await visitor(browser)
await page.context().addCookies([{ ...session, url: portal.origin }])

const painted = async (path: string): Promise<number> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    await page.goto(`${portal.origin}${path}${path.includes('?') ? '&' : '?'}fresh=${randomBytes(4).toString('hex')}`)
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    times.push(
      await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
    )
  }
  return median(times)
}

console.log('first contentful paint, median of', rounds, 'loads, milliseconds')
for (const path of ['/account', '/account?apps=417', '/account?connected=1987', '/account?from=1980'])
  console.log(`${path.padEnd(26)} ${(await painted(path)).toFixed(0)}`)

await browser.close()
await app.close()
await portal.close()

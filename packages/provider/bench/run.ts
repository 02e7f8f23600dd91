/**
 * Prints how near the provider comes to a bare server that does the same hashing and the same SQL: half a second of ours
 * beside half a second of the floor, eleven pairs, the median of the ratios. `node --conditions=@civitai-oauth/source
 * bench/run.ts [pairs]`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from './child.ts'
import { type Chain, get, loadOf, median, post } from './load.ts'

interface Ready {
  readonly port: number
  readonly clientId: string
  readonly secret: string
  readonly tokens: readonly { readonly access: string; readonly refresh: string }[]
  readonly codes: readonly string[]
}

const pairs = Number(process.argv[2] ?? 11)
const connections = 32
const sliceMs = 500

const tokenPath = '/api/auth/oauth/token'

const refreshing = ({ clientId, secret, tokens }: Ready): readonly Chain[] =>
  tokens.map(({ refresh }) => {
    let token = refresh
    return {
      next: () =>
        post(
          tokenPath,
          `grant_type=refresh_token&refresh_token=${token}&client_id=${clientId}&client_secret=${secret}`,
        ),
      answered: (body) => void (token = (JSON.parse(body) as { readonly refresh_token: string }).refresh_token),
    }
  })

const exchanging = ({ clientId, secret, codes }: Ready): readonly Chain[] => {
  let next = 0
  const verifier = 'v'.repeat(50)
  const chain: Chain = {
    next: () => {
      const code = codes[next++]
      if (code === undefined) throw new Error('out of codes')
      return post(
        tokenPath,
        `grant_type=authorization_code&code=${code}&code_verifier=${verifier}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&client_id=${clientId}&client_secret=${secret}`,
      )
    },
    answered: () => {},
  }
  return Array.from({ length: connections }, () => chain)
}

const looking = ({ tokens }: Ready): readonly Chain[] =>
  tokens.map(({ access }) => ({ next: () => get('/api/auth/oauth/userinfo', access), answered: () => {} }))

const compare = async (name: string, budget: number, chainsOf: (ready: Ready) => readonly Chain[], codes: number) => {
  const folder = mkdtempSync(join(tmpdir(), 'civitai-bench-'))
  const args = (file: string) => [join(folder, file), String(connections), String(codes)]
  const [ours, floor] = await Promise.all([
    start<Ready>('./ours.ts', args('ours.sqlite')),
    start<Ready>('./floor.ts', args('floor.sqlite')),
  ])
  const [a, b] = await Promise.all([
    loadOf(ours.ready.port, chainsOf(ours.ready)),
    loadOf(floor.ready.port, chainsOf(floor.ready)),
  ])
  await a.slice(sliceMs)
  await b.slice(sliceMs)
  const slices: (readonly [ours: number, floor: number])[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0 ? await a.slice(sliceMs) : 0
    const other = await b.slice(sliceMs)
    slices.push([first || (await a.slice(sliceMs)), other])
  }
  const ratio = median(slices.map(([one, two]) => one / two))
  const perSecond = (at: 0 | 1) => Math.round(median(slices.map((slice) => slice[at])))
  console.log(
    `${name.padEnd(28)} ${String(perSecond(0)).padStart(7)} a second, floor ${String(perSecond(1)).padStart(7)}, ratio ${ratio.toFixed(2)} (budget ${budget.toFixed(2)})`,
  )
  a.close()
  b.close()
  await Promise.all([ours.stop(), floor.stop()])
  rmSync(folder, { recursive: true })
}

const only = process.argv[3]
if (!only || only === 'refresh') await compare('refresh, SQLite', 0.75, refreshing, 0)
if (!only || only === 'exchange') await compare('code exchange, SQLite', 0.75, exchanging, pairs * 2500 + 8000)
if (!only || only === 'userinfo') await compare('userinfo', 0.9, looking, 0)

/**
 * What importing costs: the published server entries beside Auth.js, each in a fresh process, in turn, so that a busy
 * machine slows all of them alike. Measured inside the process: Node's own start does not count.
 */
import { spawnSync } from 'node:child_process'
import { loadavg } from 'node:os'

interface Candidate {
  readonly name: string
  readonly module: string
  /** Loaded before, and not counted. */
  readonly beside?: string
}

const rounds = 15
const peer: Candidate = { name: '@auth/core', module: '@auth/core' }
/** Of the peer. */
const budget = 0.5
const ours: readonly Candidate[] = [
  { name: '@civitai-oauth/client', module: '@civitai-oauth/client' },
  // In an app, SvelteKit is there before.
  { name: '@civitai-oauth/sveltekit', module: '@civitai-oauth/sveltekit', beside: '@sveltejs/kit' },
  { name: 'the same with SvelteKit', module: '@civitai-oauth/sveltekit' },
]
const candidates = [peer, ...ours]

const importMs = ({ name, module, beside }: Candidate): number => {
  const before = beside === undefined ? '' : `await import('${beside}');`
  const code = `${before} const began = performance.now(); await import('${module}'); console.log(performance.now() - began)`
  const ran = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  const ms = Number(ran.stdout)
  if (ran.status !== 0 || !(ms > 0)) throw new Error(`${name} cannot be imported: ${ran.stderr.trim()}`)
  return ms
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number

// Once for the disk's cache, and not counted.
candidates.forEach(importMs)
const measured = candidates.map((): number[] => [])
for (let round = 0; round < rounds; round++)
  for (const [at, candidate] of candidates.entries()) measured[at]?.push(importMs(candidate))

const floor = measured[0] as number[]
console.log(`Importing: medians of ${rounds} fresh processes each, load ${loadavg()[0]?.toFixed(1)}`)
for (const [at, { name }] of candidates.entries()) {
  const ms = measured[at] as number[]
  const ratio = median(ms.map((one, round) => one / (floor[round] as number)))
  const verdict = at === 0 ? '' : `, budget ${budget}: ${ratio <= budget ? 'met' : 'MISSED'}`
  console.log(
    `  ${name.padEnd(26)}${median(ms).toFixed(1).padStart(7)} ms   ${ratio.toFixed(2)} of ${peer.name}${verdict}`,
  )
}

/**
 * The mutation run: every module against its own tests, one after the other, so that a mutant in a table costs that
 * module's tests and not everybody's. `node mutation.ts [module …]` prints the survivors and the score; below 85 % of
 * all it fails. The prose of `error-table.ts` and the samples of `diagrams.ts` are left out.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'

const leastScore = 85
const leftOut = ['index', 'effect/index', 'error-table', 'diagrams']
/** Modules whose tests do not stand under their own name. */
const testedBy: Readonly<Record<string, readonly string[]>> = {
  machine: ['runner', 'sign-in', 'session', 'app-lifecycle'],
  dialect: ['dialects/civitai'],
  'dialects/civitai-protocol': ['dialects/civitai'],
  'dialects/civitai-quirks': ['profile'],
  'effect/interpreter': ['effect/interpreter', 'effect/session'],
  'effect/services': ['effect/services', 'effect/sign-in', 'effect/session'],
  'effect/policy': ['effect/policy', 'effect/sign-in', 'effect/session'],
}

interface Mutant {
  readonly status: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: { readonly line: number } }
}
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[]; readonly source: string }>>
}

const modules = readdirSync(new URL('src', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !leftOut.includes(name))
const wanted = process.argv.slice(2)
mkdirSync('reports', { recursive: true })

let detected = 0
let valid = 0
for (const name of wanted.length > 0 ? wanted : modules.toSorted()) {
  const tests = (testedBy[name] ?? [name]).map((test) => `test/${test}.test.ts`)
  const { status, stdout, stderr } = spawnSync('stryker', ['run', '--mutate', `src/${name}.ts`], {
    env: { ...process.env, MUTATION: tests.join() },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Stryker failed on ${name}:\n${stdout}\n${stderr}`)
  const report = JSON.parse(readFileSync('reports/mutation.json', 'utf8')) as Report
  const { mutants, source } = report.files[`src/${name}.ts`] ?? { mutants: [], source: '' }
  const caught = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout')
  const survivors = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  detected += caught.length
  valid += caught.length + survivors.length
  console.log(`${name}: ${caught.length} of ${caught.length + survivors.length}`)
  for (const { mutatorName, replacement, location } of survivors)
    console.log(
      `  ${location.start.line} ${mutatorName}: ${replacement}\n      ${source.split('\n')[location.start.line - 1]?.trim()}`,
    )
}
const score = (100 * detected) / valid
console.log(`${detected} of ${valid} mutants caught: ${score.toFixed(2)} %, at least ${leastScore} % are asked for.`)
process.exitCode = score >= leastScore ? 0 : 1

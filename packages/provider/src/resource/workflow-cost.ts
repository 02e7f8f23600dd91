/** What a workflow costs here: made up, and the same every time, so that an app can show an estimate and a test rely on it. */
import * as z from 'zod/mini'

const step = z.looseObject({
  $type: z.string().check(z.minLength(1), z.maxLength(64)),
  name: z.optional(z.string().check(z.maxLength(128))),
  input: z.looseObject({}),
})

/** As Civitai's orchestration pages document it; what is not named here is kept and given back. */
export const template = z.looseObject({
  steps: z.array(step).check(z.minLength(1), z.maxLength(20)),
  tags: z.optional(z.array(z.string().check(z.maxLength(200))).check(z.maxLength(50))),
})

export type Template = z.output<typeof template>
export type Step = z.output<typeof step>

/** Buzz for one piece of the step's work. Anything else is 10. */
const prices: ReadonlyMap<string, number> = new Map([
  ['imageGen', 20],
  ['textToImage', 8],
  ['imageUpscaler', 15],
  ['videoGen', 250],
  ['transcription', 12],
  ['chatCompletion', 2],
])

const whole = (value: unknown, otherwise: number, most: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(1, Math.floor(value)), most) : otherwise

/** How many pieces a step makes. */
export const piecesOf = ({ input }: Step): number => whole(input['quantity'] ?? input['numImages'], 1, 20)

export const sizeOf = ({ input }: Step): readonly [width: number, height: number] => [
  whole(input['width'], 1024, 4096),
  whole(input['height'], 1024, 4096),
]

const megapixel = 1024 * 1024

const stepCost = (one: Step): number => {
  const [width, height] = sizeOf(one)
  const scale = Math.max(1, Math.ceil((width * height) / megapixel))
  return (prices.get(one.$type) ?? 10) * piecesOf(one) * scale
}

export const costOf = ({ steps }: Template): number => steps.reduce((sum, one) => sum + stepCost(one), 0)

/**
 * A profile is how closely a server follows what is documented: `documented`, `observed`, or either with single quirks
 * put in and taken out, e.g. `documented,+no-issuer` or `observed,-redirect-303`.
 */
import type { Quirk } from './dialect.ts'

/** Any dialect: a profile needs its quirks only. */
interface Quirky<Q extends string> {
  readonly quirks: Readonly<Record<Q, Quirk>>
}

export type ProfileName = 'documented' | 'observed'

export interface Profile<Q extends string = string> {
  readonly name: ProfileName
  readonly quirks: ReadonlySet<Q>
}

export type Parsed<Q extends string> =
  | { readonly _tag: 'Profile'; readonly profile: Profile<Q> }
  | { readonly _tag: 'Refused'; readonly reason: string }

/** A profile as it stands, no quirk put in or taken out. */
export const profileOf = <Q extends string>(name: ProfileName, dialect: Quirky<Q>): Profile<Q> => ({
  name,
  quirks: new Set((Object.keys(dialect.quirks) as Q[]).filter((quirk) => dialect.quirks[quirk][name] === true)),
})

/** Reads what stands after `--profile`. The reason of a refusal names every quirk there is. */
export const parse = <Q extends string>(text: string, dialect: Quirky<Q>): Parsed<Q> => {
  const refuse = (reason: string): Parsed<Q> => ({ _tag: 'Refused', reason })
  const [name = '', ...changes] = text.split(',').map((part) => part.trim())
  if (name !== 'documented' && name !== 'observed')
    return refuse(`Start the profile with "documented" or "observed", not with "${name}".`)
  const quirks = new Set(profileOf(name, dialect).quirks)
  for (const change of changes) {
    const [sign, quirk] = [change[0], change.slice(1)]
    if (sign !== '+' && sign !== '-') return refuse(`Write +quirk or -quirk, not "${change}".`)
    if (!Object.hasOwn(dialect.quirks, quirk))
      return refuse(`There is no quirk "${quirk}". There are: ${Object.keys(dialect.quirks).join(', ')}.`)
    if (sign === '+') quirks.add(quirk as Q)
    else quirks.delete(quirk as Q)
  }
  return { _tag: 'Profile', profile: { name, quirks } }
}

/** The profile in the form that `parse` reads. */
export const format = <Q extends string>(profile: Profile<Q>, dialect: Quirky<Q>): string => {
  const plain = profileOf(profile.name, dialect).quirks
  return [
    profile.name,
    ...[...profile.quirks].filter((quirk) => !plain.has(quirk)).map((quirk) => `+${quirk}`),
    ...[...plain].filter((quirk) => !profile.quirks.has(quirk)).map((quirk) => `-${quirk}`),
  ].join(',')
}

/** The contract's test vectors, as they were handed over. */
import { readFileSync } from 'node:fs'

interface Vectors {
  readonly civitai: {
    readonly scopes: readonly {
      readonly bit: number
      readonly value: number
      readonly name: string
      readonly label: string
    }[]
    readonly full: number
    readonly baseline: string
    readonly spendsBuzz: readonly string[]
    readonly underBuzzLimit: readonly string[]
    readonly reserved: readonly string[]
    readonly observedOutsideFull: readonly { readonly bit: number; readonly name: string }[]
    readonly presets: readonly { readonly name: string; readonly value: number; readonly goodFor: string }[]
    readonly grid: {
      readonly columns: readonly string[]
      readonly rows: readonly { readonly resource: string; readonly cells: readonly (string | null)[] }[]
    }
    readonly tokenScopeForms: readonly (readonly [json: string, value: number])[]
  }
  readonly quaily: {
    readonly scopes: readonly {
      readonly name: string
      readonly label: string
      readonly implies?: readonly string[]
      readonly requiresTrusted?: boolean
    }[]
    readonly separator: string
  }
  readonly redirectUri: {
    readonly registered: readonly string[]
    readonly accepted: readonly string[]
    readonly refused: readonly string[]
    readonly unregistrable: readonly string[]
  }
}

export const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as Vectors

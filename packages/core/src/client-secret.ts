/**
 * Client secrets: shown once, then only their digest exists. An app has a current secret and, while a rotation is being
 * prepared, a next one; both are accepted.
 */

/** A value that must not be printed by accident. `reveal()` is the one way to read it. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '<redacted>'
  }
  toJSON(): string {
    return '<redacted>'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '<redacted>'
  }
}

// A value that must not be seen: it prints itself as `[secret]` wherever it is printed, logged or serialised.
import { z } from 'zod'

export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  /** The value itself: call it where the bytes leave, nowhere else. */
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]'
  }
}

/** A settings field that holds a secret: in the city file only a reference (`env:NAME`, `file:PATH`), in the connector a `Secret`. */
export const secret = () =>
  z
    .union([z.instanceof(Secret), z.string().min(1)])
    .transform((value) => (value instanceof Secret ? value : new Secret(value)))
    .meta({ secret: true })

// What one city file says when it is read without the service: `rundruf cities check`.
import type { Problem } from '../announcement/refusal.ts'

export interface CityCheck {
  /** The file as a person would type it: `config/cities/bonn.yaml`. */
  readonly file: string
  /** Null where the file is wrong; with problems beside a city, the file is taken and does not say what was meant. */
  readonly city: { readonly key: string; readonly name: string; readonly channels: number; readonly rules: number } | null
  readonly problems: readonly Problem[]
}

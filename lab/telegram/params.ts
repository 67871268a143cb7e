// The parameters of a call to the Bot API, whichever way they came: JSON, form or multipart. https://core.telegram.org/bots/api#making-requests
import type { Ask } from '../room.ts'
import { bad } from './answers.ts'

export interface Params {
  /** The request that they came with. */
  readonly ask: Ask
  text(name: string): string | undefined
  /** A whole number; undefined when there is none. */
  number(name: string): number | undefined
  /** An object or a list, which forms carry as JSON. */
  json<T>(name: string): T | undefined
  /** The bytes of an uploaded file. */
  file(name: string): Buffer | undefined
}

export const paramsOf = async (ask: Ask): Promise<Params> => {
  const type = ask.headers['content-type'] ?? ''
  const values = new Map<string, unknown>(ask.query)
  const files = new Map<string, Buffer>()
  if (type.startsWith('application/json')) for (const [name, value] of Object.entries(parsed(ask.body.toString()))) values.set(name, value)
  else if (type.startsWith('multipart/form-data')) await readForm(ask, type, values, files)
  else for (const [name, value] of new URLSearchParams(ask.body.toString())) values.set(name, value)
  return paramsFrom(ask, values, files)
}

const paramsFrom = (ask: Ask, values: ReadonlyMap<string, unknown>, files: ReadonlyMap<string, Buffer>): Params => ({
  ask,
  text: (name) => (values.get(name) === undefined ? undefined : String(values.get(name))),
  number: (name) => {
    const value = values.get(name)
    return value === undefined || !/^-?\d+$/.test(String(value)) ? undefined : Number(value)
  },
  json: <T>(name: string): T | undefined => {
    const value = values.get(name)
    return (typeof value === 'string' ? parsed(value) : value) as T | undefined
  },
  file: (name) => files.get(name),
})

const parsed = (text: string): Record<string, unknown> => {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw bad("can't parse JSON-encoded parameters")
  }
}

const readForm = async (ask: Ask, type: string, values: Map<string, unknown>, files: Map<string, Buffer>): Promise<void> => {
  const form = await new Response(new Uint8Array(ask.body), { headers: { 'content-type': type } }).formData().catch(() => {
    throw bad("can't parse the multipart form")
  })
  for (const [name, value] of form)
    if (typeof value === 'string') values.set(name, value)
    else files.set(name, Buffer.from(await value.arrayBuffer()))
}

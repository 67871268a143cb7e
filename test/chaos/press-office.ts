// The press offices of a kill loop: they write, correct, take back and end what they wrote, and ask again until they have an answer.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { House } from './house.ts'
import type { Chance } from './random.ts'
import { type City, cities, type Mark, markOf } from './town.ts'

/** What the house has promised of one announcement: everything here was answered with 2xx. */
export interface Story {
  readonly number: number
  readonly city: City
  readonly id: string
  /** How many wordings were accepted. */
  readonly wordings: number
  readonly retracted: boolean
  /** An all-clear was accepted. */
  readonly cleared: boolean
}

export interface Office {
  readonly stories: readonly Story[]
  /** How often an answer was lost, late or 503, and the same request was sent again. */
  readonly repeats: number
  /** Answers that a client should never get: a refusal of what is right, an error without a name. */
  readonly surprises: readonly string[]
}

type Course = 'said' | 'corrected' | 'taken-back' | 'corrected-and-taken-back' | 'warned' | 'warned-and-corrected'

const courses: Readonly<Record<Course, number>> = {
  said: 40,
  corrected: 25,
  'taken-back': 10,
  'corrected-and-taken-back': 8,
  warned: 12,
  'warned-and-corrected': 5,
}

/** How long an editor waits before the next step, in milliseconds: often what went before has not left yet. */
const breath = { from: 0, to: 1500 }

/** A kind for every story, or as the course wants it. */
type Kind = 'warning' | null

interface Desk {
  readonly kind: Kind
  readonly house: Pick<House, 'url' | 'key'>
  readonly chance: Chance
  readonly office: { stories: Story[]; repeats: number; surprises: string[] }
}

/** `write` tells stories, `atOnce` at a time, while `goOn` says so; it resolves when every begun story has been told to its end. */
export const openOffice = (house: Desk['house'], chance: Chance, kind: Kind = null) => {
  const office: Desk['office'] = { stories: [], repeats: 0, surprises: [] }
  let begun = 0
  const editor = async (goOn: () => boolean): Promise<void> => {
    while (goOn()) await tell({ house, chance, office, kind }, ++begun)
  }
  return {
    office: office as Office,
    write: async (atOnce: number, goOn: () => boolean): Promise<void> =>
      void (await Promise.all(Array.from({ length: atOnce }, () => editor(goOn)))),
  }
}

const tell = async (desk: Desk, number: number): Promise<void> => {
  const { chance } = desk
  const course = chance.weighted(courses)
  const warns = course === 'warned' || course === 'warned-and-corrected'
  const city = chance.pick(cities)
  const corrections = course.includes('corrected') ? chance.whole(1, 3) : 0
  const said = await ask(desk, '/announcements', {
    ...{ city, ...wording({ story: number, part: 'f', number: 1 }), release: true },
    ...(warns || desk.kind === 'warning' ? { kind: 'warning', severity: chance.pick(['Extreme', 'Severe']) } : { kind: 'notice' }),
  })
  if (said === null) return
  let story: Story = { number, city, id: said.id, wordings: 1, retracted: false, cleared: false }
  for (let next = 2; next <= corrections + 1; next++) {
    await pause(chance.whole(breath.from, breath.to))
    const { text } = wording({ story: number, part: 'f', number: next })
    if (await ask(desk, `/announcements/${story.id}/amend`, { text })) story = { ...story, wordings: next }
  }
  await pause(chance.whole(breath.from, breath.to))
  if (course.includes('taken-back')) story = { ...story, retracted: (await ask(desk, `/announcements/${story.id}/retract`, {})) !== null }
  if (warns) {
    const allClear = { city, kind: 'all-clear', references: story.id, ...wording({ story: number, part: 'e', number: 1 }), release: true }
    story = { ...story, cleared: (await ask(desk, '/announcements', allClear)) !== null }
  }
  desk.office.stories.push(story)
}

const wording = (mark: Mark) => ({
  title: `Aus dem Rathaus, Nummer ${mark.story}`,
  // with signs that platforms clean away or take for formatting
  text: `Liebe Bürger*innen und Besucher*innen, das „Bürgerbüro“ am Markt ist heute bis 18 Uhr geöffnet – auch bei ≥ 30 °C ☀️\n\n- Zeichen ${markOf(mark)}\n- Ausweis`,
})

/** Sends a request until it is answered, under one Idempotency-Key; null when it was refused. */
const ask = async ({ house, chance, office }: Desk, path: string, body: object): Promise<{ readonly id: string } | null> => {
  const headers = { authorization: `Bearer ${house.key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const request = { method: 'POST', headers, body: JSON.stringify(body) }
  for (;;) {
    const answer = await answered(`${house.url}/api/v1${path}`, request)
    if (answer !== null) {
      if (answer.status < 300) return answer.body as { id: string }
      if (!mayPass(answer)) {
        office.surprises.push(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
        if (answer.status < 500) return null
      }
    }
    office.repeats++
    await pause(chance.whole(50, 300))
  }
}

interface Answer {
  readonly status: number
  readonly body: { readonly code?: string }
}

const mayPass = ({ status, body }: Answer): boolean => status === 503 || (status === 409 && body.code === 'idempotency-key-in-flight')

/** Null when no answer came. */
const answered = async (url: string, request: RequestInit): Promise<Answer | null> => {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(15_000) })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  } catch {
    return null
  }
}

// /cities: the cities of this installation and their policies, without any channel's settings.
import { z } from 'zod'
import { sees } from '../access/actor.ts'
import { kinds, severities, statuses } from '../announcement/announcement.ts'
import { cityOf } from '../commands/channels.ts'
import type { City } from '../policy/policy.ts'
import { actorOf } from './callers.ts'
import { answers, type Resource } from './routes.ts'

const tags = ['Städte']
const names = z.array(z.string()).readonly()

const hours = z.array(z.object({ from: z.string(), to: z.string(), on: names.nullable() })).readonly()

const choice = z
  .union([names, z.object({ not: names })])
  .nullable()
  .meta({ description: 'Eines davon, oder alles außer: { not: […] }; none steht für „nennt keines“ / one of them, or all but; null: any' })

const channel = z.object({
  name: z.string(),
  platform: z.string(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  use: z.enum(['all', 'emergency-only', 'dormant', 'left', 'standby']),
  since: z.string().nullable(),
  from: z.string().nullable(),
  until: z.string().nullable(),
  because: z.string().nullable(),
  kinds: z.array(z.enum(kinds)).readonly().nullable(),
  topics: choice,
  districts: choice,
  language: z.string().nullable(),
  fallback: z.string().nullable(),
  quietHours: z.union([hours, z.literal('none')]).nullable(),
  delayMinutes: z.number(),
  perDay: z.number().nullable(),
})

const rule = z.object({
  name: z.string(),
  when: z.object({
    kind: z.array(z.enum(kinds)).readonly().nullable(),
    topic: choice,
    district: choice,
    severity: z.enum(severities).nullable(),
    status: z.array(z.enum(statuses)).readonly().nullable(),
    language: names.nullable(),
    media: z
      .array(z.enum(['image', 'video', 'none']))
      .readonly()
      .nullable(),
  }),
  channels: z.union([z.literal('all'), names]),
  hold: z.array(z.enum(['approval', 'approval-after-release', 'quiet-hours'])).readonly(),
  doubles: z.enum(['avoid', 'tolerate']),
})

const cityShape = z
  .object({
    key: z.string(),
    city: z.string(),
    ars: z.string(),
    website: z.string().nullable(),
    quietHours: hours.nullable(),
    emergency: z.enum(severities),
    policyDigest: z.string().meta({ description: 'Prüfsumme der Kanalregelung' }),
    topics: z.record(z.string(), z.string()).readonly().meta({ description: 'Themen: Schlüssel und Titel / key and title' }),
    districts: z.record(z.string(), z.string()).readonly().meta({ description: 'Gebiete: Schlüssel und Titel / key and title' }),
    channels: z.array(channel).readonly(),
    rules: z.array(rule).readonly(),
  })
  .meta({ id: 'City', description: 'Stadt oder Kreis mit Kanalregelung' })

type CityAnswer = z.infer<typeof cityShape>

export const cityRoutes: Resource = (parts) => async (app) => {
  const { cities, policyDigests } = parts.desk
  const shown = (city: City): CityAnswer => ({ ...city, policyDigest: policyDigests.get(city.key) ?? '' })
  app.get(
    '/cities',
    { schema: { tags, summary: 'Die Städte / the cities', response: answers({ 200: z.array(cityShape).readonly() }) } },
    async (request) => [...cities.values()].filter(({ key }) => sees(actorOf(request), key)).map(shown),
  )
  app.get(
    '/cities/:key',
    {
      schema: {
        tags,
        summary: 'Eine Stadt / one city',
        params: z.object({ key: z.string().max(100) }),
        response: answers({ 200: cityShape }),
      },
    },
    async (request) => shown(cityOf(parts.desk, actorOf(request), request.params.key)),
  )
}

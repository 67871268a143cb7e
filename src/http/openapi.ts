// The API's own description, made from the same schemas that check it: /api/v1/openapi.json.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'

const description = `Eine Meldung, alle Kanäle der Stadt. / One announcement, every channel of the city.

Jede Anfrage braucht einen Schlüssel (\`Authorization: Bearer rr_…\`). Fehler kommen als \`application/problem+json\` mit einem festen
\`code\`, einem deutschen und einem englischen Satz. Wer schreibt, sendet einen \`Idempotency-Key\`: dieselbe Anfrage noch einmal
wirkt nur einmal.`

const tags = [
  { name: 'Meldungen', description: 'planen, entwerfen, freigeben, veröffentlichen, berichtigen, zurücknehmen' },
  { name: 'Zustellungen', description: 'was auf einem Kanal geschieht' },
  { name: 'Kanäle', description: 'Konten der Stadt auf Plattformen' },
  { name: 'Städte', description: 'Städte und ihre Kanalregelungen' },
  { name: 'Bilder', description: 'Bilder für Meldungen' },
  { name: 'Schlüssel', description: 'wer anfragen darf' },
]

/** `z.undefined()` of an empty answer and the like: described as anything. */
const zodToJsonConfig = { unrepresentable: 'any' as const }

const shapes = createJsonSchemaTransformObject({ zodToJsonConfig })

/** OpenAPI 3.1; the union of the plug-in's type knows Swagger 2 too. */
type Description = Extract<ReturnType<typeof shapes>, { components?: unknown }>

/** Every schema comes as input and as output; what nobody refers to is left out. */
const onlyReferenced = (description: Description): Description => {
  const all: Readonly<Record<string, object>> = description.components?.schemas ?? {}
  const wanted = new Set<string>()
  const follow = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (wanted.has(name)) continue
      wanted.add(name)
      follow(all[name] ?? {})
    }
  }
  follow(description.paths ?? {})
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)))
  return { ...description, components: { ...description.components, schemas } } as Description
}

/** Registers the description; routes registered later are in it. */
export const describe = async (app: FastifyInstance, publicUrl: string): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Rundruf', version: '1', description, license: { name: 'EUPL-1.2', identifier: 'EUPL-1.2' } },
      servers: [{ url: publicUrl }],
      tags,
      security: [{ key: [] }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'API-Schlüssel: rr_…' } } },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    hideUntagged: true,
    transformObject: (document) => onlyReferenced(shapes(document) as Description),
  })
  app.get('/api/v1/openapi.json', { schema: { hide: true } as object }, async () => app.swagger())
}

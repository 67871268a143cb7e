// /channels/…/link: an account that only a person's phone can link, step by step.
import { z } from 'zod'
import { linkChannel, linkState } from '../commands/link-channel.ts'
import { actorOf } from './callers.ts'
import { answers, type Resource } from './routes.ts'

const shape = z
  .object({
    state: z.enum(['none', 'waiting', 'linked', 'failed']),
    qr: z.string().nullable().meta({ description: 'Text des QR-Codes / text of the QR code' }),
    code: z.string().nullable().meta({ description: 'Kopplungscode zum Eintippen / code to be typed' }),
    problem: z.string().nullable(),
  })
  .readonly()
  .meta({ id: 'Link', description: 'Verknüpfung: how the link of a channel’s account stands' })

const params = z.object({ city: z.string().max(100), name: z.string().max(100) })
const body = z.strictObject({ phone: z.string().max(30).optional() }).nullish()

export const linkRoutes: Resource =
  ({ desk, linking }) =>
  async (app) => {
    const schema = { tags: ['Kanäle'], params, response: answers({ 200: shape }) }
    const address = '/channels/:city/:name/link'
    app.post(address, { schema: { ...schema, body, summary: 'Konto verknüpfen / link the account' } }, (request) => {
      const { city, name } = request.params
      return linkChannel(desk, actorOf(request), { city, channel: name, linking, phone: request.body?.phone })
    })
    app.get(address, { schema: { ...schema, summary: 'Wie steht die Verknüpfung? / how does the link stand?' } }, (request) => {
      const { city, name } = request.params
      return linkState(desk, actorOf(request), { city, channel: name, linking })
    })
  }

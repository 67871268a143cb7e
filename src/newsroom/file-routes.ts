// The address of files: `/media/:id` for readers, the same with a proof for platforms that fetch.
import type { FastifyInstance } from 'fastify'
import { callerAddress } from '../access/caller-address.ts'
import { openLimiter } from '../access/limiter.ts'
import { doors } from '../policy/doors.ts'
import { answer } from './answer.ts'
import { answerFile } from './file-answer.ts'
import type { PublicFiles } from './media.ts'
import type { MediaLinks } from './media-links.ts'
import { away, noFile, tooOften } from './no-page.ts'

export interface FileRouteParts extends Pick<MediaLinks, 'proves'> {
  readonly files: PublicFiles
}

/** Files per address: a page has fifteen pictures, a player jumps within a film, and an office shares an address. */
const perAddress = { most: 2_000, windowMs: 10_000 }

export const fileRoutes = (app: FastifyInstance, { files, proves }: FileRouteParts): void => {
  const often = openLimiter(perAddress.most, perAddress.windowMs)
  app.get<{ Params: { id: string }; Querystring: Readonly<Record<string, string>> }>(`${doors.media}/:id`, async (request, reply) => {
    const { id } = request.params
    if (!often(callerAddress(request.ip))) return answer(request, reply, tooOften(null))
    const byPlatform = proves(id, request.query)
    const file = await files(id, byPlatform ? 'platform' : 'reader')
    if (file === 'nowhere') return answer(request, reply, noFile(404))
    if (file === 'gone') return answer(request, reply, noFile(410))
    if (file === 'away') return answer(request, reply, away(null))
    return answerFile(request, reply, { id, file, kept: !byPlatform })
  })
}

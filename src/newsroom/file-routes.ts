// The address of files: `/media/:id` for readers, the same with a proof for platforms that fetch.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callerAddress } from '../access/caller-address.ts'
import { byName, LaneFull, openLane } from '../access/lane.ts'
import { openCounter, openLimiter } from '../access/limiter.ts'
import { doors } from '../policy/doors.ts'
import { answer } from './answer.ts'
import { answerFile } from './file-answer.ts'
import type { PublicFile, PublicFiles } from './media.ts'
import type { MediaLinks } from './media-links.ts'
import { away, noFile, tooOften } from './no-page.ts'

export interface FileRouteParts extends Pick<MediaLinks, 'proves'> {
  readonly files: PublicFiles
}

/** Files per address: a page has fifteen pictures, a player jumps within a film, and an office shares an address. */
const perAddress = { most: 2_000, windowMs: 10_000 }

/** A name that does not exist counts as twenty files: no page of ours has one, and each is a question to the store. */
const moreForUnknown = 19

/** Files that one address is given at once; the others wait behind its own, and what it asked for before has been counted then. */
const eachAddress = { atOnce: 50, waiting: perAddress.most } as const

type FileRequest = FastifyRequest<{ Params: { id: string }; Querystring: Readonly<Record<string, string>> }>

export const fileRoutes = (app: FastifyInstance, { files, proves }: FileRouteParts): void => {
  // of their own: what strangers ask for from a platform's address takes nothing from the platform
  const platforms = openLimiter(perAddress.most, perAddress.windowMs)
  const forReader = sparingly(files)
  app.get(`${doors.media}/:id`, async (request: FileRequest, reply) => {
    const { id } = request.params
    const address = callerAddress(request.ip)
    const byPlatform = proves(id, request.query)
    const file = byPlatform ? platforms(address) && (await files(id, 'platform')) : await forReader(id, address)
    if (file === false) return answer(request, reply, tooOften(null))
    if (file === 'nowhere') return answer(request, reply, noFile(404))
    if (file === 'gone') return answer(request, reply, noFile(410))
    if (file === 'away') return answer(request, reply, away(null))
    return answerFile(request, reply, { id, file, kept: !byPlatform })
  })
}

/** False where this address asks too often. */
const sparingly = (files: PublicFiles): ((id: string, address: string) => Promise<PublicFile | false>) => {
  const often = openCounter(perAddress.most, perAddress.windowMs)
  const addresses = byName(() => openLane(eachAddress))
  const fileFor = async (id: string, address: string): Promise<PublicFile | false> => {
    if (!often.count(address)) return false
    const file = await files(id)
    if (file === 'nowhere') often.charge(address, moreForUnknown)
    return file
  }
  const inTurn = (id: string, address: string) => addresses(address, (turn) => turn(() => fileFor(id, address)))
  return (id, address) => inTurn(id, address).catch((error: unknown) => (error instanceof LaneFull ? false : Promise.reject(error)))
}

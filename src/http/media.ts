// /media: bringing an image, a video or captions, as raw bytes or as the one file of a form. What it is, is read from its bytes.
import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { demandDraftSomewhere, keepMedia, mostUploadBytes, readPieces, showMedia, workshopOf } from '../commands/keep-media.ts'
import type { StoredMedium } from '../store/media.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import { answers, idempotencyHeader, type Resource } from './routes.ts'
import { receive } from './upload.ts'
import { readByTheCommand } from './validation.ts'

const tags = ['Bilder und Videos']

const mediumShape = z
  .object({
    id: z.string(),
    type: z.string(),
    size: z.number(),
    width: z.number().optional(),
    height: z.number().optional(),
    singleColour: z.literal(true).optional(),
    seconds: z.number().optional(),
    codec: z.string().optional(),
    audioCodec: z.string().nullable().optional(),
  })
  .readonly()
  .meta({ id: 'Medium', description: 'Bild, Video oder Untertitel, wie sie aufbewahrt werden: id is the SHA-256 of the bytes kept' })

const summary =
  'Bild (JPEG, PNG, WebP, HEIC, GIF ohne Bewegung; 20 MB), Video (MP4, MOV; 200 MB) oder Untertitel (VTT; 1 MB) bringen / keep a file'
const description = 'Bilder werden neu kodiert, ohne Metadaten und Ort. Der Content-Type zählt nicht / sniffed, not believed.'

export const mediaRoutes: Resource = (parts) => async (app) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (_: FastifyRequest, body: unknown) => body)
  await app.register(multipart, { limits: { files: 1, fields: 0, parts: 1, fileSize: mostUploadBytes, headerPairs: 20 } })

  app.post(
    '/media',
    {
      schema: {
        tags,
        summary,
        description,
        consumes: ['application/octet-stream', 'multipart/form-data'],
        headers: idempotencyHeader,
        querystring: ofCity,
        body: readByTheCommand(
          z.unknown().meta({ type: 'string', format: 'binary', description: 'Die Bytes, oder ein Formular mit einer Datei' }),
        ),
        response: answers({ 201: mediumShape }),
      },
    },
    async (request, reply) => {
      const { city } = request.query
      parts.budgets.store(request, reply, 'file')
      demandDraftSomewhere(parts.desk, actorOf(request), city)
      await using file = await receive(request, workshopOf(parts.desk).folder)
      const { body } = await once<StoredMedium>(parts, request, {
        body: file.sum,
        act: async ({ desk }) => ({ status: 201, body: await keepMedia(desk, actorOf(request), file.path, city) }),
      })
      return reply.status(201).send(body)
    },
  )
  app.get(
    '/media/:id',
    {
      schema: {
        tags,
        summary: 'Was über eine Datei bekannt ist / a file’s facts',
        params: z.object({ id: z.string().max(100) }),
        response: answers({ 200: mediumShape }),
      },
    },
    (request) => showMedia(parts.desk, actorOf(request), request.params.id),
  )
  app.get(
    '/media/:id/file',
    {
      schema: {
        tags,
        summary: 'Die Datei selbst, auch vor der Veröffentlichung / the file itself, also before its release',
        params: z.object({ id: z.string().max(100) }),
        response: answers({ 200: z.any().meta({ type: 'string', format: 'binary', description: 'Die Bytes / the bytes' }) }),
      },
    },
    async (request, reply) => {
      parts.budgets.store(request, reply, 'fetch')
      const medium = await showMedia(parts.desk, actorOf(request), request.params.id)
      reply.headers({ 'content-type': medium.type, 'content-length': medium.size, 'x-content-type-options': 'nosniff' })
      return reply.send(Readable.from(readPieces(parts.desk, medium), { objectMode: false }))
    },
  )
}

const ofCity = z.object({
  city: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Für welche Stadt; sonst für jede, für die der Schlüssel schreiben darf / for which city' }),
})

// /media: bringing an image, as raw bytes or as the one file of a form. What it is, is read from its bytes.
import { createHash } from 'node:crypto'
import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../announcement/refusal.ts'
import { keepMedia, maxMediumBytes, showMedia } from '../commands/keep-media.ts'
import type { StoredMedium } from '../store/media.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import { answers, idempotencyHeader, type Resource } from './routes.ts'
import { readByTheCommand } from './validation.ts'

const tags = ['Bilder']

/** The header may say what it likes. */
const anyImage = /^(image\/|application\/octet-stream)/

const mediumShape = z
  .object({ id: z.string(), type: z.string(), size: z.number(), width: z.number(), height: z.number() })
  .readonly()
  .meta({ id: 'Medium', description: 'Bild: id is the SHA-256 of its bytes' })

export const mediaRoutes: Resource = (parts) => async (app) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(anyImage, { parseAs: 'buffer', bodyLimit: maxMediumBytes }, async (_: FastifyRequest, bytes: Buffer) => bytes)
  // The limit of a body does not hold for a form as a whole: every part has its own.
  await app.register(multipart, { limits: { files: 1, fields: 0, parts: 1, fileSize: maxMediumBytes, headerPairs: 20 } })

  app.post(
    '/media',
    {
      bodyLimit: maxMediumBytes + 10_000,
      schema: {
        tags,
        summary: 'Bild bringen (JPEG, PNG, WebP; bis 10 MB) / keep an image',
        consumes: ['image/jpeg', 'image/png', 'image/webp', 'multipart/form-data'],
        headers: idempotencyHeader,
        body: readByTheCommand(
          z.unknown().meta({ type: 'string', format: 'binary', description: 'Die Bytes, oder ein Formular mit einer Datei' }),
        ),
        response: answers({ 201: mediumShape }),
      },
    },
    async (request, reply) => {
      const bytes = await bytesOf(request)
      const { body } = await once<StoredMedium>(parts, request, {
        body: createHash('sha256').update(bytes).digest('hex'),
        act: async () => ({ status: 201, body: await keepMedia(parts.desk, actorOf(request), bytes) }),
      })
      return reply.status(201).send(body)
    },
  )
  app.get(
    '/media/:id',
    {
      schema: {
        tags,
        summary: 'Was über ein Bild bekannt ist / an image’s facts',
        params: z.object({ id: z.string().max(100) }),
        response: answers({ 200: mediumShape }),
      },
    },
    (request) => showMedia(parts.desk, actorOf(request), request.params.id),
  )
}

const bytesOf = async (request: FastifyRequest): Promise<Uint8Array> => {
  if (!request.isMultipart()) return request.body instanceof Uint8Array ? request.body : new Uint8Array()
  const files: Uint8Array[] = []
  try {
    for await (const file of request.files()) files.push(await file.toBuffer())
  } catch (error) {
    if (isLimit(error)) throw error
    throw brokenForm(error)
  }
  return files[0] ?? new Uint8Array()
}

/** One of the plug-in's own refusals; what else the parser throws has no code and means a form that cannot be read. */
const isLimit = (error: unknown): boolean => error instanceof Error && 'code' in error && String(error.code).startsWith('FST_')

const brokenForm = (cause: unknown): Refusal =>
  new Refusal(
    { code: 'invalid-request', de: 'Das Formular ist unvollständig angekommen.', en: 'The form arrived incomplete.', place: 'media' },
    { cause },
  )

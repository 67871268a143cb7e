// Receives one file, as the raw body or as the one file of a form, straight to disk: a film is never held in memory.
import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../announcement/refusal.ts'
import { mostUploadBytes, tooLarge } from '../commands/keep-media.ts'

export interface Upload {
  readonly path: string
  /** SHA-256 of what arrived, hex. */
  readonly sum: string
  /** Takes the file away. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Refuses with `media-too-large`, and with `invalid-request` a form that arrived incomplete; nothing is left on the disk then. */
export const receive = async (request: FastifyRequest, folder: string): Promise<Upload> => {
  if (Number(request.headers['content-length'] ?? 0) > mostUploadBytes + formRoom) throw tooLarge()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await sweep(folder)
  const path = join(folder, `${randomUUID()}${ending}`)
  const dispose = () => rm(path, { force: true })
  try {
    const sum = request.isMultipart() ? await fromForm(request, path) : await toDisk(request.body as Readable | undefined, path)
    return { path, sum, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

const ending = '.upload'

/** Takes away what a process left that died over it: nobody works on a file for a day. */
const sweep = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = name.endsWith(ending) ? await stat(path).catch(() => undefined) : undefined
    if (found && found.mtimeMs < Date.now() - 86_400_000) await rm(path, { force: true })
  }
}

/** What a form may have around its file. */
const formRoom = 10_000

const toDisk = async (body: Readable | undefined, path: string): Promise<string> => {
  const hash = createHash('sha256')
  let size = 0
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of body ?? []) {
      size += piece.length
      if (size > mostUploadBytes) throw tooLarge()
      hash.update(piece)
      yield piece
    }
  }
  await pipeline(counted, createWriteStream(path, { mode: 0o600 }))
  return hash.digest('hex')
}

const fromForm = async (request: FastifyRequest, path: string): Promise<string> => {
  let sum = ''
  try {
    for await (const { file } of request.files()) {
      sum = await toDisk(file, path)
      if (file.truncated) throw tooLarge()
    }
  } catch (error) {
    if (error instanceof Refusal || isLimit(error)) throw error
    throw brokenForm(error)
  }
  return sum === '' ? toDisk(undefined, path) : sum
}

/** One of the plug-in's own refusals; what else the parser throws has no code and means a form that cannot be read. */
const isLimit = (error: unknown): boolean => error instanceof Error && 'code' in error && String(error.code).startsWith('FST_')

const brokenForm = (cause: unknown): Refusal =>
  new Refusal(
    { code: 'invalid-request', de: 'Das Formular ist unvollständig angekommen.', en: 'The form arrived incomplete.', place: 'media' },
    { cause },
  )

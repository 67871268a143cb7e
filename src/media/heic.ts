// HEIC, the photographs of telephones: decoded in a thread of its own, because the decoder lets nobody else work meanwhile.
import { boxesIn, boxesWithin, inMemory } from './boxes.ts'
import { refused } from './refused.ts'
import { inThread } from './thread.ts'

export interface Decoded {
  readonly width: number
  readonly height: number
  /** RGBA, eight bits each, upright. */
  readonly pixels: Uint8Array
  /** The colour profile (ICC) that the pixels are meant in; null: none is named. */
  readonly profile: Buffer | null
}

export interface HeicLimits {
  readonly maxPixels: number
  readonly seconds: number
}

/** What the thread says when it is done. */
export type Said = Omit<Decoded, 'profile'> | 'too-many-pixels' | undefined

/** Refuses with `media-unreadable`, `media-too-many-pixels` or `media-too-slow`. */
export const decodeHeic = async (bytes: Uint8Array, { maxPixels, seconds }: HeicLimits): Promise<Decoded> => {
  const said = await inThread<Said>('heic-thread', { bytes, maxPixels }, seconds)
  if (said === 'too-many-pixels') throw refused('media-too-many-pixels')
  if (said === undefined) throw refused('media-unreadable')
  return { ...said, profile: await profileOf(bytes) }
}

/** The ICC profile among the item properties (ISO/IEC 23008-12): meta, iprp, ipco, colr of type `prof`. */
const profileOf = async (bytes: Uint8Array): Promise<Buffer | null> => {
  const source = inMemory(bytes)
  try {
    const meta = await boxesWithin(source, await boxesIn(source, 0, source.size), 'meta', 4)
    const properties = await boxesWithin(source, await boxesWithin(source, meta, 'iprp'), 'ipco')
    for (const { type, content, end } of properties) {
      const colours = type === 'colr' ? await source.read(content, end - content) : Buffer.alloc(0)
      if (['prof', 'rICC'].includes(colours.toString('latin1', 0, 4))) return colours.subarray(4)
    }
    return null
  } catch {
    return null
  }
}

// The thread in which one HEIC photograph is decoded; it ends with it.
import { parentPort, workerData } from 'node:worker_threads'
import decode from 'heic-decode'
import type { Said } from './heic.ts'

const { bytes, maxPixels } = workerData as { readonly bytes: Uint8Array; readonly maxPixels: number }

const decoded = async (): Promise<Said> => {
  // the size is known before a pixel is decoded
  const [image] = await decode.all({ buffer: bytes })
  if (!image) return undefined
  if (image.width * image.height > maxPixels) return 'too-many-pixels'
  const { width, height, data } = await image.decode()
  return { width, height, pixels: new Uint8Array(data.buffer) }
}

const said = await decoded().catch(() => undefined)
parentPort?.postMessage(said, typeof said === 'object' ? [said.pixels.buffer as ArrayBuffer] : [])

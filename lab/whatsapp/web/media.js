// Pictures and videos on the stand-in page: prepared, and uploaded unencrypted as channels want it.
import { ask } from './lab.js'

/** The page's wrapper around a file. */
export class OpaqueData {
  constructor(blob) {
    this.blob = blob
  }

  static async createFromData(blob) {
    return new OpaqueData(blob)
  }

  url() {
    return 'blob:stand-in'
  }

  formData() {
    return this.blob
  }

  autorelease() {}
}

const kindOf = (blob) => (blob.type.startsWith('video/') ? 'video' : 'image')

const hashOf = async (blob) => {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return btoa(String.fromCharCode(...new Uint8Array(hash)))
}

const stored = new Map()

export const mediaObject = (filehash) => stored.get(filehash)

export const prepare = (data) => ({
  waitForPrep: async () => {
    const filehash = await hashOf(data.blob)
    const facts = { type: kindOf(data.blob), mimetype: data.blob.type, filehash, size: data.blob.size }
    stored.set(filehash, { ...facts, blob: data.blob, consolidate() {} })
    return {
      ...facts,
      mediaBlob: data,
      preview: undefined,
      set(more) {
        Object.assign(this, more)
      },
      toJSON() {
        const { set, toJSON, mediaBlob, ...plain } = this
        return plain
      },
    }
  },
})

export const upload = async ({ mimetype, mediaObject: { blob } }) => {
  const { handle, path } = await ask('POST', 'media', { query: { type: mimetype }, body: await blob.arrayBuffer() })
  return { mediaEntry: { mmsUrl: path, directPath: path, handle } }
}

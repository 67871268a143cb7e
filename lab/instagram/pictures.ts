// Pictures and videos as Instagram takes them: fetched by itself, JPEG alone, not too large, not too long or wide.
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { refusal } from '../facebook/answers.ts'
import { fetchMedia } from '../fetching.ts'
import type { LedgerImage, LedgerVideo } from '../ledger.ts'
import type { Ask, Parts } from '../room.ts'

const mostImageBytes = 8 * 1_048_576
const mostVideoBytes = 300_000_000
const mostAlt = 1_000

const unfetched = () =>
  refusal(9004, 'Only photo or video can be accepted as media type.', {
    subcode: 2207052,
    userMessage: 'The media could not be fetched from this URI.',
  })

/** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media#image-specifications */
export const fetchImage = async ({ ledger }: Parts, ask: Ask, address: string, alt: string): Promise<LedgerImage> => {
  if (alt.length > mostAlt) throw refusal(100, `(#100) Param alt_text must be at most ${mostAlt} characters long`)
  const bytes = await fetchMedia(ask, address, mostImageBytes)
  if (!bytes) throw unfetched()
  if (bytes.length > mostImageBytes)
    throw refusal(36000, 'The image size is too large.', {
      subcode: 2207004,
      userMessage: 'The image is too large to download. It should be less than 8 MiB.',
    })
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
  if (type !== 'image/jpeg')
    throw refusal(36001, 'The image format is not supported.', {
      subcode: 2207005,
      userMessage: `The image format ${type} is not supported.`,
    })
  const { width, height } = imageSize(bytes)
  if (width / height < 4 / 5 - 0.001 || width / height > 1.91 + 0.001)
    throw refusal(36003, 'The aspect ratio is not supported.', {
      subcode: 2207009,
      userMessage: 'The image is not between 4:5 and 1.91:1.',
    })
  return { alt, sha256: ledger.keep(bytes, type), size: bytes.length, type }
}

/** A video is fetched at once here; what is wrong with it shows in the container's status. */
export const fetchVideo = async ({ ledger }: Parts, ask: Ask, address: string): Promise<LedgerVideo | string> => {
  const bytes = await fetchMedia(ask, address, mostVideoBytes)
  if (!bytes) throw unfetched()
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? 'application/octet-stream'
  if (!['video/mp4', 'video/quicktime'].includes(type))
    return 'Error: Media upload has failed with error code 2207026: The video format is not supported.'
  return { alt: '', sha256: ledger.keep(bytes, type), size: bytes.length, type, captions: [] }
}

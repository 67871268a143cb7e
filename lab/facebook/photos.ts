// Photos on the lab's Facebook: uploaded unseen, then hung on a post.
import { fileTypeFromBuffer } from 'file-type'
import { noObject, refusal } from './answers.ts'
import { type GraphAsk, text } from './ask.ts'
import type { FacebookDesk, Photo } from './page.ts'

const types = ['image/jpeg', 'image/png', 'image/gif', 'image/bmp', 'image/tiff']

/** As https://developers.facebook.com/docs/graph-api/reference/page/photos/ says: "should be less than 10 MB". */
const mostBytes = 10_000_000

/** POST /{page}/photos with a file attachment; only the unpublished kind is played, which `attached_media` names later. */
export const uploadPhoto = async (desk: FacebookDesk, account: string, page: string, ask: GraphAsk): Promise<Photo> => {
  const { file } = ask
  if (!file) throw refusal(324, '(#324) Missing or invalid image file')
  if (text(ask, 'published') !== 'false') throw refusal(100, 'The lab plays photos with published=false alone')
  const type = (await fileTypeFromBuffer(file))?.mime ?? 'application/octet-stream'
  if (!types.includes(type)) throw refusal(1, 'Invalid parameter', { subcode: 1366046, userMessage: 'Your photos couldn’t be uploaded.' })
  if (file.length > mostBytes)
    throw refusal(1, 'Invalid parameter', { subcode: 1366046, userMessage: 'Photos should be smaller than 10 MB.' })
  const image = { alt: text(ask, 'alt_text_custom'), sha256: desk.parts.ledger.keep(file, type), size: file.length, type }
  const photo: Photo = { kind: 'photo', id: desk.nextId(), page, account, at: desk.now(), image, post: null }
  desk.things.set(photo.id, photo)
  return photo
}

/** The photos that a list of `{ media_fbid }` names: own ones that are free, or hang on this very post. */
export const photosNamed = (desk: FacebookDesk, page: string, named: readonly unknown[], post: string | null): readonly Photo[] => {
  if (named.length > 10) throw refusal(100, '(#100) Too many attached media: the maximum is 10')
  return named.map((one) => {
    const id = String((one as { media_fbid?: unknown } | null)?.media_fbid ?? '')
    const photo = desk.things.get(id)
    if (photo?.kind !== 'photo' || photo.page !== page) throw noObject('post', id)
    if (photo.post !== null && photo.post !== post) throw refusal(100, `(#100) Media ${id} is already attached to another post`)
    return photo
  })
}

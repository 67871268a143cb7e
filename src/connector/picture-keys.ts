// The key of each picture within one post: the same picture under two alternative texts is two pictures.
import type { PostImage } from './connector.ts'

/**
 * By which an attempt's memory and a receipt tell the pictures of a post apart, in their order: the first of an id has the id itself as
 * its key, those after it `<id>-2`, `<id>-3`. Two posts with the same pictures in the same order have the same keys.
 */
export const pictureKeys = (images: readonly Pick<PostImage, 'id'>[]): readonly string[] => {
  const seen = new Map<string, number>()
  return images.map(({ id }) => {
    const number = (seen.get(id) ?? 0) + 1
    seen.set(id, number)
    return number === 1 ? id : `${id}-${number}`
  })
}

// What becomes of a film once YouTube has it: processed, still at work, or refused. https://developers.google.com/youtube/v3/docs/videos#status
import { setTimeout as pause } from 'node:timers/promises'
import { UnreachableError } from '../../src/connector/errors.ts'
import type { YoutubeClient } from './client.ts'
import { readVideo, type Video } from './video.ts'

export type Processing =
  | { readonly is: 'ready'; readonly video: Video }
  | { readonly is: 'at work' }
  | { readonly is: 'refused'; readonly because: string }

/** Between two looks, in milliseconds: a short film is often ready at once. */
const looks = [300, 700, 2000]

/** Looks until it is known, or for three seconds. */
export const processing = async (client: YoutubeClient, id: string, signal: AbortSignal): Promise<Processing> => {
  for (const ms of looks) {
    const now = await lookAt(client, id, signal)
    if (now.is !== 'at work') return now
    await pause(ms, undefined, { signal }).catch((cause: unknown) => {
      throw new UnreachableError('YouTube verarbeitet das Video noch, die Zeit ist um.', { cause })
    })
  }
  return lookAt(client, id, signal)
}

/** What has just been uploaded may not be listed yet. */
export const lookAt = async (client: YoutubeClient, id: string, signal: AbortSignal): Promise<Processing> => {
  const video = await readVideo(client, id, signal)
  if (!video) return { is: 'at work' }
  switch (video.status.uploadStatus) {
    case 'uploaded':
      return { is: 'at work' }
    case 'processed':
      return { is: 'ready', video }
    case 'failed':
      return { is: 'refused', because: failures[video.status.failureReason ?? ''] ?? 'YouTube kann das Video nicht verarbeiten.' }
    case 'rejected':
      return { is: 'refused', because: rejections[video.status.rejectionReason ?? ''] ?? 'YouTube hat das Video abgelehnt.' }
    case 'deleted':
      return { is: 'refused', because: 'Das Video wurde auf YouTube gelöscht.' }
  }
}

const failures: Readonly<Record<string, string>> = {
  codec: 'YouTube kennt die Kodierung des Videos nicht; MP4 mit H.264 und AAC geht immer.',
  conversion: 'YouTube kann das Video nicht umwandeln.',
  emptyFile: 'Die Videodatei ist leer.',
  invalidFile: 'YouTube erkennt die Datei nicht als Video.',
  tooSmall: 'Die Videodatei ist zu klein.',
  uploadAborted: 'Das Hochladen wurde abgebrochen.',
}

const rejections: Readonly<Record<string, string>> = {
  claim: 'YouTube hat das Video wegen eines Anspruchs Dritter abgelehnt.',
  copyright: 'YouTube hat das Video wegen des Urheberrechts abgelehnt.',
  duplicate: 'YouTube hat dieses Video schon einmal bekommen.',
  inappropriate: 'YouTube hält das Video für unangemessen.',
  length: 'Das Video ist für dieses Konto zu lang; über 15 Minuten nimmt YouTube erst nach der Bestätigung unter youtube.com/verify.',
  legal: 'YouTube hat das Video aus rechtlichen Gründen abgelehnt.',
  termsOfUse: 'YouTube hat das Video wegen seiner Nutzungsbedingungen abgelehnt.',
  trademark: 'YouTube hat das Video wegen eines Markenrechts abgelehnt.',
  uploaderAccountClosed: 'Das Konto auf YouTube ist geschlossen.',
  uploaderAccountSuspended: 'Das Konto auf YouTube ist gesperrt.',
}

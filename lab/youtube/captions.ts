// Subtitles: one track for each language and name. https://developers.google.com/youtube/v3/docs/captions
import type { Answer, Ask } from '../room.ts'
import { refuse } from './answers.ts'
import { contentOf, iso, type Shelf, type Track, type Video } from './shelf.ts'
import { videoOf } from './videos.ts'

interface Resource {
  readonly id?: string
  readonly snippet?: { readonly videoId?: string; readonly language?: string; readonly name?: string }
}

/** The two parts of a multipart/related request: what is said, and the file. */
const partsOf = ({ headers, body, query }: Ask): { readonly resource: Resource; readonly file: Buffer } => {
  const boundary = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1]
  if (query.get('uploadType') !== 'multipart' || boundary === undefined) throw refuse(400, 'badContent', 'Multipart content is expected.')
  const [first, second] = body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => Buffer.from(part.slice(part.indexOf('\r\n\r\n') + 4, -2), 'latin1'))
  if (!first || !second) throw refuse(400, 'badContent', 'Multipart content must have two parts.')
  return { resource: JSON.parse(first.toString('utf8')), file: second }
}

const checked = (shelf: Shelf, file: Buffer): string => {
  if (file.length === 0) throw refuse(400, 'contentRequired', 'The request does not contain the caption track contents.')
  if (!file.toString('utf8').startsWith('WEBVTT'))
    throw refuse(400, 'invalidFile', 'The caption file is in a format that is not supported.')
  return shelf.ledger.keep(file, 'text/vtt')
}

const trackJson = ({ id, language, name }: Track, { id: videoId }: Video): object => ({
  kind: 'youtube#caption',
  id,
  snippet: { videoId, language, name, trackKind: 'standard', isDraft: false, status: 'serving' },
})

/** What YouTube has understood itself; nobody can give it other words. */
const spokenJson = (language: string, { id: videoId }: Video): object => ({
  kind: 'youtube#caption',
  id: `spoken-${videoId}`,
  snippet: { videoId, language, name: '', trackKind: 'ASR', isDraft: false, status: 'serving' },
})

const shown = (shelf: Shelf, video: Video, track: Track): Answer => {
  shelf.ledger.revise(video.page, contentOf(video), iso(shelf))
  return { status: 200, body: trackJson(track, video) }
}

export const insertCaptions = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { resource, file } = partsOf(ask)
  const { videoId, language, name } = resource.snippet ?? {}
  const video = videoOf(shelf, account, videoId)
  if (!language || name === undefined) throw refuse(400, 'invalidMetadata', 'The request contains invalid metadata values.')
  if (name.length > 150) throw refuse(400, 'nameTooLong', 'The snippet.name specified in the request is too long.')
  if (video.tracks.some((track) => track.language === language && track.name === name))
    throw refuse(409, 'captionExists', 'The specified video already has a caption track with the given snippet.language and snippet.name.')
  const track = { id: shelf.nextId(32), language, name, sha256: checked(shelf, file) }
  video.tracks.push(track)
  return shown(shelf, video, track)
}

export const updateCaptions = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const { resource, file } = partsOf(ask)
  for (const video of shelf.videos.values()) {
    const track = video.tracks.find(({ id }) => id === resource.id)
    if (!track || video.account !== account) continue
    track.sha256 = checked(shelf, file)
    return shown(shelf, video, track)
  }
  throw refuse(404, 'captionNotFound', 'The specified caption track could not be found.')
}

export const listCaptions = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const video = videoOf(shelf, account, ask.query.get('videoId') ?? undefined)
  const { spoken } = shelf.settings
  const items = [...(spoken === null ? [] : [spokenJson(spoken, video)]), ...video.tracks.map((track) => trackJson(track, video))]
  return { status: 200, body: { kind: 'youtube#captionListResponse', items } }
}

// Every platform that the lab plays, one line each.
import { type BlueskySettings, openBluesky } from './bluesky.ts'
import { openEmail } from './email.ts'
import { type FacebookSettings, openFacebook } from './facebook.ts'
import { type InstagramSettings, openInstagram } from './instagram.ts'
import { type MastodonSettings, openMastodon } from './mastodon.ts'
import type { Parts, Room } from './room.ts'
import { openTelegram, type TelegramSettings } from './telegram.ts'
import { openThreads, type ThreadsSettings } from './threads.ts'
import { openTiktok, type TiktokSettings } from './tiktok.ts'
import { openWhatsapp, type WhatsappSettings } from './whatsapp.ts'
import { openX, type XSettings } from './x.ts'
import { openYoutube, type YoutubeSettings } from './youtube.ts'

/** Other limits than the platforms' own, for tests. */
export interface LabSettings {
  readonly bluesky?: Partial<BlueskySettings>
  readonly facebook?: Partial<FacebookSettings>
  readonly instagram?: Partial<InstagramSettings>
  readonly mastodon?: Partial<MastodonSettings>
  readonly telegram?: Partial<TelegramSettings>
  readonly threads?: Partial<ThreadsSettings>
  readonly tiktok?: Partial<TiktokSettings>
  readonly whatsapp?: Partial<WhatsappSettings>
  readonly x?: Partial<XSettings>
  readonly youtube?: Partial<YoutubeSettings>
}

/** @param partsOf what the lab lends the room of a platform */
export const openRooms = (partsOf: (platform: string) => Parts, settings: LabSettings = {}): readonly Room[] => [
  openBluesky(partsOf('bluesky'), settings.bluesky), //
  openEmail(partsOf('email')),
  openFacebook(partsOf('facebook'), settings.facebook),
  openInstagram(partsOf('instagram'), settings.instagram),
  openMastodon(partsOf('mastodon'), settings.mastodon),
  openTelegram(partsOf('telegram'), settings.telegram),
  openThreads(partsOf('threads'), settings.threads),
  openTiktok(partsOf('tiktok'), settings.tiktok),
  openWhatsapp(partsOf('whatsapp'), settings.whatsapp),
  openX(partsOf('x'), settings.x),
  openYoutube(partsOf('youtube'), settings.youtube),
]

// The stand-in page of web.whatsapp.com: the modules that whatsapp-web.js 1.34.7 asks `window.require` for, and no others.
import * as media from './media.js'
import { Collection, MsgKey, messages, Wid } from './models.js'
import * as channels from './newsletters.js'
import { begin, browser, Cmd, Conn, me, pairingCode, Socket } from './socket.js'

const nothing = async () => {}
const empty32 = new Uint8Array(32)
const link = (text) => /https?:\/\/\S+/.exec(text ?? '')?.[0]

const modules = {
  // signing in
  WAWebSocketModel: { Socket },
  WAWebCmd: { Cmd },
  WAWebConnModel: { Conn },
  WAWebMiscBrowserUtils: browser,
  WAWebOfflineHandler: { OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 } },
  WAWebAltDeviceLinkingApi: { setPairingType: () => {}, initializeAltDeviceLinking: nothing, startAltLinkingFlow: pairingCode },
  WABase64: { encodeB64: (bytes) => btoa(String.fromCharCode(...bytes)) },
  WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
  WAWebAdvSignatureApi: {},
  WAWebUserPrefsInfoStore: { waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: empty32 } }) } },
  WAWebSignalStoreApi: { waSignalStore: { getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: empty32 } }) } },
  WAWebUserPrefsMultiDevice: { getADVSecretKey: () => 'adv' },
  WAWebUserPrefsMeUser: { getMaybeMePnUser: me, getMaybeMeLidUser: () => undefined },
  WAWebSyncGatingUtils: {},
  WAWebCallCollection: null,
  // channels
  WAWebCollections: {
    Msg: messages,
    Chat: new Collection(),
    WAWebNewsletterCollection: channels.newsletters,
    NewsletterMetadataCollection: { update: channels.refreshMetadata },
  },
  WAWebWidFactory: { createWid: (serialized) => new Wid(serialized), asUserWidOrThrow: (wid) => wid },
  WAWebChatGetters: { getIsNewsletter: ({ id }) => id.server === 'newsletter', getIsBroadcast: ({ id }) => id.server === 'broadcast' },
  WAWebLoadNewsletterPreviewChatAction: { loadNewsletterPreviewChat: channels.loadPreview },
  WAWebNewsletterModelUtils: { getRoleByIdentifier: channels.roleByIdentifier },
  WAWebNewsletterMetadataQueryJob: { queryNewsletterMetadataByInviteCode: channels.byInvite },
  WAWebChatLoadMessages: { loadEarlierMsgs: channels.loadEarlier },
  WAWebNewsletterUpdateMsgsRecordsJob: { addNewsletterMsgsRecords: nothing, updateNewsletterMsgRecord: nothing },
  WAWebNewsletterSendMessageJob: { sendNewsletterMessageJob: channels.sendJob },
  // messages
  WAWebMsgKey: MsgKey,
  WAWebMsgDataFromModel: { msgDataFromMsgModel: (msg) => msg.serialize() },
  WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
  WALinkify: {
    findLink: (text) => link(text) && { href: link(text) },
    findLinks: (text) => (link(text) ? [{ href: link(text) }] : []),
  },
  // media
  WAWebMediaOpaqueData: media.OpaqueData,
  WAWebPrepRawMedia: { prepRawMedia: media.prepare },
  WAWebMediaStorage: { getOrCreateMediaObject: media.mediaObject },
  WAWebMmsMediaTypes: { msgToMediaType: ({ type }) => `newsletter-${type}`, castToV4: (type) => type },
  WAWebMediaDataUtils: { shouldUseMediaCache: () => false },
  WAMediaCalculateFilehash: { getRandomFilehash: () => 'random' },
  WAWebMediaMmsV4Upload: { uploadUnencryptedMedia: media.upload },
}

window.require = (name) => {
  if (!(name in modules)) throw new Error(`Requiring unknown module "${name}"`)
  if (name === 'WAWebSocketModel') begin()
  return modules[name]
}
window.Debug = { VERSION: '2.3000.lab' }

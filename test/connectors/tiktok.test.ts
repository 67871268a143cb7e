// TikTok: the contract in the lab, once with films and once with photos.
import { tiktok } from '../../connectors/tiktok/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { aJpeg } from '../support/jpeg.ts'
import { type LabPeerOptions, labPeer } from '../support/lab-peer.ts'

const wanted: LabPeerOptions = {
  platform: 'tiktok',
  lab: { tiktok: { rateLimits: false, audited: true } },
  settings: { clientKey: 'aw1234567890', clientSecret: 'rehearsal-client', audited: true },
  secret: 'refreshToken',
  lacks: ['language', 'alt', 'addresses'],
}

const errorShape = (message: string) => ({ data: {}, error: { code: 'invalid_params', message, log_id: '2026' } })
const { limits } = tiktok

connectorContract({
  name: 'TikTok in the lab, with films',
  connector: { ...tiktok, limits: { ...limits, images: { ...limits.images, max: 0 } } },
  // the last piece of a film is answered without a word
  ...labPeer({ ...wanted, without: ['broken-json'] }),
  errorShape,
})

const { find: _, ...withoutFind } = tiktok

connectorContract({
  name: 'TikTok in the lab, with photos, whose lost answer no look can replace',
  // photos take more words than films
  connector: { ...withoutFind, repeat: 'nothing', limits: { ...limits, text: { max: 4_000 } } },
  ...labPeer(wanted),
  errorShape,
  images: [await aJpeg('Das Freibad von oben'), await aJpeg('Der Eingang am Rhein', { colour: 0xaa3311 })],
})

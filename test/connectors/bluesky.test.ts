// Bluesky: the contract, on the lab and on a real personal data server.
import { bluesky } from '../../connectors/bluesky/index.ts'
import { connectorContract } from '../contract/connector-contract.ts'
import { labPeer } from '../support/lab-peer.ts'
import { pdsPeer } from '../support/pds-peer.ts'

const lab = labPeer({
  platform: 'bluesky',
  lab: { bluesky: { rateLimits: false } },
  settings: { handle: 'bonn.example' },
  secret: 'appPassword',
})

connectorContract({ name: 'Bluesky in the lab', connector: bluesky, ...lab })
connectorContract({ name: 'Bluesky on a real data server', connector: bluesky, ...pdsPeer() })

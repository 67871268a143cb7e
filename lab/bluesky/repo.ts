// The repositories of Bluesky accounts: records under their keys, blobs, and the ledger's page of every post.
import type { Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { Refusal } from '../room.ts'
import { bad, xrpcError } from './answers.ts'
import { cidOfBytes, cidOfRecord } from './cid.ts'
import { blobsIn, InvalidValue } from './lexicon.ts'
import { checkPost, contentOf, type PostRecord, postCollection, type Stored } from './post.ts'
import type { Account } from './session.ts'
import { openTids } from './tid.ts'

/** Where a record stands. */
export interface Place {
  readonly account: Account
  readonly collection: string
  readonly rkey: string
}

interface StoredRecord {
  readonly uri: string
  readonly cid: string
  readonly value: object
  readonly rkey: string
  /** The ledger's page, for posts. */
  readonly page: Page | null
}

interface Written {
  readonly uri: string
  readonly cid: string
  /** Absent when nothing was to be changed. */
  readonly commit?: { readonly cid: string; readonly rev: string }
  readonly validationStatus?: 'valid' | 'unknown'
}

export interface Repos {
  find(place: Place): StoredRecord | undefined
  /** Writes a record where none stands; a second one under the same key is the PDS's 500. */
  create(place: Place, value: object): Written
  /** `swap`: the CID that must stand there; null: none may; undefined: whatever stands there. */
  put(place: Place, value: object, swap: string | null | undefined): Written
  remove(place: Place, swap: string | undefined): Pick<Written, 'commit'>
  /** All records of a collection, the oldest key first. */
  list(account: Account, collection: string): StoredRecord[]
  upload(bytes: Buffer, type: string): { readonly cid: string; readonly stored: Stored }
  blob(cid: string): Stored | undefined
  newKey(): string
  clear(): void
}

const uriOf = ({ account, collection, rkey }: Place): string => `at://${account.did}/${collection}/${rkey}`

export const openRepos = (parts: Parts): Repos => {
  const records = new Map<string, Map<string, StoredRecord>>()
  const blobs = new Map<string, Stored>()
  const nextTid = openTids(parts.now)
  const shelf = (account: Account, collection: string): Map<string, StoredRecord> => {
    const name = `at://${account.did}/${collection}/`
    const found = records.get(name) ?? new Map<string, StoredRecord>()
    records.set(name, found)
    return found
  }
  const find = (place: Place) => shelf(place.account, place.collection).get(place.rkey)
  const exists = (uri: string): boolean => {
    const slash = uri.lastIndexOf('/') + 1
    return records.get(uri.slice(0, slash))?.has(uri.slice(slash)) ?? false
  }
  const commit = (cid: string) => ({ cid: cidOfRecord({ cid, at: nextTid() }), rev: nextTid() })
  const write = (place: Place, value: object, before: StoredRecord | undefined): Written => {
    const record = prepared(place, value)
    const cid = cidOfRecord(record)
    if (before?.cid === cid) return { uri: before.uri, cid, validationStatus: 'valid' }
    verifyBlobs(record, blobs)
    const page =
      place.collection === postCollection ? noted(parts, { place, post: record as PostRecord & object, before, blobs, exists }) : null
    shelf(place.account, place.collection).set(place.rkey, { uri: uriOf(place), cid, value: record, rkey: place.rkey, page })
    return { uri: uriOf(place), cid, commit: commit(cid), validationStatus: place.collection === postCollection ? 'valid' : 'unknown' }
  }
  return {
    find,
    create(place, value) {
      prepared(place, value)
      if (find(place)) throw new Refusal(xrpcError(500, 'InternalServerError', 'Internal Server Error'))
      return write(place, value, undefined)
    },
    put(place, value, swap) {
      const before = find(place)
      const same = before && before.cid === cidOfRecord(prepared(place, value))
      if (!same && swap !== undefined && swap !== (before?.cid ?? null)) throw bad(`Record was at ${before?.cid ?? 'null'}`, 'InvalidSwap')
      return write(place, value, before)
    },
    remove(place, swap) {
      const before = find(place)
      if (!before) return {}
      if (swap !== undefined && swap !== before.cid) throw bad(`Record was at ${before.cid}`, 'InvalidSwap')
      shelf(place.account, place.collection).delete(place.rkey)
      if (before.page) parts.ledger.remove(before.page, iso(parts))
      return { commit: commit(before.cid) }
    },
    list: (account, collection) => [...shelf(account, collection).values()].sort((a, b) => (a.rkey < b.rkey ? -1 : 1)),
    upload(bytes, type) {
      const cid = cidOfBytes(bytes)
      const stored = { sha256: parts.ledger.keep(bytes, type), size: bytes.length, type }
      blobs.set(cid, stored)
      return { cid, stored }
    },
    blob: (cid) => blobs.get(cid),
    newKey: nextTid,
    clear() {
      records.clear()
      blobs.clear()
    },
  }
}

const iso = (parts: Parts): string => new Date(parts.now()).toISOString()

const tid = /^[234567abcdefghij][234567a-z]{12}$/

/** The record as it will be stored: with its type, checked as a PDS checks it. */
const prepared = ({ collection, rkey }: Place, value: object): object => {
  const type = (value as { $type?: unknown }).$type ?? collection
  if (type !== collection) throw bad(`Invalid $type: expected ${collection}, got ${type}`)
  const record = { ...value, $type: collection }
  if (collection !== postCollection) return record
  if (!tid.test(rkey)) throw bad(`Invalid record key for ${collection}: Invalid TID string (got ${JSON.stringify(rkey)}) at $`)
  try {
    checkPost(record)
    return record
  } catch (error) {
    if (error instanceof InvalidValue) throw bad(`Invalid ${collection} record: ${error.message}`)
    throw error
  }
}

const verifyBlobs = (record: object, blobs: ReadonlyMap<string, Stored>): void => {
  for (const { ref, mimeType, size } of blobsIn(record)) {
    const found = blobs.get(ref.$link)
    if (!found) throw bad(`Could not find blob: ${ref.$link}`, 'BlobNotFound')
    if (found.type !== mimeType)
      throw bad(`Referenced Mimetype does not match stored blob. Expected: ${found.type}, Got: ${mimeType}`, 'InvalidMimeType')
    if (found.size !== size) throw bad(`Referenced Size does not match stored blob. Expected: ${found.size}, Got: ${size}`, 'InvalidSize')
  }
}

interface Noting {
  readonly place: Place
  readonly post: PostRecord
  readonly before: StoredRecord | undefined
  readonly blobs: ReadonlyMap<string, Stored>
  exists(uri: string): boolean
}

/** Writes a post into the ledger: a new page, or a new version on the page that stands. */
const noted = (parts: Parts, { place, post, before, blobs, exists }: Noting): Page => {
  for (const part of ['root', 'parent'] as const) {
    const uri = post.reply?.[part].uri
    if (uri && !exists(uri))
      throw bad(`Invalid ${postCollection} record: the answered post ${uri} does not exist at $.record.reply.${part}`)
  }
  const content = contentOf(post, (cid) => blobs.get(cid)!)
  if (before?.page) {
    parts.ledger.revise(before.page, content, iso(parts))
    return before.page
  }
  const { handle } = place.account
  const url = `${parts.url()}/bluesky/profile/${handle}/post/${place.rkey}`
  return parts.ledger.add(
    { platform: 'bluesky', account: handle, id: uriOf(place), url, replyTo: post.reply?.parent.uri ?? null },
    content,
    iso(parts),
  )
}

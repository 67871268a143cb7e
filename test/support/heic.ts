// A HEIC photograph as telephones make them (ISO/IEC 23008-12): one HEVC picture with its size, its colours, and how it was held.
import { anHevcPicture, type Colour } from './hevc.ts'

export interface Photograph {
  readonly blocks: readonly (readonly Colour[])[]
  /** ICC profile. */
  readonly profile?: Buffer
  /** Quarters of a turn, against the clock. */
  readonly turns?: number
  /** Pixels that it says it has, instead of those that it has. */
  readonly claims?: { readonly width: number; readonly height: number }
}

export const red: Colour = [76, 85, 255]
export const blue: Colour = [29, 255, 107]

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
const u32 = (value: number): Buffer => Buffer.concat([u16(Math.floor(value / 65536)), u16(value % 65536)])
const letters = (text: string): Buffer => Buffer.from(text, 'latin1')

const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat([letters(type), ...parts])
  return Buffer.concat([u32(content.length + 4), content])
}

const full = (type: string, version: number, ...parts: readonly Buffer[]): Buffer => box(type, Buffer.from([version, 0, 0, 0]), ...parts)

export const aHeic = ({ blocks, profile, turns = 0, claims }: Photograph): Buffer => {
  const { vps, sps, pps, picture } = anHevcPicture(blocks)
  const parameters = [vps, sps, pps].map((nal, at) => Buffer.concat([Buffer.from([0x80 | (32 + at)]), u16(1), u16(nal.length), nal]))
  const configuration = Buffer.concat([
    Buffer.from([1, 3, 0x70, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 30, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3]),
    ...parameters,
  ])
  const { width, height } = claims ?? { width: (blocks[0]?.length ?? 0) * 16, height: blocks.length * 16 }
  const properties = [
    box('hvcC', configuration),
    full('ispe', 0, u32(width), u32(height)),
    ...(profile ? [box('colr', letters('prof'), profile)] : []),
    box('irot', Buffer.from([turns])),
  ]
  const associations = properties.map((_, at) => 0x80 | (at + 1))
  const data = Buffer.concat([u32(picture.length), picture])
  const metaAt = (offset: number): Buffer =>
    full(
      'meta',
      0,
      full('hdlr', 0, u32(0), letters('pict'), Buffer.alloc(13)),
      full('pitm', 0, u16(1)),
      full('iloc', 0, Buffer.from([0x44, 0]), u16(1), u16(1), u16(0), u16(1), u32(offset), u32(data.length)),
      full('iinf', 0, u16(1), full('infe', 2, u16(1), u16(0), letters('hvc1'), Buffer.alloc(1))),
      box('iprp', box('ipco', ...properties), full('ipma', 0, u32(1), u16(1), Buffer.from([associations.length, ...associations]))),
    )
  const ftyp = box('ftyp', letters('heic'), u32(0), letters('mif1heic'))
  return Buffer.concat([ftyp, metaAt(ftyp.length + metaAt(0).length + 8), box('mdat', data)])
}

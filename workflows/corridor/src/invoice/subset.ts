// The part of a TrueType font that a document embeds: the glyphs it shows, without the instructions that fit them to a
// screen's grid (ISO 32000-1 §9.9 asks for them only where glyphs have some), which are half of a font's bytes.
import type { Subset } from 'fontkit'

/** Of a compound glyph's component (OpenType, `glyf`): its arguments are words, a scale follows, another component does. */
const flags = {
  words: 0x01,
  scale: 0x08,
  more: 0x20,
  xyScale: 0x40,
  matrix: 0x80,
  instructions: 0x100,
} as const

type Glyph = {
  bytes: Uint8Array
  /** Where its components are named, and which glyphs of the font they are. */
  components: { at: number; id: number }[]
  advance: number
  bearing: number
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The tables of a font's file by their tag. */
function tablesOf(file: Uint8Array): (tag: string) => Uint8Array {
  const view = viewOf(file)
  const tables = new Map<string, Uint8Array>()
  for (let n = 0; n < view.getUint16(4); n++) {
    const at = 12 + 16 * n
    const tag = String.fromCharCode(...file.subarray(at, at + 4))
    const start = view.getUint32(at + 8)
    tables.set(tag, file.subarray(start, start + view.getUint32(at + 12)))
  }
  return (tag) => {
    const table = tables.get(tag)
    if (table === undefined) throw new Error(`The font has no table ${tag}.`)
    return table
  }
}

/** A glyph with contours of its own: their ends, then its instructions, then its points. */
function simpleGlyph(bytes: Uint8Array, contours: number): Pick<Glyph, 'bytes' | 'components'> {
  const at = 10 + 2 * contours
  const points = at + 2 + viewOf(bytes).getUint16(at)
  return {
    bytes: Buffer.concat([bytes.subarray(0, at), Buffer.alloc(2), bytes.subarray(points)]),
    components: [],
  }
}

function compoundGlyph(bytes: Uint8Array): Pick<Glyph, 'bytes' | 'components'> {
  const copy = Uint8Array.from(bytes)
  const view = viewOf(copy)
  const components: Glyph['components'] = []
  let at = 10
  for (let more = true; more; ) {
    const flag = view.getUint16(at)
    view.setUint16(at, flag & ~flags.instructions)
    components.push({ at: at + 2, id: view.getUint16(at + 2) })
    const scale = flag & flags.scale ? 2 : flag & flags.xyScale ? 4 : flag & flags.matrix ? 8 : 0
    at += 4 + (flag & flags.words ? 4 : 2) + scale
    more = (flag & flags.more) !== 0
  }
  return { bytes: copy.subarray(0, at), components }
}

function outlineOf(bytes: Uint8Array): Pick<Glyph, 'bytes' | 'components'> {
  if (bytes.length === 0) return { bytes, components: [] }
  const contours = viewOf(bytes).getInt16(0)
  return contours < 0 ? compoundGlyph(bytes) : simpleGlyph(bytes, contours)
}

/** Makes empty subsets of a font; what is read of its file is kept for the next. */
export function subsetsOf(file: Uint8Array): () => Subset {
  const table = tablesOf(file)
  const [loca, glyf, hmtx] = [viewOf(table('loca')), table('glyf'), viewOf(table('hmtx'))]
  const isLong = viewOf(table('head')).getInt16(50) === 1
  const offsetOf = (id: number) => (isLong ? loca.getUint32(4 * id) : 2 * loca.getUint16(2 * id))
  // Glyphs beyond the last full metric share its advance and have a bearing only.
  const fullMetrics = viewOf(table('hhea')).getUint16(34)
  const glyphs = new Map<number, Glyph>()
  const glyphOf = (id: number): Glyph => {
    const known = glyphs.get(id)
    if (known !== undefined) return known
    const isFull = id < fullMetrics
    const made = {
      ...outlineOf(glyf.subarray(offsetOf(id), offsetOf(id + 1))),
      advance: hmtx.getUint16(4 * (isFull ? id : fullMetrics - 1)),
      bearing: hmtx.getInt16(isFull ? 4 * id + 2 : 2 * (fullMetrics + id)),
    }
    glyphs.set(id, made)
    return made
  }
  return () => {
    const ids = [0]
    const numbers = new Map([[0, 0]])
    const includeGlyph = (id: number): number => {
      const known = numbers.get(id)
      if (known !== undefined) return known
      numbers.set(id, ids.length)
      return ids.push(id) - 1
    }
    const encode = () => {
      const included: Uint8Array[] = []
      const metrics: Glyph[] = []
      // The list grows while it is walked: a compound glyph brings its components.
      for (const id of ids) {
        const glyph = glyphOf(id)
        metrics.push(glyph)
        included.push(renumbered(glyph, includeGlyph))
      }
      return fileOf(table, included, metrics)
    }
    return { includeGlyph, encode }
  }
}

function renumbered({ bytes, components }: Glyph, numberOf: (id: number) => number): Uint8Array {
  if (components.length === 0) return bytes
  const copy = Uint8Array.from(bytes)
  for (const { at, id } of components) viewOf(copy).setUint16(at, numberOf(id))
  return copy
}

function fileOf(
  table: (tag: string) => Uint8Array,
  included: readonly Uint8Array[],
  metrics: readonly Glyph[],
): Uint8Array {
  const count = included.length
  const loca = viewOf(new Uint8Array(4 * (count + 1)))
  const hmtx = viewOf(new Uint8Array(4 * count))
  const glyf = Buffer.alloc(included.reduce((length, bytes) => length + padded(bytes.length), 0))
  let end = 0
  included.forEach((bytes, n) => {
    glyf.set(bytes, end)
    end += padded(bytes.length)
    loca.setUint32(4 * (n + 1), end)
  })
  metrics.forEach(({ advance, bearing }, n) => {
    hmtx.setUint16(4 * n, advance)
    hmtx.setInt16(4 * n + 2, bearing)
  })
  const changed = (tag: string, at: number, value: number) => {
    const copy = Uint8Array.from(table(tag))
    viewOf(copy).setUint16(at, value)
    return copy
  }
  return directoryOf([
    ['glyf', glyf],
    // Offsets of glyphs are long ones.
    ['head', changed('head', 50, 1)],
    ['hhea', changed('hhea', 34, count)],
    ['hmtx', new Uint8Array(hmtx.buffer)],
    ['loca', new Uint8Array(loca.buffer)],
    ['maxp', changed('maxp', 4, count)],
  ])
}

/** Tables, and glyphs in theirs, begin where four divides. */
const padded = (length: number) => 4 * Math.ceil(length / 4)

/** A font file of these tables, each at an offset that four divides. */
function directoryOf(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const headLength = 12 + 16 * tables.length
  const file = Buffer.alloc(
    tables.reduce((length, [, bytes]) => length + padded(bytes.length), headLength),
  )
  const log = Math.floor(Math.log2(tables.length))
  file.writeUInt32BE(0x00010000, 0)
  file.writeUInt16BE(tables.length, 4)
  file.writeUInt16BE(16 << log, 6)
  file.writeUInt16BE(log, 8)
  file.writeUInt16BE(16 * tables.length - (16 << log), 10)
  let start = headLength
  tables.forEach(([tag, bytes], n) => {
    const at = 12 + 16 * n
    file.write(tag, at, 'latin1')
    file.set(bytes, start)
    file.writeUInt32BE(checksumOf(file.subarray(start, start + padded(bytes.length))), at + 4)
    file.writeUInt32BE(start, at + 8)
    file.writeUInt32BE(bytes.length, at + 12)
    start += padded(bytes.length)
  })
  return file
}

function checksumOf(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0
  return sum
}

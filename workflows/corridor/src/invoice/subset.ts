// The part of a TrueType font that one document uses, made of the font's own bytes (OpenType 1.9.1, "Font file").
// fontkit decodes and encodes every point of every glyph for it; here a glyph's bytes are copied.

type Tables = Map<string, Uint8Array>
/** What pdfkit asks of a font's subset. */
export type Subset = { includeGlyph: (glyph: number) => number; encode: () => Uint8Array }

const entryLength = 16
const headerLength = 12

/** As they are in the file, by their tag. */
function tablesOf(file: Uint8Array): Tables {
  const view = viewOf(file)
  const tables: Tables = new Map()
  for (let index = 0; index < view.getUint16(4); index++) {
    const at = headerLength + entryLength * index
    const tag = String.fromCharCode(...file.subarray(at, at + 4))
    const offset = view.getUint32(at + 8)
    tables.set(tag, file.subarray(offset, offset + view.getUint32(at + 12)))
  }
  return tables
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Bits of a component's flags: its arguments are words, another follows, a scale, two scales, a matrix. */
const [words, more, scale, twoScales, matrix] = [0x01, 0x20, 0x08, 0x40, 0x80]

/** A glyph made of others, with their numbers in the subset. */
function renumbered(glyph: Uint8Array, numberOf: (glyph: number) => number): Uint8Array {
  const copy = new Uint8Array(glyph)
  const view = viewOf(copy)
  for (let at = 10, flags: number = more; (flags & more) !== 0; ) {
    flags = view.getUint16(at)
    view.setUint16(at + 2, numberOf(view.getUint16(at + 2)))
    at += (flags & words) === 0 ? 6 : 8
    if ((flags & scale) !== 0) at += 2
    else if ((flags & twoScales) !== 0) at += 4
    else if ((flags & matrix) !== 0) at += 8
  }
  return copy
}

/** Reads a font's tables once; what it returns makes the subset of one document. */
export function subsetsOf(file: Uint8Array): () => Subset {
  const tables = tablesOf(file)
  const table = (tag: string): Uint8Array => {
    const found = tables.get(tag)
    if (found === undefined) throw new Error(`The font has no table ${tag}.`)
    return found
  }
  const [glyf, loca, hmtx] = [table('glyf'), viewOf(table('loca')), viewOf(table('hmtx'))]
  const isLong = viewOf(table('head')).getInt16(50) === 1
  const offsetOf = (glyph: number) =>
    isLong ? loca.getUint32(glyph * 4) : loca.getUint16(glyph * 2) * 2
  const metricsCount = viewOf(table('hhea')).getUint16(34)
  const advanceOf = (glyph: number) => hmtx.getUint16(Math.min(glyph, metricsCount - 1) * 4)
  const bearingOf = (glyph: number) =>
    glyph < metricsCount
      ? hmtx.getInt16(glyph * 4 + 2)
      : hmtx.getInt16(metricsCount * 4 + (glyph - metricsCount) * 2)

  const encode = (glyphs: number[], numberOf: (glyph: number) => number): Uint8Array => {
    const outlines: Uint8Array[] = []
    // A compound glyph adds its parts to the list while it is gone through.
    for (const glyph of glyphs) {
      const outline = glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1))
      const isCompound = outline.length > 0 && viewOf(outline).getInt16(0) < 0
      outlines.push(isCompound ? renumbered(outline, numberOf) : outline)
    }
    const places = new DataView(new ArrayBuffer((glyphs.length + 1) * 4))
    const metrics = new DataView(new ArrayBuffer(glyphs.length * 4))
    let end = 0
    for (const [index, glyph] of glyphs.entries()) {
      metrics.setUint16(index * 4, advanceOf(glyph))
      metrics.setInt16(index * 4 + 2, bearingOf(glyph))
      end += outlines[index]?.length ?? 0
      places.setUint32((index + 1) * 4, end)
    }
    // Long offsets, whatever the font's own are.
    const head = withWord(table('head'), 50, 1)
    const made: [string, Uint8Array][] = [
      ['cvt ', table('cvt ')],
      ['fpgm', table('fpgm')],
      ['glyf', Buffer.concat(outlines)],
      ['head', head],
      ['hhea', withWord(table('hhea'), 34, glyphs.length)],
      ['hmtx', new Uint8Array(metrics.buffer)],
      ['loca', new Uint8Array(places.buffer)],
      ['maxp', withWord(table('maxp'), 4, glyphs.length)],
      ['prep', table('prep')],
    ]
    return fileOf(made)
  }
  return () => {
    const glyphs = [0]
    const numbers = new Map([[0, 0]])
    const includeGlyph = (glyph: number): number => {
      const known = numbers.get(glyph)
      if (known !== undefined) return known
      numbers.set(glyph, glyphs.push(glyph) - 1)
      return glyphs.length - 1
    }
    return { includeGlyph, encode: () => encode(glyphs, includeGlyph) }
  }
}

function withWord(table: Uint8Array, at: number, value: number): Uint8Array {
  const copy = new Uint8Array(table)
  viewOf(copy).setUint16(at, value)
  return copy
}

const padded = (length: number) => (length + 3) & ~3

/** A font file of these tables, which come in the order of their tags. */
function fileOf(tables: readonly [string, Uint8Array][]): Uint8Array {
  const dataAt = headerLength + entryLength * tables.length
  const length = tables.reduce((sum, [, bytes]) => sum + padded(bytes.length), dataAt)
  const file = new Uint8Array(length)
  const view = viewOf(file)
  const power = Math.floor(Math.log2(tables.length))
  view.setUint32(0, 0x00010000)
  view.setUint16(4, tables.length)
  view.setUint16(6, 2 ** power * entryLength)
  view.setUint16(8, power)
  view.setUint16(10, (tables.length - 2 ** power) * entryLength)
  let offset = dataAt
  for (const [index, [tag, bytes]] of tables.entries()) {
    const at = headerLength + entryLength * index
    file.set(bytes, offset)
    for (let place = 0; place < 4; place++) file[at + place] = tag.charCodeAt(place)
    view.setUint32(at + 4, sumOf(view, offset, padded(bytes.length)))
    view.setUint32(at + 8, offset)
    view.setUint32(at + 12, bytes.length)
    offset += padded(bytes.length)
  }
  return file
}

function sumOf(view: DataView, from: number, length: number): number {
  let sum = 0
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0
  return sum
}

// oxlint-disable-next-line typescript/triple-slash-reference -- whoever imports this file compiles it, and needs its types
/// <reference path="./fontkit.d.ts" />
import { create } from 'fontkit'
import type { Font, Subset } from 'fontkit'

/**
 * Stands for a character that the font does not have. The font's own sign for it would do, but pdfkit takes the width of
 * glyph 0 for twice what it measures, and the text runs into its neighbour.
 */
const stranger = '□'
const notAscii = /[^ -~]/gu

/** Documents that share the layouts of their words; each brings some that no other has. */
const documentsMax = 200

/** A document's own view of a font, as pdfkit keeps it. */
type Drawn = { font: object; layoutCache: object; encode(text: string): unknown }

/** pdfkit keeps the font that is in use and does not show it. */
function drawnBy(document: PDFKit.PDFDocument): Drawn {
  // oxlint-disable-next-line no-underscore-dangle, typescript/no-unsafe-type-assertion -- see above
  return (document as unknown as { _font: Drawn })._font
}

export type SharedFont = {
  font: Font
  /** Called once by each document, with this font in use, before anything is drawn. */
  share(document: PDFKit.PDFDocument): void
}

/**
 * A font that documents share: its file is parsed once per process, a word is laid out once for all of them, and the part
 * of the font that goes into a document is cut once, as long as the document is written in the alphabet.
 */
export function sharedFont(file: Uint8Array, alphabet: string): SharedFont {
  const font = create(file)
  const legible = (character: string): string =>
    font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : stranger
  const shared = {
    layout: (text: string) => font.layout(text.replaceAll(notAscii, legible)),
    createSubset: subsets(font, alphabet),
  }
  let layouts = {}
  let documents = 0
  return {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- the font with two methods of its own
    font: Object.assign(Object.create(font), shared),
    share(document) {
      const drawn = drawnBy(document)
      if (documents++ % documentsMax === 0) layouts = Object.create(null)
      drawn.layoutCache = layouts
      // The document is told the widths of the whole alphabet, as its part of the font has all of it.
      drawn.encode(alphabet)
    },
  }
}

/** Parts that begin with the alphabet: those without more are one and the same. */
function subsets(font: Font, alphabet: string): () => Subset {
  const letters = font.layout(alphabet).glyphs.map(({ id }) => id)
  let cut: Uint8Array | undefined
  return () => {
    const subset = font.createSubset()
    const encode = subset.encode.bind(subset)
    for (const id of letters) subset.includeGlyph(id)
    const known = subset.glyphs.length
    // Cutting adds what glyphs are composed of, so it is asked before.
    const isAlphabet = () => subset.glyphs.length === known
    subset.encode = () => (isAlphabet() ? (cut ??= encode()) : encode())
    return subset
  }
}

// oxlint-disable-next-line typescript/triple-slash-reference -- whoever imports this file compiles it, and needs its types
/// <reference path="./fontkit.d.ts" />
import { create } from 'fontkit'
import type { Font, Run } from 'fontkit'

/** Words whose layout is kept; an invoice has about sixty, and most of them are on every invoice. */
const wordsMax = 4_000

/**
 * Stands for a character that the font does not have. The font's own sign for it would do, but pdfkit takes the width of
 * glyph 0 for twice what it measures, and the text runs into its neighbour.
 */
const stranger = '□'
const notAscii = /[^ -~]/gu

/**
 * A font that documents share: its file is parsed once per process, and the layout of a word is computed once.
 */
export function sharedFont(file: Uint8Array): Font {
  const font = create(file)
  const words = new Map<string, Run>()
  const wordOf = (text: string): Run => {
    const known = words.get(text)
    if (known !== undefined) return known
    if (words.size >= wordsMax) words.clear()
    const run = font.layout(text.replaceAll(notAscii, legible))
    words.set(text, run)
    return run
  }
  const legible = (character: string): string =>
    font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) ? character : stranger
  const shared = { layout: (text: string) => ownCopy(wordOf(text)) }
  // oxlint-disable-next-line typescript/no-unsafe-return -- the font with a method of its own
  return Object.assign(Object.create(font), shared)
}

/** A document scales the positions it is given. */
function ownCopy({ glyphs, positions }: Run): Run {
  const copies = positions.map(({ xAdvance, yAdvance, xOffset, yOffset }) => ({
    xAdvance,
    yAdvance,
    xOffset,
    yOffset,
  }))
  return {
    glyphs,
    positions: copies,
    get advanceWidth() {
      return copies.reduce((width, { xAdvance }) => width + xAdvance, 0)
    },
  }
}

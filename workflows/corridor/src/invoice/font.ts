// oxlint-disable-next-line typescript/triple-slash-reference -- whoever imports this file compiles it, and needs its types
/// <reference path="./fontkit.d.ts" />
import { create } from 'fontkit'
import type { Font, Run } from 'fontkit'

/** Words whose layout is kept; an invoice has about sixty, and most of them are on every invoice. */
const wordsMax = 4_000

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
    const run = font.layout(text)
    words.set(text, run)
    return run
  }
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

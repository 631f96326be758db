import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create } from 'fontkit'
import { describe, expect, test } from 'vitest'
import { sharedFont } from './font.ts'

const fonts = createRequire(import.meta.url)
const file = readFileSync(fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))

describe('a font that documents share', () => {
  test('embeds the outline and the width of each glyph as the font has them, compound ones too', () => {
    const font = create(file)
    const subset = sharedFont(file).createSubset()
    const shown = 'Söhne € 9,97 · ×'.split('').map((letter) => {
      const { id } = font.glyphForCodePoint(letter.codePointAt(0) ?? 0)
      return { id, number: subset.includeGlyph(id) }
    })
    const embedded = create(subset.encode())
    for (const { id, number } of shown) {
      const [own, whole] = [embedded.getGlyph(number), font.getGlyph(id)]
      expect(own.path.toSVG()).toBe(whole.path.toSVG())
      expect(own.advanceWidth).toBe(whole.advanceWidth)
    }
  })

  test('lays a word out for one document as for the next, whatever that does with it', () => {
    const font = sharedFont(file)
    const first = font.layout('Rechnung')
    const width = first.advanceWidth
    for (const position of first.positions) position.xAdvance *= 0.5
    expect(first.advanceWidth).toBe(width / 2)
    expect(font.layout('Rechnung').advanceWidth).toBe(width)
  })
})

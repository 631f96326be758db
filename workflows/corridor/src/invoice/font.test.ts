import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { create } from 'fontkit'
import { describe, expect, test } from 'vitest'
import { sharedFont } from './font.ts'

const fonts = createRequire(import.meta.url)
const file = readFileSync(fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))

describe('a font that documents share', () => {
  test('lays a word out for one document as for the next, whatever that does with it', () => {
    const font = sharedFont(file)
    const first = font.layout('Rechnung')
    const width = first.advanceWidth
    for (const position of first.positions) position.xAdvance *= 0.5
    expect(first.advanceWidth).toBe(width / 2)
    expect(font.layout('Rechnung').advanceWidth).toBe(width)
  })

  test('shows a character that it does not have as a box, so that a line is as wide as it was measured', () => {
    const font = sharedFont(file)
    const { glyphs } = font.layout('Straße 東京 👩‍🚗 اهلا Ž')
    expect(glyphs.filter(({ id }) => id === 0)).toEqual([])
    const boxes = glyphs.filter(({ id }) => id === font.glyphForCodePoint(0x25a1).id)
    expect(boxes).toHaveLength(4)
  })
})

describe("a document's part of a font", () => {
  const font = sharedFont(file)
  const used = Array.from('Straße é Ž №', (character) => {
    const code = character.codePointAt(0) ?? 0
    return font.glyphForCodePoint(code)
  })
  const subset = font.createSubset()
  const numbers = used.map(({ id }) => subset.includeGlyph(id))
  const part = create(subset.encode())

  test('has the outline and the width of every glyph, of a compound one too', () => {
    for (const [index, glyph] of used.entries()) {
      const copy = part.getGlyph(numbers[index] ?? 0)
      expect(copy.path.toSVG()).toBe(glyph.path.toSVG())
      expect(copy.advanceWidth).toBe(glyph.advanceWidth)
    }
  })

  test('knows a glyph by one number, and has the missing glyph first', () => {
    expect(used.map(({ id }) => subset.includeGlyph(id))).toEqual(numbers)
    expect(subset.includeGlyph(0)).toBe(0)
    expect(part.getGlyph(0).path.toSVG()).toBe(font.getGlyph(0).path.toSVG())
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
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

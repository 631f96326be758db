import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { sharedFont } from './font.ts'
import { renderPdf } from './pdf.ts'

const fonts = createRequire(import.meta.url)
const file = readFileSync(fonts.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))

/** A document is its text and its moment: whatever was drawn before changes no byte of it. */
const drawn = (text: string) =>
  renderPdf({ title: 'T', author: 'A', createdAt: '2026-11-21T10:00:00.000Z' }, (page) => {
    page.title(text)
    page.row([{ text, width: 100, align: 'right' }], true)
    page.text(`${text} Rechnung`)
  })

describe('a font that documents share', () => {
  test('draws a document as it did before, whatever was drawn meanwhile', async () => {
    const first = await drawn('Rechnung 1')
    const other = await drawn('Ελλάδα Łódź')
    expect(await drawn('Rechnung 1')).toEqual(first)
    expect(await drawn('Ελλάδα Łódź')).toEqual(other)
  })

  test('is cut once for documents in its alphabet, and for each that needs more', () => {
    const { font } = sharedFont(file, 'abc')
    const cutOf = (text: string) => {
      const subset = font.createSubset()
      for (const { id } of font.layout(text).glyphs) subset.includeGlyph(id)
      return subset.encode()
    }
    expect(cutOf('cab')).toBe(cutOf('b'))
    expect(cutOf('abcd').length).toBeGreaterThan(cutOf('a').length)
    expect(cutOf('abcd')).toEqual(cutOf('abcd'))
  })

  test('shows a character that it does not have as a box, so that a line is as wide as it was measured', () => {
    const { font } = sharedFont(file, 'abc')
    const { glyphs } = font.layout('Straße 東京 👩‍🚗 اهلا Ž')
    expect(glyphs.filter(({ id }) => id === 0)).toEqual([])
    const boxes = glyphs.filter(({ id }) => id === font.glyphForCodePoint(0x25a1).id)
    expect(boxes).toHaveLength(4)
  })
})

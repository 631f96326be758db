/** fontkit has no types of its own, and pdfkit's do not say that it takes a font which fontkit has parsed. */
declare module 'fontkit' {
  type Glyph = { id: number }
  type Position = Record<'xAdvance' | 'yAdvance' | 'xOffset' | 'yOffset', number>
  export type Run = { glyphs: Glyph[]; positions: Position[]; readonly advanceWidth: number }
  export type Subset = {
    glyphs: readonly number[]
    includeGlyph(id: number): number
    encode(): Uint8Array
  }
  export type Font = PDFKit.Mixins.PDFFontSource & {
    layout(text: string): Run
    glyphForCodePoint(codePoint: number): Glyph
    createSubset(): Subset
    hasGlyphForCodePoint(codePoint: number): boolean
  }
  export function create(file: Uint8Array): Font
}

/** fontkit has no types of its own, and pdfkit's do not say that it takes a font which fontkit has parsed. */
declare module 'fontkit' {
  type Glyph = { id: number; advanceWidth: number; path: { toSVG(): string } }
  type Position = Record<'xAdvance' | 'yAdvance' | 'xOffset' | 'yOffset', number>
  export type Run = { glyphs: Glyph[]; positions: Position[]; readonly advanceWidth: number }
  export type Subset = {
    /** The number of a glyph of the font in the subset. */
    includeGlyph(id: number): number
    encode(): Uint8Array
  }
  export type Font = PDFKit.Mixins.PDFFontSource & {
    layout(text: string): Run
    createSubset(): Subset
    getGlyph(id: number): Glyph
    glyphForCodePoint(code: number): Glyph
  }
  export function create(file: Uint8Array): Font
}

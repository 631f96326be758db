/** fontkit has no types of its own, and pdfkit's do not say that it takes a font which fontkit has parsed. */
declare module 'fontkit' {
  type Glyph = { id: number; advanceWidth: number; readonly path: { toSVG(): string } }
  type Position = Record<'xAdvance' | 'yAdvance' | 'xOffset' | 'yOffset', number>
  export type Run = { glyphs: Glyph[]; positions: Position[]; readonly advanceWidth: number }
  export type Subset = { includeGlyph(glyph: number): number; encode(): Uint8Array }
  export type Font = PDFKit.Mixins.PDFFontSource & {
    layout(text: string): Run
    glyphForCodePoint(codePoint: number): Glyph
    hasGlyphForCodePoint(codePoint: number): boolean
    getGlyph(id: number): Glyph
    createSubset(): Subset
  }
  export function create(file: Uint8Array): Font
}

/** fontkit has no types of its own, and pdfkit's do not say that it takes a font which fontkit has parsed. */
declare module 'fontkit' {
  export function create(file: Uint8Array): PDFKit.Mixins.PDFFontSource
}

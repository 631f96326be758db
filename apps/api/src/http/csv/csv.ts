// Reports as files for spreadsheets.

type Cell = string | number | boolean | null

/** RFC 4180; a cell that a spreadsheet would take for a formula is kept as text, a number stays one. */
function cellText(value: Cell): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** One line without its end. */
export const csvLine = (cells: readonly Cell[]): string => cells.map(cellText).join(',')

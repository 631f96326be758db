import { describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildBundle } from './bundle.ts'

/** A workflow file beside ours that imports what is given, gone again after the test. */
async function bundleWith(statement: string): Promise<unknown> {
  const folder = mkdtempSync(fileURLToPath(new URL('./.bundle-', import.meta.url)))
  const entry = `${folder}/entry.ts`
  writeFileSync(entry, `${statement}\nexport async function probe() { return String(used) }\n`)
  try {
    return await buildBundle(entry).then(
      () => 'accepted',
      (error: unknown) => String(error),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the workflow bundle', () => {
  test('is built from our workflows without a single module of Node in it', async () => {
    const { code } = await buildBundle()
    expect(code).toContain('sessionLifecycle')
    expect(code).toContain('settlementBatch')
    expect(code).not.toMatch(/require\("(node:)?(fs|net|tls|crypto)"\)/)
  })

  test('carries no parser, no tariff engine, no country and no paper: those belong to activities', async () => {
    const { code } = await buildBundle()
    const names = code.matchAll(/^\/\*{3}\/ "\.\/([^"]+)"/gm)
    const modules = [...new Set(Array.from(names, ([, name]) => name ?? ''))]
    expect(modules).toContain('workflows/corridor/src/session.ts')
    const heavy =
      /node_modules\/(zod|pdfkit|fontkit|fast-xml-parser|drizzle-orm|@noble)\/|rules\/src\/(rating|markets|vat|metering|invoice|quote)\//
    expect(modules.filter((name) => heavy.test(name))).toEqual([])
  })

  test('refuses a module of Node, directly and through our own activities', async () => {
    expect(await bundleWith("import * as used from 'node:fs'")).toMatch(/fs/)
    const activities =
      "import { createCaptureActivities as used } from '../../capture/activities.ts'"
    expect(await bundleWith(activities)).toMatch(/postgres|fs|net|tls|crypto/)
  })

  test('accepts an activity that is imported as a type only', async () => {
    const typeOnly =
      "import type { CaptureActivities } from '../../capture/activities.ts'\nconst used: keyof CaptureActivities = 'openDebt'"
    expect(await bundleWith(typeOnly)).toBe('accepted')
  })
})

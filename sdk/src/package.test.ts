import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const sdk = fileURLToPath(new URL('..', import.meta.url))
const dist = join(sdk, 'dist')

describe('the package partners install', () => {
  test('is built from the sources, verifies a pack by itself, and needs nothing of this repository', () => {
    execFileSync(process.execPath, [join(sdk, 'build.ts')], { stdio: 'pipe' })
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(
      expect.arrayContaining([
        'client.js',
        'client.d.ts',
        'webhooks.d.ts',
        'verify.d.ts',
        'chargelane-verify.js',
        'verify.html',
      ]),
    )
    for (const file of files.filter((each) => /\.(js|d\.ts)$/.test(each)))
      expect(readFileSync(join(dist, file), 'utf8'), file).not.toMatch(
        /(?:from |import\()['"](@chargelane\/|[^'"]*\.ts['"])/,
      )
    const verified = execFileSync(
      process.execPath,
      [join(dist, 'chargelane-verify.js'), join(sdk, 'fixtures/session.zip')],
      { encoding: 'utf8' },
    )
    expect(verified).toContain('OK: everything holds')
    const page = readFileSync(join(dist, 'verify.html'), 'utf8')
    expect(page).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]+'/)
    expect(page).not.toMatch(/(?:src|href)=|import\(|node:/)
  }, 60_000)
})

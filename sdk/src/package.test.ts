import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readArchive } from '@chargelane/rules/evidence/archive'
import { zManifest } from './verify/shapes.ts'

const sdk = fileURLToPath(new URL('..', import.meta.url))
const dist = join(sdk, 'dist')
const packFile = join(sdk, 'fixtures/session.zip')

/** A list as the deployment that sealed the pack would publish it. */
function keysOf(pack: string): string {
  const { entries } = readArchive(new Uint8Array(readFileSync(pack)))
  const { issuer, signer } = zManifest.parse(
    JSON.parse(new TextDecoder().decode(entries.get('manifest.json'))),
  )
  const key = {
    key_id: signer.key_id,
    algorithm: 'Ed25519',
    public_key_spki: signer.public_key_spki,
    valid_from: '2020-01-01T00:00:00.000Z',
    valid_until: null,
    compromised_since: null,
  }
  const file = join(mkdtempSync(join(tmpdir(), 'chargelane-keys-')), 'keys.json')
  writeFileSync(
    file,
    JSON.stringify({ schema: 'chargelane-keys/1', issuer: issuer.name, keys: [key] }),
  )
  return file
}

describe('the package partners install', () => {
  test('is built from the sources, verifies a pack by itself, and needs nothing of this repository', () => {
    execFileSync(process.execPath, [join(sdk, 'build.ts')], {
      stdio: 'pipe',
      env: { ...process.env, CHARGELANE_KEYS_FILE: keysOf(packFile) },
    })
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
      [join(dist, 'chargelane-verify.js'), packFile],
      { encoding: 'utf8' },
    )
    expect(verified).toContain('OK: everything holds')
    expect(verified).toMatch(/ · sealed by \S/)
    const page = readFileSync(join(dist, 'verify.html'), 'utf8')
    expect(page).toMatch(/default-src 'none'; script-src 'sha256-[\w+/=]+'/)
    expect(page).not.toMatch(/(?:src|href)=|import\(|node:/)
  }, 60_000)
})

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from './ports.ts'
import { startTemporal } from './temporal.ts'

/** Two products that start in the same second find the same ports free. */
test("a product never takes another product's Temporal for its own", async () => {
  const port = await freePort()
  const start = async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'chargelane-temporal-'))
    return startTemporal({
      externalAddress: undefined,
      namespace: 'default',
      host: '127.0.0.1',
      port,
      uiPort: await freePort(),
      dataDir,
      logFile: join(dataDir, 'temporal.log'),
      say: () => undefined,
    })
  }
  const first = await start()
  try {
    await expect(start()).rejects.toThrow(/^temporal ended before it was ready \(.*address already/)
  } finally {
    await first.supervised?.stop()
  }
})

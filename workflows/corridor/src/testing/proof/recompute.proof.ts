// The mixed world, computed again by an outsider with code of its own: `npm run prove -- recompute`.
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { exportLines } from '@chargelane/db/bench/export'
import { startCorridor } from '../corridor.ts'
import { checkBooks } from '../market.ts'
import { makeMixedWorld } from '../mixed/world.ts'

const outsider = fileURLToPath(new URL('../../../peers/recompute', import.meta.url))
const folder = process.env['PROOF_FOLDER'] ?? mkdtempSync(join(tmpdir(), 'chargelane-recompute-'))
const file = join(folder, 'mixed.jsonl')
const sessions = Number(process.env['PROOF_SESSIONS'] ?? 60)
const seed = Number(process.env['PROOF_SEED'] ?? 20_261_130)
const python = process.env['PEER_PYTHON'] ?? 'python3'

const print = (text: string) => process.stdout.write(`${text}\n`)

const recompute = (...more: string[]) =>
  spawnSync(python, [outsider, file, ...more], { encoding: 'utf8', maxBuffer: 2 ** 28 })

/** A time server that has let months pass for hundreds of sessions answers late: each chapter has its own. */
const perChapter = 80

async function chapter(count: number, number: number): Promise<{ status: number | null }> {
  const corridor = await startCorridor()
  try {
    const world = { sessions: count, seed: seed + number }
    const made = await makeMixedWorld(corridor, world, print)
    print(JSON.stringify(made))
    await checkBooks(corridor)
    await pipeline(
      Readable.from(exportLines(corridor.db)).map((line: string) => `${line}\n`),
      createWriteStream(file),
    )
  } finally {
    await corridor.stop()
  }
  const { status, stdout, stderr } = recompute()
  print(`${stdout}${stderr}`)
  return { status }
}

test('what an outsider computes of a mixed world is what the product says, to the last unit', async () => {
  print(`seed ${seed}, ${sessions} sessions`)
  for (let made = 0; made < sessions; made += perChapter)
    expect(await chapter(Math.min(perChapter, sessions - made), made / perChapter)).toEqual({
      status: 0,
    })
})

test.each(['leg', 'vat', 'ledger', 'conversion', 'statement', 'invoice', 'price', 'capture'])(
  'one unit planted in a %s is found',
  (plant) => {
    const { status, stdout, stderr } = recompute('--plant', plant)
    print(`${plant}: ${stdout.split('\n')[0]?.slice(0, 160)}`)
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' })
    expect(stdout).toMatch(/^[1-9]\d* differences$/m)
    expect(stdout).not.toContain('cannot be computed')
  },
)

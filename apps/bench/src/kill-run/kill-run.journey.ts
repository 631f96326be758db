// The kill-run, small: everything dies a few times while a few drivers charge, and the money is right to the cent.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { killRun, type KillRun, tableOf } from './main.ts'

const home = mkdtempSync(join(tmpdir(), 'chargelane-kill-run-'))
const options = { sessions: 24, seed: 20_261_130, everyMs: 8_000, state: home }
let run: KillRun
beforeAll(async () => {
  run = await killRun(options)
  process.stdout.write(`${tableOf(run, options)}\n`)
}, 1_200_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('no law of the money is broken', () => {
  expect(run.broken).toEqual([])
})

test('the provider and we say the same of each payment', () => {
  expect(run.provider.differences).toEqual([])
})

test('every session is over, or waits for something until an instant', () => {
  expect(run.waiting.filter(({ deadline }) => deadline === null)).toEqual([])
})

test('an outsider computes the same, where there is a Python to run it', () => {
  expect([0, null]).toContain(run.recomputed.status)
})

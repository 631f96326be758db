import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { choosePort, claimFile, freePort } from './ports.ts'
import { processIdentity, StartError } from './processes.ts'

const anew = () => ({ host: '127.0.0.1', isNamedByUser: false, taken: new Set<number>() })

test('a taken port is replaced by the next one, unless the user named it', async () => {
  const port = await freePort()
  const occupant = createServer().listen(port, '127.0.0.1')
  await once(occupant, 'listening')
  const options = { host: '127.0.0.1', isNamedByUser: false, taken: new Set<number>() }
  expect(await choosePort('API_PORT', port, options)).toBeGreaterThan(port)
  const named = choosePort('API_PORT', port, { ...options, isNamedByUser: true })
  await expect(named).rejects.toThrow(StartError)
  await expect(named).rejects.toThrow(`Port ${port} (API_PORT) is taken`)
  occupant.close()
})

test('a port that another launcher has chosen and not yet bound is left to it while that one lives', async () => {
  const port = await freePort()
  const claim = (text: string) => {
    mkdirSync(dirname(claimFile(port)), { recursive: true })
    writeFileSync(claimFile(port), text)
  }
  claim(`${process.ppid} ${processIdentity(process.ppid)}`)
  expect(await choosePort('API_PORT', port, anew())).toBeGreaterThan(port)
  // Another process has the number of the one that chose it.
  claim(`${process.ppid} 1`)
  expect(await choosePort('API_PORT', port, anew())).toBe(port)
  expect(await choosePort('API_PORT', port, anew())).toBe(port)
  rmSync(claimFile(port))
})

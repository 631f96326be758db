// Ports of one machine, which several products share.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isErrorWithCode, processIdentity, StartError } from './processes.ts'

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** Where launchers say which ports they have chosen; most are bound only half a minute later. */
export const claimFile = (port: number): string => join(tmpdir(), 'chargelane-ports', String(port))

const claimOf = (pid: number) => `${pid} ${processIdentity(pid)}`

/** Chooses the port for this process, unless another one that still lives has chosen it. */
function claimPort(port: number): boolean {
  const file = claimFile(port)
  try {
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, claimOf(process.pid), { flag: 'wx' })
  } catch (error) {
    // A folder that is not ours to write in tells nothing.
    if (!isErrorWithCode(error, 'EEXIST')) return true
    const claim = readFileSync(file, 'utf8')
    const pid = Number(claim.split(' ')[0])
    if (claim === claimOf(pid) && processIdentity(pid) !== '') return pid === process.pid
    rmSync(file, { force: true })
    return claimPort(port)
  }
  return true
}

/** Any port of the loopback interface that is free now. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}

/**
 * The wanted port, or the next free one of the following hundred. A port that the user named is
 * not replaced, because something outside depends on it.
 */
export async function choosePort(
  name: string,
  wanted: number,
  options: { host: string; isNamedByUser: boolean; taken: Set<number> },
): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) {
    const isFree = !options.taken.has(port) && (await canListen(port, options.host))
    if (isFree && claimPort(port)) {
      options.taken.add(port)
      return port
    }
    if (options.isNamedByUser) {
      throw new StartError(
        `Port ${port} (${name}) is taken: free it, or set ${name} to another port.`,
      )
    }
  }
  throw new StartError(`No free port from ${wanted} to ${wanted + 99}: set ${name} to a free port.`)
}

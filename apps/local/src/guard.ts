// The launcher's last will, in a process of its own: while its standard input is open it only
// listens; when that closes without a farewell, the launcher was killed, and what it left is ended.
import { createInterface } from 'node:readline'
import { endProcess, isAlive, type Will } from './processes.ts'

function isWill(value: unknown): value is Will {
  return Array.isArray(value)
}

let will: Will = []
// A signal to the whole process group is meant for the launcher, which then ends its own children.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

for await (const line of createInterface({ input: process.stdin })) {
  const parsed: unknown = JSON.parse(line)
  if (isWill(parsed)) will = parsed
}
for (const { pid, signal } of will) {
  if (isAlive(pid)) await endProcess(pid, signal, 5000)
}

import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Linux counts CPU time in hundredths of a second for every reader, whatever the kernel's own tick is. */
const ticksPerSecond = 100

type Stat = { pid: number; parent: number; ticks: number }

/** `/proc/PID/stat`, proc(5): field 4 is the parent, 14 to 17 user and system time, own and of ended children. */
function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command, field 2, may itself contain spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { pid, parent: Number(fields[1]), ticks }
  } catch {
    // It ended between the listing and the look.
    return undefined
  }
}

/**
 * CPU seconds each process has used with everything it started, by name; undefined where the system does not tell.
 * PostgreSQL's backends are children of its server, so they are in its figure.
 */
export function cpuSecondsOf<Name extends string>(
  pids: Record<Name, number>,
): Record<Name, number> | undefined {
  if (!existsSync('/proc/self/stat')) return undefined
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
  const children = Map.groupBy(all, (stat) => stat.parent)
  const own = new Map(all.map((stat) => [stat.pid, stat.ticks]))
  const ticksOf = (pid: number): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + ticksOf(child.pid), own.get(pid) ?? 0)
  const entries = Object.entries<number>(pids)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are those of `pids`
  return Object.fromEntries(
    entries.map(([name, pid]) => [name, ticksOf(pid) / ticksPerSecond]),
  ) as Record<Name, number>
}

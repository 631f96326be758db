import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { choosePort } from './ports.ts'
import { StartError } from './processes.ts'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Where this product keeps its state; a second product beside it is given another folder. */
export const localDir = process.env['CHARGELANE_STATE'] || join(root, '.local')

/** Every port of the running product and where it is unless the environment says otherwise. */
const defaultPorts = {
  API_PORT: 4400,
  OCPP_PORT: 4401,
  OCPI_PORT: 4402,
  SIMULATOR_PORT: 4410,
  PSP_PORT: 4411,
  BANK_PORT: 4412,
  RATES_PORT: 4413,
  SIM_CPO_PORT: 4414,
  VIES_PORT: 4415,
  SIM_PARTNER_PORT: 4416,
  POSTGRES_PORT: 4420,
  TEMPORAL_PORT: 4421,
  TEMPORAL_UI_PORT: 4422,
} as const

export type PortName = keyof typeof defaultPorts
export type Ports = Record<PortName, number>

/**
 * Addresses that stored records name: OCPI partners exchange them in the handshake, and chargers
 * are configured with theirs. Once used they are kept, or their absence is an error.
 */
const rememberedPorts = ['OCPI_PORT', 'OCPP_PORT', 'SIM_CPO_PORT'] as const satisfies PortName[]

/** Names of the environment variables that choose ports. */
export const portNames = Object.keys(defaultPorts).filter(
  (name): name is PortName => name in defaultPorts,
)

const zEnvironment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  SETTLEMENT_CRON: z.string().optional(),
  COUNT_STATEMENTS: z.stringbool().default(false),
  ...Object.fromEntries(
    portNames.map((name) => [name, z.coerce.number().int().min(1).max(65_535).optional()]),
  ),
})

export type Settings = {
  host: string
  temporalAddress: string | undefined
  temporalNamespace: string
  logLevel: string
  settlementCron: string | undefined
  /** PostgreSQL counts the statements it executes, for the bench; chosen when the data folder is made. */
  countsStatements: boolean
}

/** Reads the environment, and `.env` beneath it. Empty values count as absent. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = zEnvironment.safeParse(present)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? 'The environment')
    throw new StartError(`${name} is not valid: ${issue?.message ?? 'unknown reason'}.`)
  }
  return {
    host: parsed.data.HOST,
    temporalAddress: parsed.data.TEMPORAL_ADDRESS,
    temporalNamespace: parsed.data.TEMPORAL_NAMESPACE,
    logLevel: parsed.data.LOG_LEVEL,
    settlementCron: parsed.data.SETTLEMENT_CRON,
    countsStatements: parsed.data.COUNT_STATEMENTS,
  }
}

const zRemembered = z.partialRecord(z.enum(rememberedPorts), z.number())

const portsFile = join(localDir, 'ports.json')

/** Chooses every port; the ones that outsiders know are the same as at the first start. */
export async function choosePorts(env: NodeJS.ProcessEnv, host: string): Promise<Ports> {
  const before = existsSync(portsFile)
    ? zRemembered.parse(JSON.parse(readFileSync(portsFile, 'utf8')))
    : {}
  const taken = new Set<number>()
  const ports: Ports = { ...defaultPorts }
  for (const name of portNames) {
    const named = env[name] ? Number(env[name]) : undefined
    const remembered = Object.entries(before).find(([key]) => key === name)?.[1]
    const wanted = named ?? remembered ?? defaultPorts[name]
    try {
      ports[name] = await choosePort(name, wanted, {
        host,
        taken,
        isNamedByUser: named !== undefined || remembered !== undefined,
      })
    } catch (error) {
      if (named !== undefined || remembered === undefined) throw error
      throw new StartError(
        `Port ${remembered} is taken, and ${name} was that at the first start, so stored connections name it: free the port, or remove .local to start anew.`,
      )
    }
  }
  return ports
}

/** Once all of them are bound: a start that failed leaves nothing for the next one to insist on. */
export function rememberPorts(ports: Ports): void {
  const kept = Object.fromEntries(rememberedPorts.map((name) => [name, ports[name]]))
  writeFileSync(portsFile, `${JSON.stringify(kept, null, 2)}\n`)
}

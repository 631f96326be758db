import { refuseSandboxSettings } from '@chargelane/corridor/worker/production'
import { z } from 'zod'

const zUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))

const zEnvironment = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOST: z.string().min(1).default('127.0.0.1'),
  OCPI_PORT: z.coerce.number().int().min(1).max(65_535).default(4402),
  /** What peers call: the module URLs are given out beneath it. */
  OCPI_PUBLIC_URL: zUrl,
  OCPI_COUNTRY_CODE: z.string().length(2).default('DE'),
  OCPI_PARTY_ID: z.string().length(3).default('CLN'),
  OCPI_BUSINESS_NAME: z.string().min(1).max(64).default('Chargelane Betriebs GmbH'),
  /** Peers on loopback exist on developers' machines; in production that would be a hole. */
  OCPI_ALLOW_LOOPBACK: z.enum(['true', 'false']).optional(),
  WEBHOOK_ALLOW_LOOPBACK: z.enum(['true', 'false']).default('false'),
  PLAUSIBLE_SLACK_MS: z.coerce.number().int().positive().default(60_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
})

export type Settings = {
  databaseUrl: string
  temporalAddress: string
  temporalNamespace: string
  host: string
  port: number
  publicUrl: string
  us: { countryCode: string; partyId: string }
  businessName: string
  allowLoopback: boolean
  plausibleSlackMs: number
  logLevel: string
}

/** Throws a sentence that names the variable at fault. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  refuseSandboxSettings(environment)
  const read = zEnvironment.safeParse(environment)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new Error(`${issue?.path.join('.') ?? 'environment'}: ${issue?.message ?? 'not valid'}`)
  }
  const env = read.data
  return {
    databaseUrl: env.DATABASE_URL,
    temporalAddress: env.TEMPORAL_ADDRESS,
    temporalNamespace: env.TEMPORAL_NAMESPACE,
    host: env.HOST,
    port: env.OCPI_PORT,
    publicUrl: env.OCPI_PUBLIC_URL,
    us: {
      countryCode: env.OCPI_COUNTRY_CODE.toUpperCase(),
      partyId: env.OCPI_PARTY_ID.toUpperCase(),
    },
    businessName: env.OCPI_BUSINESS_NAME,
    allowLoopback: (env.OCPI_ALLOW_LOOPBACK ?? env.WEBHOOK_ALLOW_LOOPBACK) === 'true',
    plausibleSlackMs: env.PLAUSIBLE_SLACK_MS,
    logLevel: env.LOG_LEVEL,
  }
}

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { refuseSandboxSettings } from '@chargelane/corridor/worker/production'
import { residencyRegions } from '@chargelane/openapi/vocabulary/countries'
import { z } from 'zod'

const zPort = z.coerce.number().int().min(0).max(65_535)
const zFlag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true')

/** PKCS 8 PEM of an Ed25519 key, or base64 of it where a variable cannot hold line breaks. */
const zSigningKey = z.string().transform((text, context): KeyObject => {
  const pem = text.includes('BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8')
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Reported below, without the key's text.
  }
  context.addIssue({ code: 'custom', message: 'must be an Ed25519 private key, PKCS 8 PEM' })
  return z.NEVER
})

const zEnvironment = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1).default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: zPort.default(4400),
  OCPP_PORT: zPort.default(4401),
  OCPI_PORT: zPort.default(4402),
  OCPI_PUBLIC_URL: z.url().optional(),
  PUBLIC_API_URL: z.url().optional(),
  OCPP_PUBLIC_URL: z
    .string()
    .regex(/^wss?:\/\//)
    .optional(),
  EVIDENCE_SIGNING_KEY: zSigningKey,
  EVIDENCE_KEY_SECRET: z.string().min(32).optional(),
  ISSUER_NAME: z.string().min(1).default('Chargelane Betriebs GmbH'),
  WEBHOOK_ALLOW_LOOPBACK: zFlag,
  VERIFY_AT_ONCE: zFlag,
  RESIDENCY_REGIONS: z
    .string()
    .default(residencyRegions.join(','))
    .transform((text) => text.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(residencyRegions)).min(1)),
  BOOTSTRAP_PLATFORM_KEY: z
    .string()
    .regex(/^sk_(?:test|live)_[A-Za-z0-9_-]{20,120}$/, 'must look like sk_test_…')
    .optional(),
  RATE_LIMIT_RPS: z.coerce.number().min(1).max(1_000_000).default(500),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
export type Environment = z.output<typeof zEnvironment>

/** Reads the environment or throws one sentence that names every variable at fault, never its value. */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  refuseSandboxSettings(env)
  const parsed = zEnvironment.safeParse(env)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  throw new Error(`The API cannot start: ${faults.join('; ')}.`)
}

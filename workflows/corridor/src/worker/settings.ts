import * as z from 'zod'
import { isIban } from '@chargelane/rules/identity/account'
import { defaultDeadlines } from '../contract.ts'
import { refuseSandboxSettings } from './production.ts'

const zPem = z
  .string()
  .transform((text) =>
    text.includes('BEGIN')
      ? text.replaceAll('\\n', '\n')
      : Buffer.from(text, 'base64').toString('utf8'),
  )
const zPositiveInt = z.coerce.number().int().positive()

/** Milliseconds by name, e.g. {"startConfirmation":5000}; what is absent keeps its default. */
const zDeadlines = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' })
      return z.NEVER
    }
  })
  .pipe(z.partialRecord(z.enum(Object.keys(defaultDeadlines)), z.int().positive()))

const zEnvironment = z.object({
  DATABASE_URL: z.url(),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  BANK_URL: z.url(),
  BANK_API_KEY: z.string().min(1).default('sandbox'),
  /** Our account there: with it, euro leave in files (pain.001), until this time of the day in Frankfurt. */
  BANK_ACCOUNT_IBAN: z.string().refine(isIban, 'must be an IBAN without spaces').optional(),
  BANK_FILE_CUT_OFF: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .default('14:00'),
  RATES_URL: z.url().optional(),
  VIES_URL: z.url().optional(),
  /** Prefixes of VAT numbers, by comma, that VIES is asked about; the platform looks at others. */
  VIES_PREFIXES: z
    .string()
    .regex(/^[A-Z]{2}(?:,[A-Z]{2})*$/)
    .transform((list) => list.split(','))
    .optional(),
  VAT_CHECK_CRON: z.string().min(1).optional(),
  EVIDENCE_SIGNING_KEY: zPem,
  EVIDENCE_KEY_SECRET: z.string().min(32).optional(),
  PUBLIC_API_URL: z.url().optional(),
  ISSUER_NAME: z.string().min(1).default('Chargelane Betriebs GmbH'),
  WEBHOOK_ALLOW_LOOPBACK: z.stringbool().default(false),
  SETTLEMENT_CRON: z.string().min(1).optional(),
  SETTLEMENT_INTERVAL_S: zPositiveInt.optional(),
  PROOF_CHECK_CRON: z.string().min(1).optional(),
  SESSION_DEADLINES: zDeadlines.default({}),
  PLAUSIBLE_SLACK_MS: zPositiveInt.default(60_000),
  WORKER_CACHED_WORKFLOWS: zPositiveInt.default(500),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
})
/** `env` is for what each kind of payment reads for itself. */
export type WorkerSettings = z.infer<typeof zEnvironment> & { env: NodeJS.ProcessEnv }

/** The settings of a process; names every variable that is wrong and never prints a value. */
export function readSettings(env: NodeJS.ProcessEnv): WorkerSettings {
  refuseSandboxSettings(env)
  const parsed = zEnvironment.safeParse(env)
  if (parsed.success) return { ...parsed.data, env }
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`The worker's environment is not valid. ${problems.join('; ')}`)
}

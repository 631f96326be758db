import { z } from 'zod'
import { countMax, zCreatedAt, zIdParam, zInstant, zLivemode } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import {
  policyFaults,
  policyHooks,
  policySchemaVersion,
  zPolicyAnswer,
  zPolicyFacts,
} from '../vocabulary/policy-hooks.ts'
import { zStorable, zText } from '../vocabulary/text.ts'

const zHook = z.enum(policyHooks).meta({
  id: 'PolicyHook',
  description: 'The export of the module that is called there has this name.',
})

const zGolden = z
  .strictObject({ name: zText(120), facts: zPolicyFacts, answer: zPolicyAnswer })
  .meta({
    id: 'PolicyGolden',
    description:
      'What the package answers to these facts. Tried when it is uploaded and activated, and before every change of the platform.',
  })

const manifest = {
  name: z
    .string()
    .max(60)
    .regex(/^[a-z][a-z0-9-]{1,59}$/),
  version: z
    .string()
    .max(40)
    .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[0-9a-z.-]{1,20})?$/)
    .meta({ description: 'Semantic version; a version never changes.', examples: ['1.4.0'] }),
  hooks: z.array(zHook).min(1).max(policyHooks.length),
  schema_version: z.int().min(policySchemaVersion).max(policySchemaVersion),
  on_error: z.enum(['go_on', 'refuse']).default('go_on').meta({
    description:
      'What becomes of a start whose hook is at fault. A split falls back to the data policy, everything else goes on.',
  }),
  goldens: z.array(zGolden).min(1).max(50),
}

export const zPolicyPackageCreate = z
  .strictObject({
    ...manifest,
    source: zStorable(131_072, 1).meta({
      description:
        'One ES module that imports nothing; each hook is an exported function of the facts that returns its answer. No network, clock, randomness or promises.',
    }),
  })
  .meta({ id: 'PolicyPackageCreate' })

export const zPolicyPackage = z
  .object({
    id: zId('policyPackage'),
    cpo: zId('account'),
    name: manifest.name,
    version: manifest.version,
    hooks: manifest.hooks,
    schema_version: z.int().min(1).max(countMax),
    on_error: z.enum(['go_on', 'refuse']),
    sha256: z.string().max(64).meta({ description: 'Of the source, hexadecimal.' }),
    goldens: z.int().min(0).max(50).meta({ description: 'How many tests it brings.' }),
    status: z.enum(['draft', 'active', 'retired', 'switched_off']).meta({
      description: '`switched_off`: too many faults in a row; it is asked no more.',
    }),
    faults_in_row: z.int().min(0).max(countMax),
    reason: z.string().max(500).nullable().meta({ description: 'Why it is no longer asked.' }),
    livemode: zLivemode,
    created_at: zCreatedAt,
    activated_at: zInstant.nullable(),
    ended_at: zInstant.nullable(),
  })
  .meta({
    id: 'PolicyPackage',
    description:
      'An operator’s own code, asked at named points of its sessions and run apart from everything else. It decides what the operator may decide: whether a start is taken, whether a record is looked at, who shares, whether a payout waits; never the price.',
  })

export const zPolicyPackageFault = z
  .object({
    id: zId('policyFault'),
    package: zId('policyPackage'),
    hook: zHook,
    session: zId('session').nullable(),
    subject: z.string().max(80).meta({ description: 'What the call was about.' }),
    fault: z.enum(policyFaults),
    message: z.string().max(300),
    at: zInstant,
  })
  .meta({ id: 'PolicyPackageFault', description: 'A call without an answer that counts.' })

export const zPolicyDryRun = z
  .object({
    outcome: z.enum(['answered', 'fault']),
    hook: zHook,
    answer: zPolicyAnswer.nullable(),
    fault: z.enum(policyFaults).nullable(),
    message: z.string().max(300).nullable(),
    facts: zPolicyFacts.meta({ description: 'What it was called with.' }),
    facts_hash: z.string().max(80),
    steps: z.int().min(0).nullable().meta({ description: 'Of the engine, in ten thousands.' }),
  })
  .meta({ id: 'PolicyDryRun', description: 'What a call would answer. Nothing is kept of it.' })

const one = (description: string) =>
  ({ status: 200, kind: 'json', description, body: zPolicyPackage }) as const

export const policy_packages = {
  create: operation({
    id: 'policy_packages.create',
    method: 'post',
    path: '/v1/policy_packages',
    summary: 'Upload a policy package',
    description:
      'A draft, if all of its golden tests pass; otherwise `invalid_value` that names the first one that does not, with what it answered.',
    scope: 'supply:write',
    body: zPolicyPackageCreate,
    success: { status: 201, kind: 'json', description: 'The draft.', body: zPolicyPackage },
    errors: ['limit_reached'],
    idempotent: true,
  }),
  get: operation({
    id: 'policy_packages.get',
    method: 'get',
    path: '/v1/policy_packages/{id}',
    summary: 'Read a policy package',
    description: 'Its manifest and how it does.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    success: one('The package.'),
    errors: [],
    idempotent: false,
  }),
  source: operation({
    id: 'policy_packages.source',
    method: 'get',
    path: '/v1/policy_packages/{id}/source',
    summary: 'Read its source',
    description: 'Byte for byte as uploaded.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    success: { status: 200, kind: 'file', description: 'The module.', media: 'text/javascript' },
    errors: [],
    idempotent: false,
  }),
  list: operation({
    id: 'policy_packages.list',
    method: 'get',
    path: '/v1/policy_packages',
    summary: 'List policy packages',
    description: 'Newest first.',
    scope: 'supply:write',
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of packages.',
      body: zListOf('PolicyPackageList', zPolicyPackage),
    },
    errors: [],
    idempotent: false,
  }),
  activate: operation({
    id: 'policy_packages.activate',
    method: 'post',
    path: '/v1/policy_packages/{id}/activate',
    summary: 'Put a package in force',
    description:
      'Its goldens are tried again. Versions of the same name in force are retired by it; a hook that a package of another name has is `invalid_transition`. One that was switched off may be put in force again.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    success: one('The active package.'),
    errors: ['invalid_transition', 'invalid_value', 'not_offered'],
    idempotent: true,
  }),
  retire: operation({
    id: 'policy_packages.retire',
    method: 'post',
    path: '/v1/policy_packages/{id}/retire',
    summary: 'Take a package out of force',
    description: 'It is asked no more. What it answered stays with its sessions.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    success: one('The retired package.'),
    errors: ['invalid_transition'],
    idempotent: true,
  }),
  dry_run: operation({
    id: 'policy_packages.dry_run',
    method: 'post',
    path: '/v1/policy_packages/{id}/dry_run',
    summary: 'Try a package',
    description:
      'Calls it with facts of yours, or with those a session of yours was decided by. Nothing is kept, and no fault is counted.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    body: z
      .strictObject({
        hook: zHook,
        facts: zPolicyFacts.optional(),
        session: zId('session').optional().meta({
          description: 'Instead of facts: those that it was called with for this session.',
        }),
      })
      .refine(
        ({ facts, session }) => (facts === undefined) !== (session === undefined),
        'facts: give these or a session',
      )
      .refine(
        ({ facts, hook }) => facts === undefined || facts.hook === hook,
        'facts: are of another hook',
      )
      .meta({ id: 'PolicyDryRunRequest' }),
    success: { status: 200, kind: 'json', description: 'What it answers.', body: zPolicyDryRun },
    errors: ['resource_missing'],
    idempotent: false,
  }),
  faults: operation({
    id: 'policy_packages.faults',
    method: 'get',
    path: '/v1/policy_packages/{id}/faults',
    summary: 'Where it failed',
    description: 'Newest first.',
    scope: 'supply:write',
    params: zIdParam('policyPackage'),
    query: zPage,
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of faults.',
      body: zListOf('PolicyPackageFaultList', zPolicyPackageFault),
    },
    errors: [],
    idempotent: false,
  }),
}

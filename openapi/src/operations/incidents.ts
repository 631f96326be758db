import { z } from 'zod'
import { zIdParam, zInstant, zMoney } from '../common.ts'
import { operation, zListOf, zPage } from '../operation.ts'
import { zId } from '../vocabulary/ids.ts'
import { incidentActions, incidentKinds, incidentSubjects } from '../vocabulary/incidents.ts'
import { zWords } from '../vocabulary/text.ts'

const zKind = z
  .enum(incidentKinds)
  .meta({ id: 'IncidentKind', description: 'What happened that needs a person.' })

const zAction = z
  .enum(incidentActions)
  .meta({ id: 'IncidentAction', description: 'What a person may do about an incident.' })

const zReason = zWords(500).meta({ description: 'Why, for the timeline and the auditors.' })

export const zIncident = z
  .object({
    id: zId('incident'),
    kind: zKind,
    status: z.enum(['open', 'resolved']),
    subject: z.object({ type: z.enum(incidentSubjects), id: z.string().max(200) }).meta({
      description: 'The object it is about.',
    }),
    session: zId('session').nullable(),
    account: zId('account')
      .nullable()
      .meta({ description: 'Whom it concerns; null for operations alone.' }),
    cause: z.string().max(500).meta({ description: 'What happened, in words.' }),
    detail: z
      .record(z.string().max(60), z.unknown())
      .meta({ description: 'The facts: times, readings, the answer of a peer.' }),
    at_stake: zMoney.nullable().meta({ description: 'Money whose owner is open because of it.' }),
    energy_wh: z.int().min(0).nullable().meta({ description: 'Energy whose owner is open, Wh.' }),
    actions: z
      .array(zAction)
      .max(10)
      .meta({ description: 'What is possible now; empty once it is resolved.' }),
    occurrences: z.int().min(1).meta({ description: 'How often it was seen while open.' }),
    opened_at: zInstant,
    last_seen_at: zInstant,
    resolution: z
      .object({
        action: zAction.nullable().meta({
          description: 'Null where nobody decided: a later fact settled it.',
        }),
        reason: z.string().max(500).meta({ description: 'Why, or the fact that settled it.' }),
        by: z.string().max(80).meta({ description: 'The API key that decided, or `corridor`.' }),
        at: zInstant,
      })
      .nullable(),
  })
  .meta({
    id: 'Incident',
    description:
      'Something that time cannot mend: nobody retries it for ever, a person decides with the actions it lists.',
  })

export const incidents = {
  list: operation({
    id: 'incidents.list',
    method: 'get',
    path: '/v1/incidents',
    summary: 'List incidents',
    description:
      'Newest first: those that concern you; finance and the platform see all. Open ones by default.',
    scope: 'incidents:read',
    query: zPage.extend({
      status: z.enum(['open', 'resolved', 'all']).default('open'),
      kind: zKind.optional(),
      session: zId('session').optional(),
    }),
    success: {
      status: 200,
      kind: 'json',
      description: 'A page of incidents.',
      body: zListOf('IncidentList', zIncident),
    },
    errors: [],
    idempotent: false,
  }),
  get: operation({
    id: 'incidents.get',
    method: 'get',
    path: '/v1/incidents/{id}',
    summary: 'Read an incident',
    description: 'With what may be done about it.',
    scope: 'incidents:read',
    params: zIdParam('incident'),
    success: { status: 200, kind: 'json', description: 'The incident.', body: zIncident },
    errors: [],
    idempotent: false,
  }),
  resolve: operation({
    id: 'incidents.resolve',
    method: 'post',
    path: '/v1/incidents/{id}/resolve',
    summary: 'Decide an incident',
    description:
      'Carries out one of its `actions`. The reason is kept with who decided; where a session is concerned both stand in its timeline and evidence.',
    scope: 'incidents:write',
    params: zIdParam('incident'),
    body: z.strictObject({
      action: zAction,
      reason: zReason,
      session: zId('session').optional().meta({
        description:
          'With `adopt` of a record that has no session: whose it is, of the same operator and card.',
      }),
    }),
    success: { status: 200, kind: 'json', description: 'The incident, resolved.', body: zIncident },
    errors: ['invalid_transition'],
    idempotent: true,
  }),
}

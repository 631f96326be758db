import { listContracts } from '@chargelane/db/queries/partners/contracts'
import { listDriverGroups, namesOfDrivers } from '@chargelane/db/queries/partners/driver-groups'
import { contractView, driverGroupView } from '@chargelane/db/views/plans/contracts'
import {
  acceptContract,
  amendContract,
  endContract,
  mustSeeContract,
  offerContract,
  proposeContract,
  rejectContract,
} from '@chargelane/corridor/agreement/contracts'
import {
  changeGroup,
  makeGroup,
  mustSeeGroup,
  showGroup,
} from '@chargelane/corridor/onboarding/driver-groups'
import type { Contract } from '@chargelane/openapi'
import type { Handlers } from '../../http/handler.ts'
import { pageRequest, pageView } from '../../http/page.ts'

export const contractRoutes: Handlers<Contract['contracts']> = {
  create: (call) => offerContract(call, call.deps.db, call.body),
  amend: (call) => amendContract(call, call.params.id, call.body),
  propose: (call) => proposeContract(call, call.params.id),
  accept: (call) => acceptContract(call, call.params.id),
  reject: (call) => rejectContract(call, call.params.id, call.body),
  end: (call) => endContract(call, call.params.id, call.body),

  async get({ tx, viewer, params, query, now }) {
    return contractView(await mustSeeContract(tx, viewer, params.id, query.version), now)
  },

  async list({ tx, viewer, query, now }) {
    const page = await listContracts(tx, viewer.sees, pageRequest(query, 'contract'))
    return pageView(page, (row) => contractView(row, now))
  },
}

export const driverGroupRoutes: Handlers<Contract['driver_groups']> = {
  create: (call) => makeGroup(call, call.body),
  update: (call) => changeGroup(call, call.params.id, call.body),

  async get({ tx, viewer, params }) {
    return showGroup(tx, await mustSeeGroup(tx, viewer, params.id))
  },

  async list({ tx, viewer, query }) {
    const page = await listDriverGroups(tx, viewer.sees, pageRequest(query, 'driverGroup'))
    const names = await namesOfDrivers(tx, [...new Set(page.data.flatMap((row) => row.drivers))])
    return pageView(page, (row) => driverGroupView(row, names))
  },
}

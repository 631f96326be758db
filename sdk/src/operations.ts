import * as sdk from './generated/sdk.gen.ts'
import type * as t from './generated/types.gen.ts'
import { after, data, type Lane } from './lane.ts'
import { listOf } from './list.ts'
import type { CallOptions } from './transport.ts'

export const access_denials = (lane: Lane) => ({
  /** List denied accesses. */
  list: (query: t.AccessDenialsListData['query'] = {}, call?: CallOptions) =>
    listOf((cursor) =>
      data(sdk.accessDenialsList({ ...lane.read(call), query: { ...query, ...after(cursor) } })),
    ),
})

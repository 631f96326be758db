import { expect, test } from 'vitest'
import { meaningOf, readStatusReport } from './pain002.ts'

const report = (group: string, payments = '') =>
  `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
  <GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-11-30T10:00:00Z</CreDtTm></GrpHdr>
  <OrgnlGrpInfAndSts><OrgnlMsgId>pfl-1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts>
  ${payments}</CstmrPmtStsRpt></Document>`
const transfer = (id: string, status: string, code?: string) =>
  `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${status}</TxSts>${
    code === undefined
      ? ''
      : `<StsRsnInf><Rsn><Cd>${code}</Cd></Rsn><AddtlInf>said &amp; done</AddtlInf></StsRsnInf>`
  }</TxInfAndSts>`
const payment = (...transfers: string[]) =>
  `<OrgnlPmtInfAndSts><OrgnlPmtInfId>pfl-1</OrgnlPmtInfId>${transfers.join('')}</OrgnlPmtInfAndSts>`

test('a file that is partly accepted says which transfer was rejected, and why', () => {
  const xml = report(
    '<GrpSts>PART</GrpSts>',
    payment(transfer('po-1', 'ACSC'), transfer('po-2', 'RJCT', 'AC04'), transfer('po-3', 'PDNG')),
  )
  expect(readStatusReport(xml)).toEqual({
    ok: true,
    report: {
      messageId: 'pfl-1',
      status: 'partly',
      reasonCode: null,
      reason: null,
      transfers: [
        { endToEndId: 'po-1', status: 'settled', reasonCode: null, reason: null },
        { endToEndId: 'po-2', status: 'rejected', reasonCode: 'AC04', reason: 'said & done' },
        { endToEndId: 'po-3', status: 'pending', reasonCode: null, reason: null },
      ],
    },
  })
})

test('a file that was given before, or is out of form, is rejected as a whole', () => {
  const why = '<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>DUPL</Cd></Rsn></StsRsnInf>'
  expect(readStatusReport(report(why))).toMatchObject({
    report: { status: 'rejected', reasonCode: 'DUPL', transfers: [] },
  })
})

test.each([
  ['no XML', '<Document>'],
  ['another document', '<Document><Other/></Document>'],
  ['a status that is none', report('<GrpSts>OKAY</GrpSts>')],
  [
    'a transfer without its id',
    report(
      '',
      '<OrgnlPmtInfAndSts><TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>',
    ),
  ],
])('%s says nothing that could be relied on', (_, xml) => {
  expect(readStatusReport(xml).ok).toBe(false)
})

test('each reason is said in words with what helps', () => {
  expect(meaningOf('AC04')).toEqual({ words: 'the account is closed', next: 'change_account' })
  expect(meaningOf('AM04').next).toBe('retry')
  expect(meaningOf('ZZ99').next).toBe('ask_bank')
  expect(meaningOf(null).next).toBe('ask_bank')
})

/** How a quote names the commission to the partner: whose terms, which version, and what it comes to (R003). */
import type { Money } from '@chargelane/openapi/vocabulary/money'
import { commissionOf } from '../agreement/distribution.ts'
import { type Basis, type Price, totalsOf } from './basis.ts'
import type { Distribution } from './body.ts'
import type { Expected } from './expected.ts'
import type { QuoteInput, Ready } from './input.ts'

type Offered = { ready: Ready; basis: Basis; expected: Expected; price: Price }

/** What the sale itself is made at, net of VAT, whoever pays how much of it. */
function soldNet({ ready, basis, expected, price }: Offered): Money {
  const sale = basis.kind === 'plan' ? basis.sale : basis
  if (sale.kind !== 'rate_agreement') return price.open.net
  const agreed = totalsOf(ready, sale.tariff, expected)
  return agreed === undefined || agreed.gross.amount >= price.open.gross.amount
    ? price.open.net
    : agreed.net
}

export function distributionField(
  { sharedBy }: QuoteInput,
  made: Offered,
): { distribution?: Distribution } {
  if (sharedBy === undefined) return {}
  const { agreement, partnership } = sharedBy
  const commission = commissionOf(soldNet(made), agreement.commission)
  return {
    distribution: {
      agreement,
      partnership: partnership && { id: partnership.id, version: partnership.version },
      est: { commission },
    },
  }
}

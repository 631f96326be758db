import type { Currency, Decimal, Money } from "@chargelane/openapi/vocabulary/money";

export type RoundingPolicyId = "gross-total-half-away@1" | "gross-component-half-away@1" | "net-total-half-away@1";

export declare function money(amount: number, currency: Currency): Money;
export declare function exponentOf(currency: Currency): number;
export declare function add(a: Money, b: Money): Money;
export declare function subtract(a: Money, b: Money): Money;
export declare function negate(a: Money): Money;
export declare function sum(parts: readonly Money[], currency: Currency): Money;
export declare function compare(a: Money, b: Money): -1 | 0 | 1;
export declare function minimum(a: Money, b: Money): Money;
/** Parts proportional to whole, non-negative weights by the largest-remainder rule; they always sum to the total. */
export declare function allocate(total: Money, weights: readonly number[]): Money[];
/** Basis points of an amount, half away from zero. */
export declare function shareOf(amount: Money, bps: number): Money;
export declare function grossToNet(gross: Money, ratePercent: Decimal): { net: Money; vat: Money; gross: Money };
export declare function netToGross(net: Money, ratePercent: Decimal): { net: Money; vat: Money; gross: Money };
/** "12.34" for 1234 EUR; the text an invoice or a bank file prints. */
export declare function toDecimal(amount: Money): Decimal;
/** Decimal text in major units to minor units, half away from zero. */
export declare function fromDecimal(text: Decimal, currency: Currency): Money;

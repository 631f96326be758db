// Generated from openapi/openapi.json by `npm run generate`. Do not edit.
// @ts-nocheck

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

export type Webhooks = WebhooksEventWebhookRequest;

/**
 * Whether you may start here now: yourself, or any of your driver groups.
 */
export type Access = {
    allowed: boolean;
    reason: AccessReason | null;
    /**
     * Why not, in words.
     */
    text: string | null;
    opens_at: Instant | null;
    closes_at: Instant | null;
    /**
     * A session that runs then is ended. Otherwise it goes on.
     */
    ends_at_close: boolean;
};

/**
 * All that are named have to hold, any of each list. Nothing named: the public.
 */
export type AccessAdmits = {
    partners?: Array<string>;
    driver_groups?: Array<string>;
    token_types?: Array<'RFID' | 'APP_USER' | 'AD_HOC_USER'>;
    contracts?: Array<string>;
};

/**
 * A look or a change that was refused.
 */
export type AccessDenial = {
    /**
     * Id with the prefix `acd_`.
     */
    id: string;
    /**
     * Who asked; null where the key was nobody’s.
     */
    account: string | null;
    api_key: string | null;
    operation: string;
    /**
     * The path that was asked for; `*` where no key told who asked, or once an account was refused at too many in an hour.
     */
    subject: string;
    /**
     * Whose it is, where somebody asked for another’s.
     */
    owner: string | null;
    /**
     * With which code it was refused.
     */
    code: string;
    /**
     * How often in its hour.
     */
    count: number;
    first_at: Instant;
    last_at: Instant;
    /**
     * Of the last one.
     */
    request_id: string;
};

/**
 * One page of a list.
 */
export type AccessDenialList = {
    data: Array<AccessDenial>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A service with its own VAT, apart from electricity.
 */
export type AccessFee = {
    net: Money;
    vat: Money;
    gross: Money;
    vat_rate: Decimal;
    /**
     * UNCL 5305, as in EN 16931.
     */
    vat_category: 'S' | 'AE' | 'O';
    legal_ref: string;
};

/**
 * The place is for others, or closed now.
 */
export type AccessReason = 'not_admitted' | 'closed';

/**
 * Whom an operator admits at a place, and when. Of the rules that name a place the narrowest count (EVSE, location, operator), and any of them is enough; a place without a rule is for everybody.
 */
export type AccessRule = {
    /**
     * Id with the prefix `arl_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    status: 'active' | 'ended';
    name: string;
    evses: Array<string> | null;
    locations: Array<string> | null;
    admits: AccessAdmits;
    hours: {
        /**
         * Absent: always open.
         */
        weekly?: Array<WeeklyWindow>;
        special_days?: Array<{
            /**
             * Local date, such as a holiday.
             */
            date: string;
            /**
             * Empty: closed all day.
             */
            windows: Array<OpenWindow>;
        }>;
    };
    end_at_close: boolean;
    effective_from: Instant;
    ended_at: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type AccessRuleCreate = {
    name: string;
    evses?: Array<string>;
    locations?: Array<string>;
    admits?: AccessAdmits;
    hours?: {
        /**
         * Absent: always open.
         */
        weekly?: Array<WeeklyWindow>;
        special_days?: Array<{
            /**
             * Local date, such as a holiday.
             */
            date: string;
            /**
             * Empty: closed all day.
             */
            windows: Array<OpenWindow>;
        }>;
    };
    /**
     * A running session is ended at closing time; its quote says so.
     */
    end_at_close?: boolean;
    effective_from?: Instant;
};

/**
 * One page of a list.
 */
export type AccessRuleList = {
    data: Array<AccessRule>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A party of the marketplace.
 */
export type Account = {
    /**
     * Id with the prefix `acct_`.
     */
    id: string;
    type: 'partner' | 'cpo' | 'payee' | 'finance' | 'platform';
    partner_type: string | null;
    name: string;
    legal_name: string;
    country: Country;
    residency_region: ResidencyRegion;
    payout_currency: Currency;
    vat_id: string | null;
    /**
     * When its tax office called the number valid. No reverse charge before, nor when the answer has grown older than `vat_check_counts_s` of the platform’s settings.
     */
    vat_checked_at: Instant | null;
    /**
     * Further registrations beside `vat_id`.
     */
    tax_ids: Array<TaxId>;
    /**
     * `review`: the platform has to look first; nothing is sold by it or to it.
     */
    verification: 'verified' | 'review';
    verification_reasons: Array<'not_yet_verified' | 'name_in_use' | 'vat_id_in_use' | 'vat_name_differs'>;
    address: {
        street: string;
        city: string;
        postal_code: string;
    };
    /**
     * When payouts may leave; null for at any time.
     */
    payout_calendar: PayoutCalendar | null;
    status: 'active' | 'suspended';
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * What a class of ledger accounts means.
 */
export type AccountClass = {
    name: string;
    kind: 'asset' | 'liability' | 'income' | 'expense' | 'clearing' | 'suspense';
    normal_side: 'debit' | 'credit' | 'either';
    meaning: string;
    /**
     * Its accounts come to zero within so many days, or an incident opens.
     */
    clears_within_days: number | null;
};

export type AccountClassList = {
    data: Array<AccountClass>;
};

export type AccountCreate = {
    /**
     * A `payee` is paid a share of sales and sells nothing itself.
     */
    type: 'partner' | 'cpo' | 'payee' | 'finance';
    partner_type?: 'super_app' | 'fleet' | 'wallet' | 'oem' | 'payment_card' | 'navigation' | 'other';
    /**
     * Name shown to others.
     */
    name: string;
    /**
     * Name printed on documents.
     */
    legal_name: string;
    country: Country;
    payout_currency: Currency;
    /**
     * With its check digits, which are looked at.
     */
    vat_id?: string;
    /**
     * Further registrations beside `vat_id`, each of another country or by a scheme; the whole list.
     */
    tax_ids?: Array<{
        /**
         * With its check digits, which are looked at.
         */
        vat_id: string;
        /**
         * `local`: counts in the country of the number. `oss`: a One-Stop Shop, counts where the market accepts it.
         */
        scheme?: 'local' | 'oss';
    }>;
    address: Address;
    /**
     * Where it is paid in its `payout_currency` from the beginning; accounts of other kinds, and every later one, are `bank_accounts`.
     */
    iban?: string;
    payout_calendar?: PayoutCalendar;
    /**
     * A partner's part of the platform commission; with `benefit_mode` version 1 of its distribution agreement.
     */
    partner_share_bps?: number;
    /**
     * Whether a partner is paid its share of each sale, or its drivers pay that much less. The CPO gets the same.
     */
    benefit_mode?: 'revenue_share' | 'discount';
    /**
     * Required for type `cpo`: version 1 of its distribution agreement.
     */
    agreement?: Agreement;
};

/**
 * One page of a list.
 */
export type AccountList = {
    data: Array<Account>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Every session charged to a partner’s own account, with the invoice behind it.
 */
export type AccountStatement = {
    from: Instant;
    to: Instant;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    lines: Array<{
        /**
         * Id with the prefix `ses_`.
         */
        session: string;
        driver: {
            /**
             * Id with the prefix `drv_`.
             */
            id: string;
            external_id: string;
        };
        ended_at: Instant;
        evse_id: string;
        country: Country;
        energy_wh: Decimal;
        charged: Money;
        invoice: {
            /**
             * Id with the prefix `inv_`.
             */
            id: string;
            document_number: string;
            net: Money;
            vat: Money;
            gross: Money;
        } | null;
    }>;
    totals: Array<{
        currency: Currency;
        sessions: number;
        charged: Money;
        /**
         * As of now.
         */
        owed: Money;
    }>;
};

export type AccountUpdate = {
    name?: string;
    legal_name?: string;
    /**
     * With its check digits, which are looked at.
     */
    vat_id?: string;
    /**
     * Further registrations beside `vat_id`, each of another country or by a scheme; the whole list.
     */
    tax_ids?: Array<{
        /**
         * With its check digits, which are looked at.
         */
        vat_id: string;
        /**
         * `local`: counts in the country of the number. `oss`: a One-Stop Shop, counts where the market accepts it.
         */
        scheme?: 'local' | 'oss';
    }>;
    address?: Address;
    payout_calendar?: PayoutCalendar | null;
    status?: 'active' | 'suspended';
};

export type AccountVerify = {
    /**
     * What was found out; kept with the account.
     */
    note: string;
};

/**
 * Postal address as printed on documents.
 */
export type Address = {
    street: string;
    city: string;
    postal_code: string;
};

/**
 * Distribution agreement of an operator.
 */
export type Agreement = {
    /**
     * Platform commission on the net amount, in basis points (150 = 1.5 %).
     */
    commission_bps: number;
    /**
     * `agency`: the operator sells to the driver and the platform collects for it. The other models are not offered yet.
     */
    supply_model: 'agency' | 'commissionaire' | 'direct';
    /**
     * Who stands for what is not paid of a charge that the charger began while it could not ask us; the partner unless another is named.
     */
    offline_liability?: Liable;
};

export type AgreementAmend = {
    terms: DistributionTerms;
    /**
     * From acceptance on when absent, and never before it: sales made by then keep the terms that their quotes named.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    /**
     * Why, for the other side.
     */
    reason?: string;
    /**
     * True keeps it to yourself until you propose it.
     */
    draft?: boolean;
};

export type AgreementPropose = {
    /**
     * The platform names the account it proposes to; nobody, for public terms that whoever is of that side joins by accepting them. An operator or a partner proposes to the platform.
     */
    account?: string;
    terms: DistributionTerms;
    /**
     * From acceptance on when absent, and never before it: sales made by then keep the terms that their quotes named.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    /**
     * Why, for the other side.
     */
    reason?: string;
    /**
     * True keeps it to yourself until you propose it.
     */
    draft?: boolean;
};

/**
 * Money in a request: integer minor units, at most a million million of them.
 */
export type Amount = {
    amount: number;
    currency: Currency;
};

/**
 * A secret key of an account.
 */
export type ApiKey = {
    /**
     * Id with the prefix `key_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    name: string;
    /**
     * The key itself: only in the answer that makes it, null ever after.
     */
    key: string | null;
    last_four: string;
    scopes: Array<Scope>;
    /**
     * What its requests are read and answered in, unless they name another version.
     */
    api_version: '2026-11-01';
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    expires_at: Instant | null;
    revoked_at: Instant | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type ApiKeyCreate = {
    /**
     * What the key is for, e.g. `production backend`.
     */
    name: string;
    /**
     * Only for the platform: whose key; your own account by default.
     */
    account?: string;
    /**
     * Fewer permissions than the account type allows; all of them by default.
     */
    scopes?: Array<Scope>;
    /**
     * The newest by default.
     */
    api_version?: '2026-11-01';
    /**
     * In the future; never by default.
     */
    expires_at?: Instant;
};

/**
 * One page of a list.
 */
export type ApiKeyList = {
    data: Array<ApiKey>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A decision that needs two keys: one proposes it, another one carries it out.
 */
export type Approval = {
    action: string;
    reason: string;
    /**
     * Id of the API key.
     */
    proposed_by: string;
    proposed_at: Instant;
    approved_by: string | null;
    approved_at: Instant | null;
};

/**
 * What an account is owed in one currency.
 */
export type Balance = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    currency: Currency;
    as_of: Instant;
    /**
     * Owed, and held back: not paid by anybody yet, or its price is looked at.
     */
    pending: Money;
    /**
     * Owed, and not sent: the next batch takes it.
     */
    available: Money;
    /**
     * Kept back against refunds and chargebacks.
     */
    reserved: Money;
    /**
     * Sent, and not heard to have arrived.
     */
    in_transit: Money;
    /**
     * By how much more was taken back than sold. It is made up for by what is sold next, of this account and currency alone; until then nothing is paid.
     */
    negative: Money;
    negative_since: Instant | null;
};

/**
 * By currency.
 */
export type Balances = {
    data: Array<Balance>;
};

/**
 * Where an account is paid in one currency.
 */
export type BankAccount = {
    /**
     * Id with the prefix `bac_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    type: 'iban' | 'uk' | 'us' | 'ch' | 'connected';
    country: string | null;
    currency: Currency;
    /**
     * The whole number is never shown.
     */
    last4: string | null;
    holder: string | null;
    /**
     * `pending`: waits for a second person, or until `usable_from`. `active`: payouts go there. `replaced`: another one does. `refused`: nothing is paid there.
     */
    state: 'pending' | 'active' | 'replaced' | 'refused';
    /**
     * What the bank of the account says of the holder’s name; null until it was asked. With `no_match` only a second person makes it count.
     */
    payee_check: 'match' | 'close_match' | 'no_match' | 'unavailable' | null;
    /**
     * The name that the bank has, where it says `close_match`.
     */
    payee_name: string | null;
    checked_at: Instant | null;
    /**
     * When time alone makes a pending one active.
     */
    usable_from: Instant;
    /**
     * A second person stands for it.
     */
    confirmed: boolean;
    reason: string | null;
    active_from: Instant | null;
    ended_at: Instant | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type BankAccountConfirm = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

export type BankAccountCreate = {
    /**
     * Only for the platform: whose; your own by default.
     */
    account?: string;
    currency: Currency;
    /**
     * Who holds the account, as its bank knows it.
     */
    holder: string;
    numbers: BankNumbers;
};

/**
 * An event whose `data` is the BankAccount it left.
 */
export type BankAccountEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'bank_account.proposed' | 'bank_account.checked' | 'bank_account.activated' | 'bank_account.refused';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: BankAccount;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type BankAccountList = {
    data: Array<BankAccount>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type BankAccountRefuse = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * Money that came in at the bank, each booking once.
 */
export type BankLine = {
    /**
     * Id with the prefix `bnk_`.
     */
    id: string;
    /**
     * Of the bank’s booking; counts once.
     */
    reference: string;
    /**
     * Whom it was recorded for.
     */
    account: string;
    purpose: string;
    amount: Money;
    /**
     * Of that, what nothing was owed for.
     */
    waiting: Money;
    /**
     * `matched`: all of it settled what was owed. `waiting`: a part belongs to nothing we know. `released`: that part is to the credit of an account. `written_off`: nobody claims it.
     */
    status: 'matched' | 'waiting' | 'released' | 'written_off';
    received_at: Instant;
    recorded_at: Instant;
    released_to: string | null;
    closed_at: Instant | null;
    closed_reason: string | null;
    /**
     * What one key wants and none has approved.
     */
    proposal: Approval | null;
};

/**
 * One page of a list.
 */
export type BankLineList = {
    data: Array<BankLine>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type BankLineRelease = {
    /**
     * Why, for the auditors.
     */
    reason: string;
    /**
     * Id with the prefix `acct_`.
     */
    account?: string;
};

export type BankLineWriteOff = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * By the kind of the account.
 */
export type BankNumbers = {
    type: 'iban';
    /**
     * With its check digits, which are looked at.
     */
    iban: string;
} | {
    type: 'ch';
    /**
     * Of CH or LI. A QR-IBAN is refused: it is for invoices alone.
     */
    iban: string;
} | {
    type: 'uk';
    sort_code: string;
    account_number: string;
} | {
    type: 'us';
    /**
     * ABA, with its check digit.
     */
    routing_number: string;
    account_number: string;
    account_type: 'checking' | 'savings';
} | {
    type: 'connected';
    connected_account: string;
};

/**
 * OCPI tariff with exact decimals as text.
 */
export type CanonicalTariff = {
    country_code: string;
    party_id: string;
    id: string;
    currency: Currency;
    type?: 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';
    tariff_alt_text?: Array<{
        language: string;
        text: string;
    }>;
    tariff_alt_url?: string;
    min_price?: {
        excl_vat: Decimal;
        incl_vat?: Decimal;
    };
    max_price?: {
        excl_vat: Decimal;
        incl_vat?: Decimal;
    };
    elements: Array<{
        price_components: Array<{
            type: TariffDimension;
            price: Decimal;
            vat?: Decimal;
            step_size: number;
        }>;
        restrictions?: {
            start_time?: string;
            end_time?: string;
            start_date?: string;
            end_date?: string;
            min_kwh?: Decimal;
            max_kwh?: Decimal;
            min_current?: Decimal;
            max_current?: Decimal;
            min_power?: Decimal;
            max_power?: Decimal;
            min_duration?: number;
            max_duration?: number;
            day_of_week?: Array<'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'>;
            reservation?: 'RESERVATION' | 'RESERVATION_EXPIRES';
        };
    }>;
    tax_included?: 'YES' | 'N/A';
    preauthorize_amount?: Decimal;
    start_date_time?: Instant;
    end_date_time?: Instant;
    last_updated: Instant;
};

/**
 * A charge detail record, immutable as received.
 */
export type Cdr = {
    /**
     * Id with the prefix `cdr_`.
     */
    id: string;
    session: string | null;
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    source: 'ocpi' | 'node' | 'provisional';
    country_code: string;
    party_id: string;
    /**
     * The operator's own id; a record of ours, or a second content under a known id, has a longer one.
     */
    ocpi_id: string;
    content_hash: string;
    currency: Currency;
    /**
     * The operator's own total.
     */
    total_excl_tax: Money | null;
    total_incl_tax: Money | null;
    status: 'received' | 'accepted' | 'adjusted' | 'quarantined' | 'rejected' | 'credited';
    /**
     * How the record compares with the locked public price: rules that spoke, our total and its own, what is payable, our rating line by line.
     */
    verdict: {
        kind: string;
        [key: string]: unknown;
    } | null;
    /**
     * Reasons and the reading that gives the record’s total; null until judged.
     */
    dispute: PriceDispute | null;
    price_proof: string | null;
    /**
     * What the record asks above the price; the operator alone sees it.
     */
    suspense: {
        /**
         * Id with the prefix `sus_`.
         */
        id: string;
        amount: Money;
        account: string;
        status: 'open' | 'released' | 'granted';
        dispute_due_at: Instant;
    } | null;
    /**
     * The charger was offline during the session and told of it afterwards: times are its own, money came later.
     */
    offline_recovered: boolean;
    received_at: Instant;
    /**
     * The record as received.
     */
    raw: string | null;
};

/**
 * An event whose `data` is the Cdr it left.
 */
export type CdrEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'cdr.accepted' | 'cdr.adjusted' | 'cdr.conflict' | 'cdr.mismatch' | 'cdr.tariff_mismatch' | 'cdr.late' | 'cdr.rejected' | 'cdr.credited' | 'meter_signature.invalid';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Cdr;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type CdrList = {
    data: Array<Cdr>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A charger that connects to our node.
 */
export type ChargeStation = {
    /**
     * Id with the prefix `cs_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    identity: string;
    /**
     * WebSocket URL to set in the charger, identity included.
     */
    ocpp_url: string;
    /**
     * HTTP Basic password: only in the answer that makes it, null ever after.
     */
    password: string | null;
    evses: Array<{
        /**
         * Id with the prefix `evs_`.
         */
        id: string;
        evse_id: string;
        ocpp_connector_id: number;
    }>;
    vendor: string | null;
    model: string | null;
    serial_number: string | null;
    firmware_version: string | null;
    /**
     * OCPP version last spoken.
     */
    protocol: string | null;
    online: boolean;
    last_seen_at: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type ChargeStationCreate = {
    /**
     * Id with the prefix `loc_`.
     */
    location: string;
    /**
     * Last segment of the WebSocket URL, percent-encoded there; unique among your chargers.
     */
    identity: string;
    evses: Array<{
        evse_id: string;
        /**
         * connectorId in OCPP 1.6; the position in this list by default.
         */
        ocpp_connector_id?: number;
        connectors: Array<{
            standard: ConnectorStandard;
            format: 'SOCKET' | 'CABLE';
            power_type: 'AC_1_PHASE' | 'AC_2_PHASE' | 'AC_2_PHASE_SPLIT' | 'AC_3_PHASE' | 'DC';
            max_power_w: number;
            max_voltage: number;
            max_amperage: number;
            /**
             * Tariffs you published, `trf_…`.
             */
            tariffs: Array<string>;
        }>;
        /**
         * Of a meter that signs its values.
         */
        meter_key?: MeterKeyCreate;
    }>;
};

/**
 * One page of a list.
 */
export type ChargeStationList = {
    data: Array<ChargeStation>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * What the platform earns of a sale: basis points, at least the floor and at most the cap where they are agreed and the sale is in their currency. Nothing of a sale at nothing, and never more than the sale’s net amount.
 */
export type Commission = {
    /**
     * Of the net amount of a sale (150 = 1.5 %).
     */
    bps: number;
    floor?: UnsignedAmount;
    cap?: UnsignedAmount;
};

/**
 * How we reach the chargers of one operator.
 */
export type Connection = {
    /**
     * Id with the prefix `ocn_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    protocol: 'node' | 'ocpi';
    status: 'handshaking' | 'live' | 'degraded' | 'paused';
    country_code: Country;
    /**
     * OCPI party id.
     */
    party_id: string;
    versions_url: string | null;
    version: string | null;
    /**
     * Why the last handshake or call failed, in words.
     */
    last_error: string | null;
    last_ok_at: Instant | null;
    last_pulled_at: Instant | null;
    /**
     * Start of the last pull of tariffs that came to its end.
     */
    tariffs_confirmed_at: Instant | null;
    /**
     * Tariffs not confirmed for so long are not sold. A node’s own never age.
     */
    tariff_max_age_s: number;
    /**
     * Age your tariffs should never exceed.
     */
    tariff_slo_s: number;
    /**
     * Our OCPI versions endpoint, for your registration with us; null on our node.
     */
    our_versions_url: string | null;
    /**
     * CREDENTIALS_TOKEN_A for your registration with us: only in the answer that makes it, null ever after.
     */
    token_a: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type ConnectionCreate = NodeConnectionCreate | OcpiConnectionCreate;

/**
 * An event whose `data` is the Connection it left.
 */
export type ConnectionEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'connection.registered';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Connection;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type ConnectionList = {
    data: Array<Connection>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type ConnectionUpdate = {
    tariff_max_age_s?: number;
    tariff_slo_s?: number;
};

/**
 * Whether we hear the charger.
 */
export type Connectivity = 'live' | 'delayed' | 'suspected_offline' | 'recovered';

/**
 * A plug of an EVSE.
 */
export type Connector = {
    /**
     * Id with the prefix `con_`.
     */
    id: string;
    standard: string;
    /**
     * `SOCKET` or `CABLE`.
     */
    format: string;
    /**
     * `AC_1_PHASE`, `AC_3_PHASE` or `DC`.
     */
    power_type: string;
    /**
     * Watts.
     */
    max_power_w: number;
    /**
     * Volts.
     */
    max_voltage: number;
    /**
     * Amperes.
     */
    max_amperage: number;
    /**
     * The operator's own ids.
     */
    tariff_ids: Array<string>;
};

/**
 * Connectors of this kind; both powers belong to it.
 */
export type ConnectorClass = {
    current?: 'AC' | 'DC';
    min_power_kw?: UnsignedDecimal;
    max_power_kw?: UnsignedDecimal;
};

/**
 * OCPI 2.2.1 ConnectorType. CCS2 is `IEC_62196_T2_COMBO`.
 */
export type ConnectorStandard = 'CHADEMO' | 'CHAOJI' | 'DOMESTIC_E' | 'DOMESTIC_F' | 'DOMESTIC_G' | 'DOMESTIC_J' | 'GBT_AC' | 'GBT_DC' | 'IEC_60309_2_single_16' | 'IEC_60309_2_three_16' | 'IEC_60309_2_three_32' | 'IEC_62196_T1' | 'IEC_62196_T1_COMBO' | 'IEC_62196_T2' | 'IEC_62196_T2_COMBO' | 'IEC_62196_T3A' | 'IEC_62196_T3C' | 'TESLA_R' | 'TESLA_S';

/**
 * What an operator and a partner agreed for groups of drivers at places: by which rate agreement they pay, and by which split policy it is shared. Of several contracts the one with the narrowest place counts, then one with groups, then the later start; the quote says which.
 */
export type Contract = {
    /**
     * Id with the prefix `ctr_`.
     */
    id: string;
    version: number;
    status: 'draft' | 'proposed' | 'active' | 'ended' | 'rejected';
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * Id with the prefix `acct_`.
     */
    partner: string;
    /**
     * Id with the prefix `acct_`.
     */
    proposed_by: string;
    name: string;
    driver_groups: Array<string> | null;
    evses: Array<string> | null;
    locations: Array<string> | null;
    rate_agreement: string | null;
    split_policy: string | null;
    effective_from: Instant;
    effective_to: Instant | null;
    /**
     * Never before it was accepted.
     */
    active_from: Instant | null;
    ended_at: Instant | null;
    decided_by: string | null;
    decided_at: Instant | null;
    reason: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type ContractAmend = {
    name: string;
    /**
     * Of the partner. Absent: all of its drivers.
     */
    driver_groups?: Array<string>;
    evses?: Array<string>;
    /**
     * With neither EVSEs nor locations it is of all places of the operator.
     */
    locations?: Array<string>;
    /**
     * Of the same two sides; from then on it prices sessions of this contract alone. Absent: the price is what it is without a contract.
     */
    rate_agreement?: string;
    /**
     * A policy of the operator at level `contract`, by version.
     */
    split_policy?: string;
    /**
     * From acceptance on when absent.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    draft?: boolean;
};

export type ContractCreate = {
    /**
     * The operator, or the partner.
     */
    counterparty: string;
    name: string;
    /**
     * Of the partner. Absent: all of its drivers.
     */
    driver_groups?: Array<string>;
    evses?: Array<string>;
    /**
     * With neither EVSEs nor locations it is of all places of the operator.
     */
    locations?: Array<string>;
    /**
     * Of the same two sides; from then on it prices sessions of this contract alone. Absent: the price is what it is without a contract.
     */
    rate_agreement?: string;
    /**
     * A policy of the operator at level `contract`, by version.
     */
    split_policy?: string;
    /**
     * From acceptance on when absent.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    draft?: boolean;
};

/**
 * An event whose `data` is the Contract it left.
 */
export type ContractEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'contract.proposed' | 'contract.activated' | 'contract.rejected' | 'contract.ended';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Contract;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type ContractList = {
    data: Array<Contract>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * ISO 3166-1 alpha-2 country code.
 */
export type Country = string;

/**
 * What the platform and an operator agree on.
 */
export type CpoTerms = {
    side: 'cpo';
    commission: Commission;
    /**
     * `agency`: the operator sells to the driver and the platform collects for it. The other models are not offered yet.
     */
    supply_model: 'agency' | 'commissionaire' | 'direct';
    offline_liability?: Liable;
    /**
     * Countries of chargers that it covers; null for all.
     */
    markets?: Array<Country> | null;
    /**
     * Currencies of sales that it covers; null for all.
     */
    currencies?: Array<Currency> | null;
};

/**
 * What a partner may come to owe, per currency, and how much of it is used.
 */
export type CreditLine = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    /**
     * What it may owe without security.
     */
    limit: Money;
    /**
     * What it lodged with us.
     */
    deposit: Money;
    /**
     * What was set aside of its earnings.
     */
    reserve: Money;
    /**
     * By the books: captured on account and not yet paid; negative was paid ahead.
     */
    owed: Money;
    /**
     * By sessions that run now.
     */
    held: Money;
    /**
     * Of its drivers’ open debts, what it stands for: the operators are paid it.
     */
    guaranteed: Money;
    /**
     * What its own plans paid of its drivers’ prices and is not yet netted.
     */
    sponsored: Money;
    /**
     * Limit, deposit and reserve less all that. A quote beyond it is refused, and so is a start.
     */
    available: Money;
    updated_at: Instant;
};

/**
 * An event whose `data` is the CreditLine it left.
 */
export type CreditLineEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'credit_line.paid';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: CreditLine;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type CreditLineList = {
    data: Array<CreditLine>;
};

export type CreditLinePayment = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    amount: PositiveAmount;
    /**
     * Of the bank’s booking.
     */
    reference: string;
    received_at: Instant;
};

export type CreditLineSet = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    limit: UnsignedAmount;
    /**
     * Lodged with us.
     */
    deposit?: UnsignedAmount;
    /**
     * Set aside of its earnings.
     */
    reserve?: UnsignedAmount;
};

/**
 * ISO 4217 alphabetic currency code.
 */
export type Currency = string;

/**
 * Energy that was delivered and not paid, one per session.
 */
export type Debt = {
    /**
     * Id with the prefix `dbt_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * The partner, who owes it.
     */
    account: string;
    /**
     * Pays for nothing new while the debt is open.
     */
    payment_source: string;
    /**
     * Delivered and not captured.
     */
    amount: Money;
    /**
     * Of that, paid since or taken from the partner’s credit.
     */
    paid: Money;
    /**
     * Still to be paid.
     */
    outstanding: Money;
    /**
     * Of what is outstanding, what the partner stands for within its credit: the payees are paid it. The rest waits as `awaiting_funds`.
     */
    guaranteed: Money;
    /**
     * Who stands for what is outstanding.
     */
    liable: Liable;
    reason: string;
    /**
     * `waived`: the platform bears it and the payees are paid. `written_off`: nobody will pay it; whoever waited for a part of it is not paid that part.
     */
    status: 'open' | 'paid' | 'waived' | 'written_off';
    /**
     * What one key wants and none has approved.
     */
    proposal: Approval | null;
    created_at: Instant;
    closed_at: Instant | null;
};

/**
 * An event whose `data` is the Debt it left.
 */
export type DebtEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'debt.created' | 'debt.paid' | 'debt.waived' | 'debt.written_off';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Debt;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type DebtList = {
    data: Array<Debt>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type DebtPayment = {
    amount: PositiveAmount;
    /**
     * Of the bank’s booking.
     */
    reference: string;
    received_at: Instant;
};

export type DebtWaive = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

export type DebtWriteOff = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * Exact decimal number as text.
 */
export type Decimal = string;

/**
 * Somebody does not agree with money of a session. Where the kept facts are clear it is decided at once, by rule; else a person decides within two business days.
 */
export type Dispute = {
    /**
     * Id with the prefix `dsp_`.
     */
    id: string;
    /**
     * `driver`: a driver disputes what a session cost. `chargeback`: the payer’s bank took captured money back. `cpo`: an operator disputes what it was left with of a session; `statement`: a payee disputes a line of a settlement.
     */
    kind: 'driver' | 'cpo' | 'chargeback' | 'statement';
    /**
     * `won` and `lost` are said of whoever disputes; of a `chargeback` they are the provider’s words, of us. `settled`: a part was granted, it was withdrawn, or nothing is left to decide.
     */
    status: 'open' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'settled';
    reason: 'zero_energy' | 'charge_not_started' | 'start_fee_without_start' | 'fault_mid_session' | 'duplicate_session' | 'duplicate_charge' | 'price_differs_from_quote' | 'above_price_limit' | 'charged_after_stop' | 'stop_not_obeyed' | 'idle_fee_not_announced' | 'idle_fee_while_charging' | 'idle_fee_within_grace' | 'reservation_fee_not_announced' | 'energy_above_meter' | 'time_above_session' | 'meter_not_signed' | 'never_authorised' | 'card_blocked' | 'wrong_vat' | 'receipt_missing' | 'hold_not_released' | 'currency_differs' | 'subscription_not_applied' | 'agreed_price_not_applied' | 'rounding' | 'refund_not_received' | 'charged_too_late' | 'higher_than_estimate' | 'other' | 'share_differs' | 'commission_differs' | 'vat_differs' | 'conversion_differs' | 'give_back_not_justified' | 'bank_cannot_process' | 'check_returned' | 'credit_not_processed' | 'customer_initiated' | 'debit_not_authorized' | 'duplicate' | 'fraudulent' | 'general' | 'incorrect_account_details' | 'insufficient_funds' | 'noncompliant' | 'product_not_received' | 'product_unacceptable' | 'subscription_canceled' | 'unrecognized';
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    payment: string | null;
    settlement: string | null;
    /**
     * What is disputed, at most what was charged.
     */
    amount: Money;
    /**
     * Null for the payer’s bank.
     */
    opened_by: string | null;
    outcome: 'full' | 'partial' | 'none' | 'withdrawn' | null;
    decided_by: 'rule' | 'person' | 'provider' | null;
    /**
     * What it moved: to the driver, to the payee, or what the bank kept.
     */
    decided_amount: Money | null;
    /**
     * Why, in words.
     */
    explanation: string | null;
    /**
     * What to show the driver; kind `driver` only.
     */
    driver_message: {
        en: string;
        de: string;
    } | null;
    /**
     * What the decision was read from, as it was kept.
     */
    facts: Array<{
        fact: string;
        value: string;
    }>;
    recomputation: SplitRecomputation | null;
    /**
     * Who bears what was decided: every party of the sale in proportion (`sale`), or one of them.
     */
    bearer: 'sale' | 'cpo' | 'partner' | 'platform' | 'nobody' | null;
    next_action: 'operator_may_contest' | 'person_decides' | 'evidence_is_submitted' | 'provider_decides' | null;
    /**
     * Until when the operator may answer with its own data; of a chargeback, when our evidence goes to the provider.
     */
    contest_until: Instant | null;
    /**
     * By when it is decided, or by when the provider takes evidence.
     */
    deadline: Instant | null;
    /**
     * What was said by whoever takes part; no rule reads it.
     */
    evidence: Array<{
        by: 'opener' | 'operator' | 'platform';
        text: string;
        facts: Array<{
            fact: string;
            value: string;
        }>;
        at: Instant;
    }>;
    /**
     * When the provider had our evidence of a chargeback.
     */
    submitted_at: Instant | null;
    provider_reference: string | null;
    provider_fee: Money | null;
    refunds: Array<string>;
    credit_note: string | null;
    /**
     * Ids of what was booked; empty for whom the books are not.
     */
    ledger_entries: Array<number>;
    created_at: Instant;
    updated_at: Instant;
    closed_at: Instant | null;
};

export type DisputeCreate = {
    kind: 'driver' | 'cpo' | 'statement';
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    reason: 'zero_energy' | 'charge_not_started' | 'start_fee_without_start' | 'fault_mid_session' | 'duplicate_session' | 'duplicate_charge' | 'price_differs_from_quote' | 'above_price_limit' | 'charged_after_stop' | 'stop_not_obeyed' | 'idle_fee_not_announced' | 'idle_fee_while_charging' | 'idle_fee_within_grace' | 'reservation_fee_not_announced' | 'energy_above_meter' | 'time_above_session' | 'meter_not_signed' | 'never_authorised' | 'card_blocked' | 'wrong_vat' | 'receipt_missing' | 'hold_not_released' | 'currency_differs' | 'subscription_not_applied' | 'agreed_price_not_applied' | 'rounding' | 'refund_not_received' | 'charged_too_late' | 'higher_than_estimate' | 'other' | 'share_differs' | 'commission_differs' | 'vat_differs' | 'conversion_differs' | 'give_back_not_justified';
    /**
     * Kind `statement`: the settlement whose line it is.
     */
    settlement?: string;
    /**
     * What is disputed; all that was charged, or paid, when absent.
     */
    amount?: PositiveAmount;
    /**
     * For a person who has to decide; no rule reads it.
     */
    comment?: string;
};

export type DisputeDecide = {
    outcome: 'full' | 'partial' | 'none';
    /**
     * With `partial`: what the driver gets back, or the payee gets.
     */
    amount?: PositiveAmount;
    /**
     * `platform`: the operator keeps its share of what goes back.
     */
    bearer?: 'sale' | 'platform';
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * An event whose `data` is the Dispute it left.
 */
export type DisputeEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'dispute.opened' | 'dispute.needs_response' | 'dispute.evidence_submitted' | 'dispute.resolved';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Dispute;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type DisputeEvidence = {
    text: string;
    facts?: Array<{
        fact: string;
        value: string;
    }>;
};

/**
 * One page of a list.
 */
export type DisputeList = {
    data: Array<Dispute>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * The versions of the distribution agreements that share the sale, kept to the session’s end, and what they come to.
 */
export type Distribution = {
    agreement: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
        version: number;
        commission: Commission;
    };
    /**
     * Your own agreement, which says what part of it is yours.
     */
    partnership: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
        version: number;
    } | null;
    /**
     * Of the expected session, net of VAT.
     */
    est: {
        commission: Money;
    };
};

/**
 * What the platform and one operator or partner agree on. A version never changes; other terms are the next version, which counts when both sides want it. A session keeps the versions that its quote named.
 */
export type DistributionAgreement = {
    /**
     * Id with the prefix `agr_`.
     */
    id: string;
    version: number;
    side: 'cpo' | 'partner';
    /**
     * Null for public terms.
     */
    account: string | null;
    status: 'draft' | 'proposed' | 'active' | 'ended' | 'rejected';
    /**
     * The version that counts now, which may be an earlier one.
     */
    active_version: number | null;
    /**
     * The public version that the account joined, `agr_…@1`.
     */
    joined: string | null;
    /**
     * Id with the prefix `acct_`.
     */
    proposed_by: string;
    terms: DistributionTerms;
    effective_from: Instant;
    effective_to: Instant | null;
    /**
     * From when it counts.
     */
    active_from: Instant | null;
    /**
     * From when it counts no more; a session quoted before keeps its terms.
     */
    ended_at: Instant | null;
    decided_by: string | null;
    decided_at: Instant | null;
    reason: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * An event whose `data` is the DistributionAgreement it left.
 */
export type DistributionAgreementEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'agreement.proposed' | 'agreement.activated' | 'agreement.rejected' | 'agreement.ended';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: DistributionAgreement;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type DistributionAgreementList = {
    data: Array<DistributionAgreement>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type DistributionTerms = CpoTerms | PartnerTerms;

/**
 * A driver, known only by your reference.
 */
export type Driver = {
    /**
     * Id with the prefix `drv_`.
     */
    id: string;
    /**
     * Your own reference, 1 to 64 characters, unique per account.
     */
    external_id: string;
};

/**
 * Drivers of yours, such as a fleet or the staff of a workplace. Others know only its id.
 */
export type DriverGroup = {
    /**
     * Id with the prefix `grp_`.
     */
    id: string;
    name: string;
    drivers: Array<string>;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    updated_at: Instant;
};

export type DriverGroupCreate = {
    name: string;
    drivers?: Array<string>;
};

/**
 * One page of a list.
 */
export type DriverGroupList = {
    data: Array<DriverGroup>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type DriverGroupUpdate = {
    name?: string;
    add?: Array<string>;
    remove?: Array<string>;
};

/**
 * The driver by your own reference; made on first use.
 */
export type DriverRef = {
    /**
     * Your own reference, 1 to 64 characters, unique per account.
     */
    external_id: string;
};

/**
 * Why energy stopped.
 */
export type EndReason = 'requested' | 'local' | 'remote' | 'ev_disconnected' | 'ghost' | 'fault' | 'power_loss' | 'deauthorized' | 'inferred' | 'max_duration' | 'limit' | 'site_closed' | 'other';

/**
 * Stable; branch on this and nothing else.
 */
export type ErrorCode = 'validation_error' | 'idempotency_key_required' | 'invalid_key' | 'key_expired' | 'insufficient_scope' | 'account_restricted' | 'site_access_denied' | 'start_refused_by_operator' | 'authentication_required' | 'payment_declined' | 'outstanding_debt' | 'credit_limit_exceeded' | 'insufficient_wallet_funds' | 'residency_violation' | 'resource_missing' | 'method_not_allowed' | 'party_not_granted' | 'idempotency_key_reused' | 'idempotency_in_progress' | 'quote_expired' | 'quote_consumed' | 'session_already_active' | 'invalid_transition' | 'period_closed' | 'limit_reached' | 'precondition_failed' | 'body_too_large' | 'unsupported_media_type' | 'invalid_value' | 'unsupported_currency' | 'invalid_cursor' | 'price_unavailable' | 'market_rule_violation' | 'not_offered' | 'tariff_held' | 'evse_not_available' | 'evse_not_reachable' | 'start_rejected' | 'token_blocked' | 'webhook_url_refused' | 'rate_limited' | 'cpo_unreachable' | 'cpo_error' | 'psp_unavailable' | 'rates_unavailable' | 'service_unavailable' | 'internal_error';

/**
 * Something that happened; the body of a webhook. `data` is the object its `type` names, as it was at this event and as reading it then would have shown it to you; of a record `raw` is left out.
 */
export type Event = SessionEvent | PaymentEvent | HoldEvent | CdrEvent | PriceProofEvent | InvoiceEvent | EvidenceEvent | SettlementEvent | BankAccountEvent | PayoutEvent | TariffEvent | ConnectionEvent | DistributionAgreementEvent | RateAgreementEvent | SplitPolicyEvent | SplitItemEvent | PlanEvent | ContractEvent | PolicyPackageEvent | SubscriptionEvent | CreditLineEvent | PrepaidBalanceEvent | DebtEvent | SuspenseItemEvent | DisputeEvent | IncidentEvent | WebhookEndpointEvent;

/**
 * One page of a list.
 */
export type EventList = {
    data: Array<Event>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type EventPattern = '*' | 'ping' | 'session.*' | 'session.created' | 'session.starting' | 'session.awaiting_plug_in' | 'session.started' | 'session.connectivity_changed' | 'session.suspended' | 'session.resumed' | 'session.ghost_detected' | 'meter.*' | 'meter.implausible' | 'session.auto_stopped' | 'session.limit_approaching' | 'session.stopping' | 'session.stop_failed' | 'session.ended' | 'session.start_failed' | 'session.start_unconfirmed' | 'session.late_start_adopted' | 'session.late_start_stopped' | 'session.provisionally_rated' | 'session.rated' | 'session.closed_zero' | 'session.cancelled' | 'session.settled' | 'hold.*' | 'hold.created' | 'hold.increased' | 'hold.released' | 'hold.expired' | 'hold.orphan_reaped' | 'payment.*' | 'payment.requires_action' | 'payment.authorized' | 'payment.captured' | 'payment.captured_provisional' | 'payment.failed' | 'payment.refunded' | 'payment.charged_back' | 'payment.chargeback_closed' | 'payment.refund_failed' | 'debt.*' | 'debt.created' | 'debt.paid' | 'debt.waived' | 'debt.written_off' | 'cdr.*' | 'cdr.accepted' | 'cdr.adjusted' | 'cdr.conflict' | 'cdr.mismatch' | 'cdr.tariff_mismatch' | 'cdr.overdue' | 'cdr.late' | 'cdr.rejected' | 'cdr.credited' | 'meter_signature.*' | 'meter_signature.invalid' | 'proof.*' | 'proof.failed' | 'proof.restored' | 'bank_account.*' | 'bank_account.proposed' | 'bank_account.checked' | 'bank_account.activated' | 'bank_account.refused' | 'settlement.*' | 'settlement.closed' | 'settlement.paid' | 'settlement.on_hold' | 'settlement.retried' | 'payout.*' | 'payout.created' | 'payout.sent' | 'payout.paid' | 'payout.failed' | 'payout.returned' | 'payout.cancelled' | 'payout.awaiting_funds' | 'settlement.awaiting_funds' | 'settlement.sla_breached' | 'statement.*' | 'statement.ready' | 'dispute.*' | 'dispute.opened' | 'dispute.needs_response' | 'dispute.evidence_submitted' | 'dispute.resolved' | 'suspense.*' | 'suspense.released' | 'suspense.granted' | 'invoice.*' | 'invoice.finalized' | 'evidence.*' | 'evidence.sealed' | 'evidence.resealed' | 'tariff.*' | 'tariff.changed' | 'tariff.invalid' | 'tariff.anomaly_held' | 'connection.*' | 'connection.registered' | 'agreement.*' | 'agreement.proposed' | 'agreement.activated' | 'agreement.rejected' | 'agreement.ended' | 'rate_agreement.*' | 'rate_agreement.proposed' | 'rate_agreement.activated' | 'rate_agreement.rejected' | 'rate_agreement.ended' | 'contract.*' | 'contract.proposed' | 'contract.activated' | 'contract.rejected' | 'contract.ended' | 'policy_package.*' | 'policy_package.activated' | 'policy_package.retired' | 'policy_package.switched_off' | 'split_policy.*' | 'split_policy.activated' | 'split_policy.retired' | 'split_item.*' | 'split_item.booked' | 'plan.*' | 'plan.created' | 'plan.version_added' | 'plan.retired' | 'subscription.*' | 'subscription.created' | 'subscription.plan_changed' | 'subscription.cancelled' | 'subscription.allowance_exhausted' | 'credit_line.*' | 'credit_line.paid' | 'prepaid_balance.*' | 'prepaid_balance.low' | 'prepaid_balance.paid_in' | 'incident.*' | 'incident.opened' | 'incident.resolved' | 'webhook_endpoint.*' | 'webhook_endpoint.disabled';

export type EventReplay = {
    from: Instant;
    to: Instant;
    types?: Array<EventPattern>;
    /**
     * Id with the prefix `we_`.
     */
    webhook_endpoint?: string;
};

export type EventReplayed = {
    deliveries: number;
};

/**
 * The head of an evidence pack; `sessions.evidence` downloads the pack itself.
 */
export type Evidence = {
    /**
     * Id with the prefix `evp_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * Grows with each seal; the newest counts.
     */
    revision: number;
    /**
     * Hash of the signed manifest, which holds the hash of every file of the pack.
     */
    manifest_sha256: string;
    /**
     * The key the manifest is signed with.
     */
    key_id: string;
    sealed_at: Instant;
};

/**
 * An event whose `data` is the Evidence it left.
 */
export type EvidenceEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'evidence.sealed' | 'evidence.resealed';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Evidence;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One charging position.
 */
export type Evse = {
    /**
     * Id with the prefix `evs_`.
     */
    id: string;
    /**
     * EVSE-ID as the operator writes it.
     */
    evse_id: string;
    /**
     * `evse_id`: known by its EVSE-ID. `own_id`: known by our id alone, as its operator gave it no EVSE-ID of its own. `unproven`: its EVSE-ID is of an operator it is not proven to be of; it is not sold.
     */
    identity: 'evse_id' | 'own_id' | 'unproven';
    status: 'AVAILABLE' | 'BLOCKED' | 'CHARGING' | 'INOPERATIVE' | 'OUTOFORDER' | 'PLANNED' | 'REMOVED' | 'RESERVED' | 'UNKNOWN';
    /**
     * When the operator last told the status.
     */
    status_at: Instant;
    capabilities: Array<string>;
    cpo: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
        name: string;
    };
    location: Location;
    connectors: Array<Connector>;
    /**
     * True when a session can be started here now: reachable, priced, not out of use.
     */
    sellable: boolean;
    access: Access;
    /**
     * Whether a public price is for sale at one of the connectors: present, confirmed lately, not on hold, allowed at this power.
     */
    price_status: 'available' | 'price_unavailable';
    /**
     * Why no price is for sale: `none` is published, it is `invalid`, `held` as unusual, `stale` without a confirmation, against a rule of the `market` (its VAT, its currency, what it prices), or `ambiguous` among several. A quote is refused with the same `reason`. Null where a price is for sale.
     */
    price_reason: 'none' | 'invalid' | 'held' | 'stale' | 'market' | 'ambiguous' | null;
};

/**
 * An EVSE found by a search.
 */
export type EvseHit = {
    /**
     * Id with the prefix `evs_`.
     */
    id: string;
    /**
     * EVSE-ID as the operator writes it.
     */
    evse_id: string;
    /**
     * `evse_id`: known by its EVSE-ID. `own_id`: known by our id alone, as its operator gave it no EVSE-ID of its own. `unproven`: its EVSE-ID is of an operator it is not proven to be of; it is not sold.
     */
    identity: 'evse_id' | 'own_id' | 'unproven';
    status: 'AVAILABLE' | 'BLOCKED' | 'CHARGING' | 'INOPERATIVE' | 'OUTOFORDER' | 'PLANNED' | 'REMOVED' | 'RESERVED' | 'UNKNOWN';
    /**
     * When the operator last told the status.
     */
    status_at: Instant;
    capabilities: Array<string>;
    cpo: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
        name: string;
    };
    location: Location;
    connectors: Array<Connector>;
    /**
     * True when a session can be started here now: reachable, priced, not out of use.
     */
    sellable: boolean;
    access: Access;
    /**
     * Whether a public price is for sale at one of the connectors: present, confirmed lately, not on hold, allowed at this power.
     */
    price_status: 'available' | 'price_unavailable';
    /**
     * Why no price is for sale: `none` is published, it is `invalid`, `held` as unusual, `stale` without a confirmation, against a rule of the `market` (its VAT, its currency, what it prices), or `ambiguous` among several. A quote is refused with the same `reason`. Null where a price is for sale.
     */
    price_reason: 'none' | 'invalid' | 'held' | 'stale' | 'market' | 'ambiguous' | null;
    /**
     * Great-circle distance in metres.
     */
    distance_m: number;
};

export type EvseSearch = {
    near: {
        /**
         * WGS 84, degrees.
         */
        latitude: number;
        /**
         * WGS 84, degrees.
         */
        longitude: number;
    };
    /**
     * Metres.
     */
    radius_m?: number;
    connector?: ConnectorStandard;
    /**
     * Watts.
     */
    min_power_w?: number;
    /**
     * Free now, and open to you or any of your driver groups.
     */
    available_only?: boolean;
    limit?: number;
};

export type EvseSearchResult = {
    data: Array<EvseHit>;
};

/**
 * For each session in which the base is more than nothing.
 */
export type FixedShare = {
    kind: 'fixed';
    amount: UnsignedAmount;
};

/**
 * Usage that no element of the tariff prices.
 */
export type FreeUsage = {
    type: TariffDimension;
    /**
     * When this price applies, in OCPI restriction terms.
     */
    conditions: {
        [key: string]: string | number | Array<string>;
    } | null;
    /**
     * One line for the driver, per language.
     */
    display: {
        [key: string]: string;
    };
};

/**
 * A line that the policy makes otherwise.
 */
export type GoldenDifference = {
    /**
     * Id with the prefix `spg_`.
     */
    golden: string;
    session: string | null;
    rule: string;
    expected: Money;
    found: Money;
};

/**
 * A statement of before as a fixture: every line of it must be made again to the cent before the policy is activated, and after each upgrade of the platform.
 */
export type GoldenStatement = {
    /**
     * Id with the prefix `spg_`.
     */
    id: string;
    /**
     * Id with the prefix `spl_`.
     */
    policy: string;
    name: string;
    sessions: number;
    lines: number;
    /**
     * Of all lines, net of tax.
     */
    total: Money;
    /**
     * What the newest version makes otherwise, the first hundred lines of it.
     */
    differences: Array<GoldenDifference>;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type GoldenStatementCreate = {
    format: 'json';
    name: string;
    sessions: Array<{
        session: string;
        started_at: Instant;
        ended_at: Instant;
        energy_wh: number;
        /**
         * What was sold, net of tax.
         */
        net: UnsignedAmount;
        commission_bps?: number;
        partner_share_bps?: number;
        /**
         * Components of the price as weights; all of it is energy when absent.
         */
        parts?: {
            energy: UnsignedDecimal;
            time: UnsignedDecimal;
            parking: UnsignedDecimal;
            fee: UnsignedDecimal;
        };
        evse?: string;
        site?: string;
        power_w?: number;
        partner?: string;
        payer?: 'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp';
        tariff_type?: 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';
    }>;
    lines: Array<{
        /**
         * Null for what a period came to beside its sessions, e.g. a minimum rent.
         */
        session: string | null;
        rule: string;
        amount: Amount;
    }>;
} | {
    format: 'csv';
    name: string;
    /**
     * Columns session, started_at, ended_at, energy_wh, net, rule, amount, and where they matter evse, site, power_w, partner, payer, tariff_type, energy, time, parking, fee, commission_bps, partner_share_bps. Amounts are decimals of the policy’s currency, net of tax. A row without a session is what the period came to beside its sessions.
     */
    csv: string;
};

export type GoldenStatementList = {
    data: Array<GoldenStatement>;
};

/**
 * Whether this instance can serve.
 */
export type Health = {
    status: 'ok' | 'degraded';
    version: string;
    checks: {
        database: 'ok' | 'down';
        workflows: 'ok' | 'down';
    };
};

/**
 * Money held on a driver’s means of payment for one session.
 */
export type Hold = {
    /**
     * The hold of a payment has the payment’s id behind another prefix.
     */
    id: string;
    /**
     * Id with the prefix `pay_`.
     */
    payment: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    type: 'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp';
    /**
     * `expired`: it ended at the provider without us, because its time was over or because it was given up there.
     */
    status: 'created' | 'increased' | 'captured' | 'released' | 'expired';
    /**
     * What is or was held in all.
     */
    amount: Money;
    /**
     * Of it: what was taken. The rest went back.
     */
    captured: Money | null;
    /**
     * How often it was raised.
     */
    raises: number;
    /**
     * The payment provider’s id, as the driver’s bank sees it.
     */
    psp_reference: string | null;
    /**
     * When the provider gives it back by itself; null where it lasts until it ends.
     */
    expires_at: Instant | null;
    /**
     * When we give it back by ourselves, captured or not: an hourly sweep releases what nobody came for.
     */
    release_by: Instant;
    /**
     * When we let go of it. A bank may show a hold for some days more: it is asked with the `psp_reference`.
     */
    released_at: Instant | null;
    created_at: Instant;
};

/**
 * An event whose `data` is the Hold it left.
 */
export type HoldEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'hold.created' | 'hold.increased' | 'hold.released' | 'hold.expired' | 'hold.orphan_reaped';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Hold;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type HoldList = {
    data: Array<Hold>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Something that time cannot mend: nobody retries it for ever, a person decides with the actions it lists.
 */
export type Incident = {
    /**
     * Id with the prefix `inc_`.
     */
    id: string;
    kind: IncidentKind;
    status: 'open' | 'resolved';
    /**
     * The object it is about.
     */
    subject: {
        type: 'session' | 'supply_session' | 'cdr' | 'payment' | 'dispute' | 'debt' | 'payable' | 'settlement' | 'balance' | 'charge_station' | 'connection' | 'party' | 'evse' | 'token' | 'tariff' | 'bank_line' | 'psp_account' | 'ledger_account' | 'open_item' | 'policy_package' | 'workflow';
        id: string;
    };
    session: string | null;
    /**
     * Whom it concerns; null for operations alone.
     */
    account: string | null;
    /**
     * What happened, in words.
     */
    cause: string;
    /**
     * The facts: times, readings, the answer of a peer.
     */
    detail: {
        [key: string]: unknown;
    };
    /**
     * Money whose owner is open because of it.
     */
    at_stake: Money | null;
    /**
     * Energy whose owner is open, Wh.
     */
    energy_wh: number | null;
    /**
     * What is possible now; empty once it is resolved.
     */
    actions: Array<IncidentAction>;
    /**
     * How often it was seen while open.
     */
    occurrences: number;
    opened_at: Instant;
    last_seen_at: Instant;
    resolution: {
        /**
         * Null where nobody decided: a later fact settled it.
         */
        action: IncidentAction | null;
        /**
         * Why, or the fact that settled it.
         */
        reason: string;
        /**
         * The API key that decided, or `corridor`.
         */
        by: string;
        at: Instant;
    } | null;
};

/**
 * What a person may do about an incident.
 */
export type IncidentAction = 'retry' | 'adopt' | 'refuse' | 'waive' | 'write_off' | 'force_end' | 'pay_again' | 'pay_by_bank' | 'release' | 'grant' | 'dismiss';

/**
 * An event whose `data` is the Incident it left.
 */
export type IncidentEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'incident.opened' | 'incident.resolved';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Incident;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * What happened that needs a person.
 */
export type IncidentKind = 'step_failed' | 'start_refused_at_charger' | 'stop_failed' | 'unknown_place' | 'unknown_transaction' | 'clock_skew' | 'implausible_reading' | 'record_without_session' | 'record_disputed' | 'hold_lost' | 'payout_failed' | 'awaiting_funds' | 'psp_account_refused' | 'balance_negative' | 'chargeback' | 'dispute' | 'price_held' | 'unmatched_money' | 'books_broken' | 'clearing_overdue' | 'difference_open' | 'party_not_granted' | 'card_contested' | 'policy_fault' | 'policy_flag';

/**
 * One page of a list.
 */
export type IncidentList = {
    data: Array<Incident>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * What a quote would say now. Nobody is bound by it, nothing can be started with it.
 */
export type IndicativeQuote = {
    /**
     * Id with the prefix `evs_`.
     */
    evse: string;
    evse_id: string;
    /**
     * Id with the prefix `con_`.
     */
    connector: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * The exact tariff version, `trf_…@7`.
     */
    tariff: string;
    /**
     * SHA-256 of that tariff, RFC 8785 form.
     */
    tariff_hash: string;
    currency: Currency;
    components: Array<QuoteComponent>;
    /**
     * What costs nothing and when, though the tariff prices other usage.
     */
    free_usage?: Array<FreeUsage>;
    /**
     * What the estimate costs at the public price.
     */
    public_price_total: Money;
    /**
     * What it costs here: never more than public.
     */
    applied_price_total: Money;
    /**
     * What the price rests on: the public tariff, an agreement with the CPO that is never above it, a discount the partner pays out of its own share, or the driver’s plan, whose seller pays the rest.
     */
    basis: 'public' | 'rate_agreement' | 'partner_discount' | 'plan';
    /**
     * Why this price is below the public one, as recorded with its basis.
     */
    justification?: string | null;
    /**
     * The agreed tariff, derived from the locked public one. The session pays the lower of both ratings.
     */
    agreement?: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
        version: number;
        tariff: {
            id: string;
            [key: string]: unknown;
        };
        tariff_hash: string;
    };
    /**
     * Under which the session is made, and why this one.
     */
    contract?: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
        version: number;
        name: string;
        /**
         * By what it stands before other contracts.
         */
        precedence: {
            site: 'evse' | 'location' | 'operator';
            drivers: 'group' | 'all';
            from: Instant;
        };
        rate_agreement: string | null;
        split_policy: string | null;
    };
    /**
     * The rule by which you may start here; absent where the place has none.
     */
    access?: {
        /**
         * Id with the prefix `arl_`.
         */
        rule: string;
        name: string;
        closes_at: Instant | null;
        ends_at_close: boolean;
    };
    /**
     * The partner’s own share of this sale, given to the driver instead of paid out: the card is captured for that much less. `distribution` says what it is computed from.
     */
    discount?: {
        funded_by: 'partner';
    };
    /**
     * All that the market’s typical session costs, per kWh, tax and fees included: for comparing.
     */
    comparable_unit_price?: {
        value: Decimal;
        currency: Currency;
        per: 'kWh';
        tax: 'inclusive';
        text: {
            [key: string]: string;
        };
    };
    /**
     * Floor and ceiling of a session, tax included.
     */
    limits?: {
        min_total: Money | null;
        max_total: Money | null;
    };
    /**
     * What staying plugged in without charging costs; null: nothing.
     */
    idle_fee_terms?: {
        /**
         * Seconds from the start before such a fee counts.
         */
        grace_s: number;
        display: {
            [key: string]: string;
        };
    } | null;
    /**
     * The estimate the totals are for.
     */
    est: {
        energy_wh: number;
        duration_s: number;
        total: Money;
    };
    market_profile: string;
    /**
     * The whole price in one text, per language.
     */
    display_text: {
        [key: string]: string;
    };
};

export type IndicativeQuotes = {
    indicative: true;
    created_at: Instant;
    data: Array<IndicativeResult>;
};

export type IndicativeResult = {
    /**
     * As you named it.
     */
    evse: string;
    quote: IndicativeQuote | null;
    /**
     * Why there is no price here; the others are not touched by it.
     */
    error: {
        code: ErrorCode;
        message: string;
        param: string | null;
    } | null;
};

/**
 * RFC 3339 instant in UTC.
 */
export type Instant = string;

/**
 * A numbered document; corrected only by a credit note.
 */
export type Invoice = {
    /**
     * Id with the prefix `inv_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * Id with the prefix `acct_`.
     */
    seller: string;
    /**
     * Id with the prefix `acct_`.
     */
    buyer: string;
    kind: 'receipt_invoice' | 'commission_invoice' | 'credit_note';
    document_number: string;
    currency: Currency;
    total_excl_tax: Money;
    total_tax: Money;
    total_incl_tax: Money;
    issued_at: Instant;
};

/**
 * An event whose `data` is the Invoice it left.
 */
export type InvoiceEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'invoice.finalized';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Invoice;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type InvoiceList = {
    data: Array<Invoice>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type LeakageReport = {
    data: Array<{
        /**
         * Id with the prefix `acct_`.
         */
        cpo: string;
        currency: Currency;
        sessions: number;
        /**
         * Energy at meters, decimal text.
         */
        metered_wh: string;
        /**
         * Of that, of sessions with a sale.
         */
        billed_wh: string;
        /**
         * Of that, of sessions that are settled.
         */
        settled_wh: string;
        unbilled_sessions: number;
        billed: Money;
        settled: Money;
    }>;
};

/**
 * The daily close, chained by hashes and signed.
 */
export type LedgerClose = {
    sequence: number;
    /**
     * The UTC day that it closes.
     */
    day: string;
    entries: number;
    through_entry: number;
    /**
     * SHA-256 over the SHA-256 of each entry since the close before, as read from the books.
     */
    digest: string;
    /**
     * The canonical JSON that is hashed and signed; it names the hash before.
     */
    body: string;
    hash: string;
    key_id: string;
    /**
     * Ed25519 over the body, base64.
     */
    signature: string;
    closed_at: Instant;
};

/**
 * One page of a list.
 */
export type LedgerCloseList = {
    data: Array<LedgerClose>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * An immutable, balanced booking.
 */
export type LedgerEntry = {
    id: number;
    key: string;
    kind: string;
    session: string | null;
    /**
     * The instant it counts at.
     */
    effective_at: Instant;
    /**
     * When it happened, where that is in a period closed before.
     */
    occurred_at: Instant | null;
    recorded_at: Instant;
    postings: Array<{
        account: string;
        /**
         * Debit positive, credit negative.
         */
        amount: Money;
    }>;
};

/**
 * One page of a list.
 */
export type LedgerEntryList = {
    data: Array<LedgerEntry>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A period that two keys have closed.
 */
export type LedgerPeriod = {
    /**
     * Nothing counts before it any more.
     */
    open_from: Instant;
    reason: string;
    proposed_by: string;
    approved_by: string;
    closed_at: Instant;
};

export type LedgerPeriodClose = {
    open_from: Instant;
    /**
     * Why, for the auditors.
     */
    reason: string;
};

export type LedgerPeriodDecision = {
    approval: Approval;
    period: LedgerPeriod | null;
};

export type LedgerPeriodList = {
    data: Array<LedgerPeriod>;
};

export type LedgerReversal = {
    approval: Approval;
    entry: LedgerEntry | null;
};

export type LedgerReverse = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * Who stands for what is not paid; null of a session that we were asked about before it began. `partner`: it owes what its driver does not pay, like any other debt. `platform`: it stands for all of it, and the payees are paid. `cpo`: nobody stands for it, and the payees are paid once the driver has.
 */
export type Liable = 'partner' | 'cpo' | 'platform';

/**
 * A site with chargers.
 */
export type Location = {
    /**
     * Id with the prefix `loc_`.
     */
    id: string;
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    name: string | null;
    address: string;
    city: string;
    postal_code: string | null;
    country: Country;
    residency_region: ResidencyRegion;
    position: {
        /**
         * WGS 84, degrees.
         */
        latitude: number;
        /**
         * WGS 84, degrees.
         */
        longitude: number;
    };
    time_zone: string;
    updated_at: Instant;
};

export type LocationCreate = {
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    name: string;
    address: string;
    city: string;
    postal_code?: string;
    country: Country;
    position: {
        /**
         * WGS 84, degrees.
         */
        latitude: number;
        /**
         * WGS 84, degrees.
         */
        longitude: number;
    };
    /**
     * Tariffs are read in it.
     */
    time_zone: string;
};

/**
 * One page of a list.
 */
export type LocationList = {
    data: Array<Location>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * The key a calibrated meter signs its values with.
 */
export type MeterKey = {
    /**
     * Id with the prefix `evs_`.
     */
    evse: string;
    curve: 'secp192k1' | 'secp192r1' | 'secp256k1' | 'secp256r1' | 'brainpoolP256r1' | 'secp384r1' | 'brainpoolP384r1' | 'secp521r1';
    /**
     * SubjectPublicKeyInfo, hex.
     */
    public_key: string;
    meter_serial: string | null;
    /**
     * Sessions that end from here on are checked by it, until the next key.
     */
    valid_from: Instant;
};

export type MeterKeyCreate = {
    /**
     * As printed on the meter or given by its maker: hex or base64, SubjectPublicKeyInfo or the bare point.
     */
    public_key: string;
    /**
     * Needed for a bare point that is not on `secp256r1`.
     */
    curve?: 'secp192k1' | 'secp192r1' | 'secp256k1' | 'secp256r1' | 'brainpoolP256r1' | 'secp384r1' | 'brainpoolP384r1' | 'secp521r1';
    meter_serial?: string;
};

export type MeterKeyList = {
    data: Array<MeterKey>;
};

/**
 * Integer minor units as text.
 */
export type MinorSum = string;

/**
 * Integer minor units (cents, rappen, yen) and the ISO 4217 currency.
 */
export type Money = {
    amount: number;
    currency: Currency;
};

/**
 * Where the money is.
 */
export type MoneyStatus = 'unfunded' | 'held' | 'released' | 'capturing' | 'captured' | 'capture_failed' | 'refunded' | 'partially_refunded' | 'disputed' | 'settled' | 'settled_provisionally' | 'adjusted';

/**
 * Chargers that connect to us over OCPP.
 */
export type NodeConnectionCreate = {
    protocol: 'node';
    country_code: Country;
    /**
     * OCPI party id.
     */
    party_id: string;
};

/**
 * An operator with its own OCPI endpoint: 2.1.1, 2.2.1 or 2.3.0.
 */
export type OcpiConnectionCreate = {
    protocol: 'ocpi';
    country_code: Country;
    /**
     * OCPI party id.
     */
    party_id: string;
    /**
     * Your OCPI versions endpoint. https, unless this sandbox allows loopback. Without it you register with us, by the `token_a` of the answer.
     */
    versions_url?: string;
    /**
     * CREDENTIALS_TOKEN_A, as it goes on the wire before encoding.
     */
    token_a?: string;
};

/**
 * Number as in OCPI, or the same as decimal text.
 */
export type OcpiNumber = number | string;

/**
 * OCPI 2.2.1 Tariff object. Prices exclude VAT.
 */
export type OcpiTariff = {
    country_code: string;
    party_id: string;
    id: string;
    currency: Currency;
    type?: 'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR';
    tariff_alt_text?: Array<{
        language: string;
        text: string;
    }>;
    tariff_alt_url?: string;
    min_price?: {
        excl_vat: OcpiNumber;
        incl_vat?: OcpiNumber;
    };
    max_price?: {
        excl_vat: OcpiNumber;
        incl_vat?: OcpiNumber;
    };
    elements: Array<{
        price_components: Array<{
            type: 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';
            /**
             * Excluding VAT: per kWh, per hour, or flat.
             */
            price: OcpiNumber;
            /**
             * Percentage, e.g. 19.
             */
            vat?: OcpiNumber;
            /**
             * Wh for ENERGY, seconds for times.
             */
            step_size: number;
        }>;
        restrictions?: {
            start_time?: string;
            end_time?: string;
            start_date?: string;
            end_date?: string;
            min_kwh?: OcpiNumber;
            max_kwh?: OcpiNumber;
            min_current?: OcpiNumber;
            max_current?: OcpiNumber;
            min_power?: OcpiNumber;
            max_power?: OcpiNumber;
            min_duration?: number;
            max_duration?: number;
            day_of_week?: Array<'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'>;
            reservation?: 'RESERVATION' | 'RESERVATION_EXPIRES';
        };
    }>;
    start_date_time?: Instant;
    end_date_time?: Instant;
    last_updated: Instant;
};

/**
 * What does not agree, with its age and whose it is.
 */
export type OpenItem = {
    /**
     * Id with the prefix `opi_`.
     */
    id: string;
    kind: 'sale_not_booked' | 'provider_movement_missing' | 'provider_amount' | 'provider_fee' | 'provider_currency' | 'provider_reversed' | 'provider_movement_unknown' | 'provider_unexplained' | 'sweep_missing' | 'bank_line_unknown' | 'bank_line_doubled' | 'bank_booking_missing' | 'bank_amount' | 'bank_currency' | 'bank_fee_netted' | 'bank_line_bundled' | 'bank_unexplained' | 'record_missing' | 'sale_missing' | 'invoice_missing' | 'invoice_amount' | 'record_energy' | 'settlement_missing';
    subject: string;
    /**
     * By how much it explains a difference.
     */
    amount: Money;
    cause: string;
    owner: string;
    age_days: number;
    status: 'open' | 'closed';
    opened_at: Instant;
    last_seen_at: Instant;
    closed_at: Instant | null;
};

export type OpenItemAssign = {
    owner: string;
};

/**
 * One page of a list.
 */
export type OpenItemList = {
    data: Array<OpenItem>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Local time at the site; the end is out, without times the whole day.
 */
export type OpenWindow = {
    start_time?: string;
    end_time?: string;
};

/**
 * What the platform and a partner agree on.
 */
export type PartnerTerms = {
    side: 'partner';
    /**
     * The partner’s part of the platform’s commission.
     */
    partner_share_bps: number;
    /**
     * Whether a partner is paid its share of each sale, or its drivers pay that much less. The CPO gets the same.
     */
    benefit_mode: 'revenue_share' | 'discount';
    /**
     * Countries of chargers that it covers; null for all.
     */
    markets?: Array<Country> | null;
    /**
     * Currencies of sales that it covers; null for all.
     */
    currencies?: Array<Currency> | null;
};

/**
 * Whose an OCPI party, the operator of EVSE-IDs, is. It belongs to one account.
 */
export type Party = {
    /**
     * Id with the prefix `pty_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    country_code: string;
    party_id: string;
    /**
     * `granted`: used with the leave of the platform beside its owner, as a hub does.
     */
    kind: 'own' | 'granted';
    /**
     * `verified`: connections and EVSE-IDs of it are taken. `review`: the platform decides. `ended`: it went to another account.
     */
    status: 'verified' | 'review' | 'refused' | 'ended';
    reason: string | null;
    decided_at: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type PartyClaim = {
    /**
     * ISO 3166-1 alpha-2, or `+49` for an operator of DIN 91286.
     */
    country_code: Country | string;
    party_id: string;
    /**
     * Only for the platform.
     */
    account?: string;
};

export type PartyDecision = {
    decision: 'own' | 'granted' | 'refused';
    reason: string;
};

/**
 * One page of a list.
 */
export type PartyList = {
    data: Array<Party>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * In which role a party takes part in a sale: driver, cpo, partner, platform, site_host, landowner, municipality, fund, or another word. Take one that you do not know as a payee like any other.
 */
export type PartyRole = string;

/**
 * One payment authorization and what was taken of it.
 */
export type Payment = {
    /**
     * Id with the prefix `pay_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * Null where nothing was ever held.
     */
    hold: string | null;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    type: 'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp';
    attempt: number;
    status: 'created' | 'requires_action' | 'authorized' | 'declined' | 'captured' | 'capture_failed' | 'voided';
    hold_amount: Money;
    captured_amount: Money | null;
    /**
     * The payment provider's id, as on the bank statement.
     */
    psp_reference: string | null;
    decline_code: string | null;
    /**
     * What the card issuer advises: `try_again_later`, `confirm_card_data` (ask the driver to enter the card anew) or `do_not_try_again`; null where it says nothing.
     */
    decline_advice: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data' | null;
    /**
     * The card network’s own code of the refusal, e.g. `51`.
     */
    network_decline_code: string | null;
    /**
     * For the driver to authenticate with; only while `requires_action`.
     */
    client_secret: string | null;
    /**
     * Of the payment provider: with it and `client_secret` the driver’s device answers the challenge, e.g. `stripe.handleNextAction`. Only while `requires_action`.
     */
    publishable_key: string | null;
    released_at: Instant | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * Where you are asked to authorize what you pay for.
 */
export type PaymentEndpoint = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    kind: 'wallet' | 'bnpl' | 'fuel_card';
    url: string;
    /**
     * Signs what you are asked, as Standard Webhooks has it; told once, when set.
     */
    secret: string | null;
    updated_at: Instant;
};

export type PaymentEndpointList = {
    data: Array<PaymentEndpoint>;
};

export type PaymentEndpointSet = {
    kind: 'wallet' | 'bnpl' | 'fuel_card';
    /**
     * https on port 443, a public host, no user name; a sandbox may allow http on loopback. Redirects are not followed.
     */
    url: string;
};

/**
 * An event whose `data` is the Payment it left.
 */
export type PaymentEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'payment.requires_action' | 'payment.authorized' | 'payment.captured' | 'payment.captured_provisional' | 'payment.failed' | 'payment.refunded' | 'payment.charged_back' | 'payment.chargeback_closed' | 'payment.refund_failed';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Payment;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type PaymentList = {
    data: Array<Payment>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * What pays for a driver.
 */
export type PaymentSource = {
    /**
     * Id with the prefix `psrc_`.
     */
    id: string;
    driver: Driver;
    type: 'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp';
    /**
     * `requires_action`: the payer is yet to name a card, on your page or with the first start. `failing`: its issuer advised not to ask again; `confirm` it once that is settled.
     */
    status: 'requires_action' | 'active' | 'failing' | 'detached';
    /**
     * What is shown of a card; null of other kinds.
     */
    card: {
        brand: string;
        last4: string;
        /**
         * `YYYY-MM`
         */
        expires: string;
        /**
         * The wallet it is in: `apple_pay`, `google_pay` …; null for a card by itself.
         */
        wallet: string | null;
    } | null;
    /**
     * With the publishable key: for the Payment Element on your page, cards and wallets alike. Only in the answers of `create` and `confirm` while `requires_action`.
     */
    client_secret: string | null;
    publishable_key: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type PaymentSourceCreate = {
    driver: DriverRef;
    type: 'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp';
    /**
     * Of a card, partner_psp: its provider’s id (pm_…). Of wallet, bnpl, fuel_card: your own reference. Of account, prepaid: none.
     */
    payment_method?: string;
};

/**
 * One page of a list.
 */
export type PaymentSourceList = {
    data: Array<PaymentSource>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A settlement on its way to its payee, once per attempt.
 */
export type Payout = {
    /**
     * Id with the prefix `po_`.
     */
    id: string;
    /**
     * Id with the prefix `stl_`.
     */
    settlement: string;
    /**
     * Id with the prefix `acct_`.
     */
    payee: string;
    role: PartyRole;
    /**
     * Of its settlement: 1 for the first.
     */
    attempt: number;
    amount: Money;
    /**
     * `created`: not given to the bank yet. `sent`: the bank has it. `paid`: booked. `failed`: the bank refused it. `returned`: it was booked and came back. `cancelled`: it was never sent.
     */
    state: 'created' | 'sent' | 'paid' | 'failed' | 'returned' | 'cancelled';
    /**
     * `bank`: one by one at our bank. `sepa_file`: a SEPA credit transfer in a file (pain.001). `connect`: an account at the card provider.
     */
    rail: 'bank' | 'sepa_file' | 'connect';
    /**
     * Why it goes that way.
     */
    rail_reason: string;
    instant: boolean;
    /**
     * Id with the prefix `bac_`.
     */
    bank_account: string;
    /**
     * The file that it left with.
     */
    file: string | null;
    /**
     * The bank’s own.
     */
    bank_reference: string | null;
    failure: {
        /**
         * As the bank says it: ISO 20022, e.g. AC04, or the card provider’s.
         */
        code: string | null;
        message: string;
        detail: string | null;
        /**
         * What helps: another bank account, `payouts.retry`, or a word of the bank.
         */
        next: 'change_account' | 'retry' | 'ask_bank';
    } | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    sent_at: Instant | null;
    paid_at: Instant | null;
    /**
     * When it failed, came back or was cancelled.
     */
    ended_at: Instant | null;
};

/**
 * When payouts may leave, as agreed: business days and hours of a place.
 */
export type PayoutCalendar = {
    /**
     * IANA time zone.
     */
    time_zone: string;
    /**
     * Business days; 1 is Monday.
     */
    days: Array<number>;
    from: string;
    /**
     * Not included.
     */
    until: string;
    /**
     * Days on which nothing leaves, whatever day of the week.
     */
    holidays: Array<string>;
};

export type PayoutCancel = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * An event whose `data` is the Payout it left.
 */
export type PayoutEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'payout.created' | 'payout.sent' | 'payout.paid' | 'payout.failed' | 'payout.returned' | 'payout.cancelled';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Payout;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type PayoutList = {
    data: Array<Payout>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type PayoutRetry = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * For each kWh of the session, to the Wh.
 */
export type PerKwhShare = {
    kind: 'per_kwh';
    price: UnsignedDecimal;
    currency: Currency;
};

/**
 * For each minute from start to end, to the second.
 */
export type PerMinuteShare = {
    kind: 'per_minute';
    price: UnsignedDecimal;
    currency: Currency;
};

/**
 * For each site and period, whether or not anybody charged there; settled at its end.
 */
export type PerPeriodShare = {
    kind: 'per_period';
    amount: PositiveAmount;
};

/**
 * Basis points of the base (10000 is all of it).
 */
export type PercentageShare = {
    kind: 'percentage';
    bps: number;
};

/**
 * A monthly plan a partner or a CPO sells to drivers. The platform charges nobody a recurring fee.
 */
export type Plan = {
    /**
     * Id with the prefix `pln_`.
     */
    id: string;
    version: number;
    /**
     * Who sells it, is owed its fee, and pays what it takes off the public price.
     */
    owner: string;
    owner_type: 'partner' | 'cpo';
    country: Country;
    name: string;
    /**
     * As of today.
     */
    access_fee: AccessFee;
    included_kwh: Decimal;
    included: Array<TariffDimension>;
    overage: PlanOverage;
    /**
     * Takes no new subscriptions.
     */
    retired: boolean;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type PlanCreate = {
    name: string;
    /**
     * Of one month, tax included; 0 for none. Its currency is the plan’s.
     */
    access_fee: UnsignedAmount;
    /**
     * Per month; "0" for none.
     */
    included_kwh: UnsignedDecimal;
    /**
     * What costs nothing while the allowance lasts; energy always does.
     */
    included?: Array<TariffDimension>;
    overage: PlanOverage;
    /**
     * Where it is sold: decides the VAT of the fee.
     */
    country: Country;
};

/**
 * An event whose `data` is the Plan it left.
 */
export type PlanEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'plan.created' | 'plan.version_added' | 'plan.retired';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Plan;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type PlanList = {
    data: Array<Plan>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * What counts beyond the allowance: the public price, basis points off its components, or an OCPI 2.2.1 tariff of its own. Never above public: the lower price of a session counts.
 */
export type PlanOverage = {
    kind: 'public';
} | {
    kind: 'discount';
    discount_bps: {
        ENERGY?: number;
        TIME?: number;
        PARKING_TIME?: number;
        FLAT?: number;
    };
} | {
    kind: 'tariff';
    tariff: {
        [key: string]: unknown;
    };
};

export type PlanVersionCreate = {
    name: string;
    /**
     * Of one month, tax included; 0 for none. Its currency is the plan’s.
     */
    access_fee: UnsignedAmount;
    /**
     * Per month; "0" for none.
     */
    included_kwh: UnsignedDecimal;
    /**
     * What costs nothing while the allowance lasts; energy always does.
     */
    included?: Array<TariffDimension>;
    overage: PlanOverage;
};

/**
 * Policy of the platform, as data: what it decides for all, for a market, or for an operator. What is null for an operator is by its market, then by what is set for all, then by the default.
 */
export type PlatformSettings = {
    /**
     * How long after its end a session waits for the operator’s record before it is billed by our own. A session keeps what was set when it was opened.
     */
    record_deadline_s: number | null;
    /**
     * How long nothing may flow before a session is stopped. A session keeps what was set when it was opened.
     */
    ghost_s: number | null;
    /**
     * How long an unusually high price is held before time lifts it.
     */
    price_hold_s: number | null;
    /**
     * Above so many times the usual price time lifts nothing, the platform alone does.
     */
    usual_price_times: number | null;
    /**
     * By how much payouts may go beyond what is on our bank account, by currency: money of sales that the provider has not paid out yet. Where nothing is named there is no limit. A payout beyond it waits as `awaiting_funds`.
     */
    float_limits: Array<Amount> | null;
    /**
     * What an account without a credit line may come to owe for the sessions that its own plans pay, by currency. What is beyond it, or beyond a credit line, is paid to nobody before its money is in.
     */
    plan_limits: Array<Amount> | null;
    /**
     * How long a claim above the price waits before it is due to become a dispute.
     */
    dispute_after_s: number | null;
    /**
     * How long after its end a session that was billed by our own record is open to the operator’s. A session keeps what was set when it was opened; a record that comes is held against what is set by then.
     */
    contract_term_s: number | null;
    /**
     * Within how long of its end everybody who takes part in a session is to be paid. A session keeps what was set when it was opened.
     */
    settle_within_s: number | null;
    /**
     * How long a charger that took a stop has to obey it before it is told again, and three times that before its end is concluded. A session keeps what was set when it was opened.
     */
    stop_confirmation_s: number | null;
    /**
     * How long a tax office’s good answer about a VAT number allows a reverse charge. An answer keeps what was set when it came. Of all, not of a market or an account.
     */
    vat_check_counts_s: number | null;
    /**
     * At which age of its last good answer a VAT number is asked about again. Of all, not of a market or an account.
     */
    vat_recheck_s: number | null;
    /**
     * How long a new bank account waits before payouts go to it, unless a second person confirms it. One that waits keeps what was set when it was named. Of all, not of a market or an account.
     */
    bank_account_cooling_s: number | null;
    /**
     * How long what was booked of a session may be unlike what the provider lists before it is an open item. Of all, not of a market or an account.
     */
    reconcile_provider_s: number | null;
    /**
     * How long a booking may be without its line on a statement before it is an open item: the days of the bank and of the provider begin at different hours. Of all, not of a market or an account.
     */
    reconcile_bank_s: number | null;
    /**
     * How long what the provider paid out may be on its way to the bank before it is an open item. Of all, not of a market or an account.
     */
    reconcile_sweep_s: number | null;
    /**
     * What counts where a setting is null.
     */
    defaults: {
        record_deadline_s: number;
        ghost_s: number;
        price_hold_s: number;
        usual_price_times: number;
        dispute_after_s: number;
        contract_term_s: number;
        settle_within_s: number;
        stop_confirmation_s: number;
        vat_check_counts_s: number;
        vat_recheck_s: number;
        bank_account_cooling_s: number;
        reconcile_provider_s: number;
        reconcile_bank_s: number;
        reconcile_sweep_s: number;
    };
    /**
     * Of sessions in this country alone.
     */
    market: string | null;
    /**
     * Of sessions at this operator’s chargers alone; before its market’s.
     */
    account: string | null;
    /**
     * Of the change that set them; null while nothing was ever set.
     */
    version: string | null;
    reason: string | null;
    /**
     * Id of the API key. Reason and key are for finance and the platform; null for others.
     */
    set_by: string | null;
    set_at: Instant | null;
};

export type PlatformSettingsChange = {
    /**
     * Of sessions in this country alone.
     */
    market?: string | null;
    /**
     * Of sessions at this operator’s chargers alone; before its market’s.
     */
    account?: string | null;
    /**
     * Why, for the auditors.
     */
    reason: string;
    /**
     * How long after its end a session waits for the operator’s record before it is billed by our own. A session keeps what was set when it was opened.
     */
    record_deadline_s?: number | null;
    /**
     * How long nothing may flow before a session is stopped. A session keeps what was set when it was opened.
     */
    ghost_s?: number | null;
    /**
     * How long an unusually high price is held before time lifts it.
     */
    price_hold_s?: number | null;
    /**
     * Above so many times the usual price time lifts nothing, the platform alone does.
     */
    usual_price_times?: number | null;
    /**
     * By how much payouts may go beyond what is on our bank account, by currency: money of sales that the provider has not paid out yet. Where nothing is named there is no limit. A payout beyond it waits as `awaiting_funds`.
     */
    float_limits?: Array<Amount> | null;
    /**
     * What an account without a credit line may come to owe for the sessions that its own plans pay, by currency. What is beyond it, or beyond a credit line, is paid to nobody before its money is in.
     */
    plan_limits?: Array<Amount> | null;
    /**
     * How long a claim above the price waits before it is due to become a dispute.
     */
    dispute_after_s?: number | null;
    /**
     * How long after its end a session that was billed by our own record is open to the operator’s. A session keeps what was set when it was opened; a record that comes is held against what is set by then.
     */
    contract_term_s?: number | null;
    /**
     * Within how long of its end everybody who takes part in a session is to be paid. A session keeps what was set when it was opened.
     */
    settle_within_s?: number | null;
    /**
     * How long a charger that took a stop has to obey it before it is told again, and three times that before its end is concluded. A session keeps what was set when it was opened.
     */
    stop_confirmation_s?: number | null;
    /**
     * How long a tax office’s good answer about a VAT number allows a reverse charge. An answer keeps what was set when it came. Of all, not of a market or an account.
     */
    vat_check_counts_s?: number | null;
    /**
     * At which age of its last good answer a VAT number is asked about again. Of all, not of a market or an account.
     */
    vat_recheck_s?: number | null;
    /**
     * How long a new bank account waits before payouts go to it, unless a second person confirms it. One that waits keeps what was set when it was named. Of all, not of a market or an account.
     */
    bank_account_cooling_s?: number | null;
    /**
     * How long what was booked of a session may be unlike what the provider lists before it is an open item. Of all, not of a market or an account.
     */
    reconcile_provider_s?: number | null;
    /**
     * How long a booking may be without its line on a statement before it is an open item: the days of the bank and of the provider begin at different hours. Of all, not of a market or an account.
     */
    reconcile_bank_s?: number | null;
    /**
     * How long what the provider paid out may be on its way to the bank before it is an open item. Of all, not of a market or an account.
     */
    reconcile_sweep_s?: number | null;
};

/**
 * One page of a list.
 */
export type PlatformSettingsList = {
    data: Array<PlatformSettings>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * `before_start`: go_on or refuse. `after_record`: go_on or flag. `split`: lines. `before_payout`: go_on or hold. Numbers are whole; minus zero is none.
 */
export type PolicyAnswer = {
    decision: 'go_on';
} | {
    decision: 'refuse';
    /**
     * Shown to whom it concerns.
     */
    reason: string;
} | {
    decision: 'go_on';
} | {
    decision: 'flag';
    /**
     * Shown to whom it concerns.
     */
    reason: string;
} | {
    lines: Array<{
        id: string;
        supplier: {
            role: string;
            id: string;
        };
        recipient: {
            role: string;
            id: string;
        };
        amount: number;
    }>;
} | {
    decision: 'go_on';
} | {
    decision: 'hold';
    /**
     * Shown to whom it concerns.
     */
    reason: string;
};

/**
 * What a call would answer. Nothing is kept of it.
 */
export type PolicyDryRun = {
    outcome: 'answered' | 'fault';
    hook: PolicyHook;
    answer: PolicyAnswer | null;
    fault: 'unreadable' | 'no_hook' | 'steps' | 'time' | 'memory' | 'stack' | 'threw' | 'promise' | 'too_large' | 'no_json' | 'crashed' | 'busy' | 'answer' | null;
    message: string | null;
    /**
     * What it was called with.
     */
    facts: PolicyFacts;
    facts_hash: string;
    /**
     * Of the engine, in ten thousands.
     */
    steps: number | null;
};

export type PolicyDryRunRequest = {
    hook: PolicyHook;
    facts?: PolicyFacts;
    /**
     * Instead of facts: those that it was called with for this session.
     */
    session?: string;
};

/**
 * What a hook is called with: ids and figures, never who the driver is. `at` is the time of the call; there is no other clock.
 */
export type PolicyFacts = {
    at: Instant;
    session: string;
    evse: string;
    country: string;
    partner: string;
    currency: Currency;
    hook: 'before_start';
    location: string;
    connector: string;
    channel: string;
    at_charger: boolean;
    tariff: string;
    basis: string;
    contract: string | null;
    estimate: {
        energy_wh: number;
        duration_s: number;
        total: Amount;
    };
    hold: Amount;
} | {
    at: Instant;
    session: string;
    evse: string;
    country: string;
    partner: string;
    currency: Currency;
    hook: 'after_record';
    record: string;
    verdict: string;
    rules: Array<string>;
    provisional: boolean;
    energy_wh: number;
    started_at: Instant | null;
    ended_at: Instant | null;
    difference: Amount | null;
    payable: Amount | null;
} | {
    at: Instant;
    session: string;
    evse: string;
    country: string;
    partner: string;
    currency: Currency;
    hook: 'split';
    record: string;
    energy_wh: number;
    sale: {
        net: Amount;
        vat: Amount;
        gross: Amount;
    };
    parties: Array<{
        role: string;
        id: string;
    }>;
} | {
    hook: 'before_payout';
    at: Instant;
    settlement: string;
    payee: {
        role: string;
        id: string;
    };
    amount: Amount;
    sessions: number;
};

/**
 * What the package answers to these facts. Tried when it is uploaded and activated, and before every change of the platform.
 */
export type PolicyGolden = {
    name: string;
    facts: PolicyFacts;
    answer: PolicyAnswer;
};

/**
 * The export of the module that is called there has this name.
 */
export type PolicyHook = 'before_start' | 'after_record' | 'split' | 'before_payout';

/**
 * An operator’s own code, asked at named points of its sessions and run apart from everything else. It decides what the operator may decide: whether a start is taken, whether a record is looked at, who shares, whether a payout waits; never the price.
 */
export type PolicyPackage = {
    /**
     * Id with the prefix `pkg_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    name: string;
    /**
     * Semantic version; a version never changes.
     */
    version: string;
    hooks: Array<PolicyHook>;
    schema_version: number;
    on_error: 'go_on' | 'refuse';
    /**
     * Of the source, hexadecimal.
     */
    sha256: string;
    /**
     * How many tests it brings.
     */
    goldens: number;
    /**
     * `switched_off`: too many faults in a row; it is asked no more.
     */
    status: 'draft' | 'active' | 'retired' | 'switched_off';
    faults_in_row: number;
    /**
     * Why it is no longer asked.
     */
    reason: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    activated_at: Instant | null;
    ended_at: Instant | null;
};

export type PolicyPackageCreate = {
    name: string;
    /**
     * Semantic version; a version never changes.
     */
    version: string;
    hooks: Array<PolicyHook>;
    schema_version: number;
    /**
     * What becomes of a start whose hook is at fault. A split falls back to the data policy, everything else goes on.
     */
    on_error?: 'go_on' | 'refuse';
    goldens: Array<PolicyGolden>;
    /**
     * One ES module that imports nothing; each hook is an exported function of the facts that returns its answer. No network, clock, randomness or promises.
     */
    source: string;
};

/**
 * An event whose `data` is the PolicyPackage it left.
 */
export type PolicyPackageEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'policy_package.activated' | 'policy_package.retired' | 'policy_package.switched_off';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: PolicyPackage;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * A call without an answer that counts.
 */
export type PolicyPackageFault = {
    /**
     * Id with the prefix `pft_`.
     */
    id: string;
    /**
     * Id with the prefix `pkg_`.
     */
    package: string;
    hook: PolicyHook;
    session: string | null;
    /**
     * What the call was about.
     */
    subject: string;
    fault: 'unreadable' | 'no_hook' | 'steps' | 'time' | 'memory' | 'stack' | 'threw' | 'promise' | 'too_large' | 'no_json' | 'crashed' | 'busy' | 'answer';
    message: string;
    at: Instant;
};

/**
 * One page of a list.
 */
export type PolicyPackageFaultList = {
    data: Array<PolicyPackageFault>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * One page of a list.
 */
export type PolicyPackageList = {
    data: Array<PolicyPackage>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Money in a request, above zero.
 */
export type PositiveAmount = {
    amount: number;
    currency: Currency;
};

/**
 * Money that a partner paid in ahead; sources of type `prepaid` pay out of it.
 */
export type PrepaidBalance = {
    /**
     * The partner whose money it is.
     */
    account: string;
    currency: Currency;
    /**
     * Paid in and not used, by the books.
     */
    paid_in: Money;
    /**
     * Of that, reserved by sessions that run.
     */
    held: Money;
    /**
     * What is left for new sessions.
     */
    available: Money;
    /**
     * Below it `prepaid_balance.low` is sent, once.
     */
    low_below: Money;
    low_since: Instant | null;
};

/**
 * An event whose `data` is the PrepaidBalance it left.
 */
export type PrepaidBalanceEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'prepaid_balance.low' | 'prepaid_balance.paid_in';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: PrepaidBalance;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type PrepaidBalanceList = {
    data: Array<PrepaidBalance>;
};

export type PrepaidBalanceSet = {
    low_below: UnsignedAmount;
};

export type PrepaidPayment = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    amount: PositiveAmount;
    /**
     * Of the bank’s booking.
     */
    reference: string;
    received_at: Instant;
};

/**
 * How often an operator’s records ask the price quoted.
 */
export type PriceAccuracy = {
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    name: string;
    from: Instant;
    to: Instant;
    /**
     * Records judged in the time.
     */
    records: number;
    /**
     * Of those, the ones that ask the quote’s price, by its tariff, to the rounding.
     */
    matching: number;
    /**
     * Matching of all, 0 to 1, four decimals.
     */
    accuracy: Decimal;
    by_verdict: {
        [key: string]: number;
    };
    by_rule: {
        [key: string]: number;
    };
    /**
     * A record counts under each of its reasons.
     */
    by_reason: {
        [key: string]: number;
    };
    /**
     * What was asked above the price, per currency.
     */
    claimed_above: Array<Money>;
};

/**
 * One page of a list.
 */
export type PriceAccuracyList = {
    data: Array<PriceAccuracy>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Why a record’s total is not ours.
 */
export type PriceDispute = {
    reasons: Array<{
        /**
         * e.g. `TARIFF_CHANGED`, `STEP_SIZE`, `HOURS_ROUNDED`.
         */
        code: string;
        certainty: 'shown' | 'possible';
        detail: string;
    }>;
    /**
     * Our cost beside the record’s, where the record states it.
     */
    lines: Array<{
        dimension: 'FLAT' | 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'RESERVATION';
        ours: Decimal;
        claimed: Decimal;
        difference: Decimal;
    }>;
    /**
     * Each single reading that gives exactly the record’s total.
     */
    reproduced_by: Array<{
        setting: string;
        value: string;
        reason: string;
        total: {
            amount: number;
            currency: Currency;
        };
    }>;
};

/**
 * A price anyone can compute again. The answer itself is the document: save it as JSON and run `npx chargelane-verify FILE.json`, or drop it on the page at `/open/verify`.
 */
export type PriceProof = {
    /**
     * Id with the prefix `prf_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * The record whose usage was rated.
     */
    cdr: string;
    /**
     * Which price of the session: `retail` is what the driver pays.
     */
    rating: string;
    /**
     * `failed` when it did not recompute at the last look: its session is not settled until it does.
     */
    status: 'valid' | 'superseded' | 'failed';
    failure: string | null;
    schema: string;
    /**
     * SHA-256 of the RFC 8785 form of `input`.
     */
    hash: string;
    engine_version: string;
    /**
     * Tariff, usage, context, agreement, rating policy and engine version: all that the price follows from.
     */
    input: {
        [key: string]: unknown;
    };
    /**
     * Components and totals that the input gives.
     */
    output: {
        [key: string]: unknown;
    };
    checked_at: Instant;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * An event whose `data` is the PriceProof it left.
 */
export type PriceProofEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'proof.failed' | 'proof.restored';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: PriceProof;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * What re-execution found.
 */
export type PriceProofVerification = {
    ok: boolean;
    session: string | null;
    hash: string | null;
    /**
     * Results must be equal, versions need not.
     */
    engine: {
        proved_by: string;
        checked_by: string;
    } | null;
    checks: Array<{
        name: string;
        ok: boolean;
        detail: string;
    }>;
    /**
     * The recomputed price in words, line by line.
     */
    lines: Array<string>;
    totals: {
        net: Money;
        vat: Money;
        gross: Money;
    } | null;
};

export type PriceProofVerify = {
    /**
     * A price proof as read here or from an evidence pack.
     */
    proof: {
        [key: string]: unknown;
    };
};

/**
 * How far partners’ prices lie apart at one connector.
 */
export type PriceSpread = {
    /**
     * Id with the prefix `evs_`.
     */
    evse: string;
    evse_id: string;
    /**
     * Id with the prefix `con_`.
     */
    connector: string;
    country: string;
    market_profile: string;
    tariff: string;
    currency: Currency;
    /**
     * Of the standard session.
     */
    energy_wh: number;
    duration_s: number;
    /**
     * What every partner without an agreement pays.
     */
    public_total: Money;
    prices: Array<{
        /**
         * Id with the prefix `acct_`.
         */
        partner: string;
        /**
         * Id with the prefix `rag_`.
         */
        agreement: string;
        version: number;
        justification: string | null;
        total: Money;
    }>;
    /**
     * Public price less the lowest agreed one.
     */
    spread: Money;
    justification_required: boolean;
    /**
     * A partner pays less, and no justification is recorded for it.
     */
    flagged: boolean;
};

/**
 * One page of a list.
 */
export type PriceSpreadList = {
    data: Array<PriceSpread>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * RFC 9457 problem document. Codes may add fields of their own.
 */
export type Problem = {
    /**
     * URL that names the code.
     */
    type: string;
    title: string;
    status: number;
    code: ErrorCode;
    /**
     * For your log, in English.
     */
    detail: string;
    /**
     * Dotted path of the field at fault, e.g. `near.latitude`.
     */
    param?: string;
    /**
     * True when the same wish may succeed later without a change.
     */
    retryable: boolean;
    /**
     * What to do now, e.g. `{ "type": "requote", "new_quote": "quo_…" }`.
     */
    next_action?: {
        type: string;
        [key: string]: unknown;
    };
    /**
     * A sentence fit to be shown to the driver.
     */
    driver_message: {
        en: string;
        de: string;
    };
    request_id: string;
};

/**
 * Your own account at a payment provider, for sources of type `partner_psp`.
 */
export type PspAccount = {
    /**
     * Id with the prefix `psa_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    provider: 'stripe';
    mode: 'restricted_key' | 'connected';
    provider_account: string;
    /**
     * `revoked`: the provider refused our key; sources of it start nothing until you give another.
     */
    status: 'active' | 'revoked';
    /**
     * Under the address of this API: where your provider has to send its events to.
     */
    webhook_path: string;
    /**
     * Until then the key and the secret before count too.
     */
    previous_until: Instant | null;
    checked_at: Instant;
    revoked_at: Instant | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type PspAccountList = {
    data: Array<PspAccount>;
};

export type PspAccountRotate = {
    api_key?: string;
    webhook_secret?: string;
    overlap_s: number;
};

export type PspAccountSet = {
    mode: 'restricted_key' | 'connected';
    provider_account: string;
    api_key?: string;
    publishable_key?: string;
    webhook_secret: string;
};

/**
 * A binding price for one session at one EVSE.
 */
export type Quote = {
    /**
     * Id with the prefix `quo_`.
     */
    id: string;
    status: 'open' | 'consumed' | 'expired' | 'cancelled';
    /**
     * The session that used the quote.
     */
    session: string | null;
    /**
     * Id with the prefix `evs_`.
     */
    evse: string;
    evse_id: string;
    /**
     * Id with the prefix `con_`.
     */
    connector: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    driver: Driver;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    channel: string;
    created_at: Instant;
    /**
     * The last moment to start a session with it.
     */
    expires_at: Instant;
    /**
     * Once started, the price holds to the end of the session.
     */
    guaranteed_until: 'session_end';
    /**
     * The exact tariff version, `trf_…@7`.
     */
    tariff: string;
    /**
     * SHA-256 of that tariff, RFC 8785 form.
     */
    tariff_hash: string;
    currency: Currency;
    components: Array<QuoteComponent>;
    /**
     * What costs nothing and when, though the tariff prices other usage.
     */
    free_usage?: Array<FreeUsage>;
    /**
     * What the estimate costs at the public price.
     */
    public_price_total: Money;
    /**
     * What it costs here: never more than public.
     */
    applied_price_total: Money;
    /**
     * What the price rests on: the public tariff, an agreement with the CPO that is never above it, a discount the partner pays out of its own share, or the driver’s plan, whose seller pays the rest.
     */
    basis: 'public' | 'rate_agreement' | 'partner_discount' | 'plan';
    /**
     * Why this price is below the public one, as recorded with its basis.
     */
    justification?: string | null;
    /**
     * The agreed tariff, derived from the locked public one. The session pays the lower of both ratings.
     */
    agreement?: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
        version: number;
        tariff: {
            id: string;
            [key: string]: unknown;
        };
        tariff_hash: string;
    };
    /**
     * The partner’s own share of this sale, given to the driver instead of paid out: the card is captured for that much less. `distribution` says what it is computed from.
     */
    discount?: {
        funded_by: 'partner';
    };
    distribution?: Distribution;
    /**
     * The version of the driver’s plan that counts for this session to its end, also where its allowance is promised elsewhere now: what is free again by then is used.
     */
    plan?: {
        /**
         * Id with the prefix `pln_`.
         */
        id: string;
        version: number;
        /**
         * Id with the prefix `sub_`.
         */
        subscription: string;
        period: number;
        /**
         * Id with the prefix `acct_`.
         */
        owner: string;
        funded_by: 'partner' | 'cpo';
        /**
         * Of the allowance, kept for this session; more may be left at its end.
         */
        promised_kwh: Decimal;
        tariff: {
            id: string;
            [key: string]: unknown;
        };
        tariff_hash: string;
    };
    /**
     * Under which the session is made, and why this one.
     */
    contract?: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
        version: number;
        name: string;
        /**
         * By what it stands before other contracts.
         */
        precedence: {
            site: 'evse' | 'location' | 'operator';
            drivers: 'group' | 'all';
            from: Instant;
        };
        rate_agreement: string | null;
        split_policy: string | null;
    };
    /**
     * The rule by which you may start here; absent where the place has none.
     */
    access?: {
        /**
         * Id with the prefix `arl_`.
         */
        rule: string;
        name: string;
        closes_at: Instant | null;
        ends_at_close: boolean;
    };
    /**
     * All that the market’s typical session costs, per kWh, tax and fees included: for comparing.
     */
    comparable_unit_price?: {
        value: Decimal;
        currency: Currency;
        per: 'kWh';
        tax: 'inclusive';
        text: {
            [key: string]: string;
        };
    };
    /**
     * Floor and ceiling of a session, tax included.
     */
    limits?: {
        min_total: Money | null;
        max_total: Money | null;
    };
    /**
     * What staying plugged in without charging costs; null: nothing.
     */
    idle_fee_terms?: {
        /**
         * Seconds from the start before such a fee counts.
         */
        grace_s: number;
        display: {
            [key: string]: string;
        };
    } | null;
    /**
     * The estimate the totals are for.
     */
    est: {
        energy_wh: number;
        duration_s: number;
        total: Money;
    };
    /**
     * What is reserved on the card at the start.
     */
    hold_amount: Money;
    tax_lines: Array<{
        rate: Decimal | null;
        net: Money;
        vat: Money;
    }>;
    seller: {
        name: string;
        vat_id: string | null;
    };
    supply_model: 'agency' | 'commissionaire' | 'direct';
    market_profile: string;
    /**
     * How the tariff is read where OCPI leaves it open.
     */
    rating_policy: {
        id: string;
        [key: string]: unknown;
    };
    engine_version: string;
    /**
     * Always empty: nothing is ever added to the operator’s price.
     */
    fees_to_driver: Array<unknown>;
    /**
     * The whole price in one text, per language.
     */
    display_text: {
        [key: string]: string;
    };
    signature: {
        key_id: string;
        algorithm: 'Ed25519';
        /**
         * base64 over the RFC 8785 form of `signed_body`.
         */
        value: string;
    };
    /**
     * Exactly what was signed.
     */
    signed_body: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
};

export type QuoteBatch = {
    evses: Array<{
        /**
         * Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).
         */
        evse: string;
        /**
         * The most powerful priced one by default.
         */
        connector?: string;
    }>;
    /**
     * Expected energy in Wh; sizes estimate and hold.
     */
    est_energy_wh?: number;
    /**
     * Expected time plugged in, in seconds.
     */
    est_duration_s?: number;
};

/**
 * One price of the tariff, ready to be shown.
 */
export type QuoteComponent = {
    type: TariffDimension;
    unit_price: {
        value: Decimal;
        currency: Currency;
        per: 'kWh' | 'h' | 'min' | 'session';
        tax: 'inclusive' | 'exclusive';
    };
    net_unit_price: Decimal;
    /**
     * Percent, e.g. `19`.
     */
    vat_rate: Decimal | null;
    /**
     * Wh for ENERGY, seconds for times.
     */
    step_size: number;
    /**
     * When this price applies, in OCPI restriction terms.
     */
    conditions: {
        [key: string]: string | number | Array<string>;
    } | null;
    /**
     * One line for the driver, per language.
     */
    display: {
        [key: string]: string;
    };
};

export type QuoteCreate = {
    /**
     * Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).
     */
    evse: string;
    /**
     * Needed only when the EVSE has connectors with different prices.
     */
    connector?: string;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    /**
     * The driver of the payment source by default; must be the same.
     */
    driver?: DriverRef;
    /**
     * Expected energy in Wh; sizes estimate and hold.
     */
    est_energy_wh?: number;
    /**
     * Expected time plugged in, in seconds.
     */
    est_duration_s?: number;
    /**
     * Where the driver was shown the price.
     */
    channel?: 'app' | 'in_car' | 'web' | 'pos' | 'agent' | 'qr' | 'rfid';
};

/**
 * What a CPO grants one partner below its public price, never above it.
 */
export type RateAgreement = {
    /**
     * Id with the prefix `rag_`.
     */
    id: string;
    version: number;
    status: 'draft' | 'proposed' | 'active' | 'ended' | 'rejected';
    /**
     * The version that prices sessions now, which may be an earlier one.
     */
    active_version: number | null;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * Id with the prefix `acct_`.
     */
    partner: string;
    /**
     * Id with the prefix `acct_`.
     */
    proposed_by: string;
    name: string;
    justification: string | null;
    price: RateDiscount | RateTariff;
    connector: ConnectorClass | null;
    times: Array<RateWindow> | null;
    evses: Array<string> | null;
    locations: Array<string> | null;
    effective_from: Instant;
    effective_to: Instant | null;
    /**
     * From when it prices quotes; never before it was accepted.
     */
    active_from: Instant | null;
    /**
     * From when no new quote is priced by it; sessions quoted before keep its price.
     */
    ended_at: Instant | null;
    decided_by: string | null;
    decided_at: Instant | null;
    reason: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type RateAgreementAmend = {
    name: string;
    /**
     * Why this partner pays less. Some markets activate no agreement without it.
     */
    justification?: string;
    price: RateDiscount | RateTariff;
    connector?: ConnectorClass;
    times?: Array<RateWindow>;
    evses?: Array<string>;
    locations?: Array<string>;
    /**
     * From acceptance on when absent.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    /**
     * True keeps it to yourself until you propose it.
     */
    draft?: boolean;
};

export type RateAgreementCreate = {
    /**
     * The CPO, or the partner, to agree with.
     */
    counterparty: string;
    name: string;
    /**
     * Why this partner pays less. Some markets activate no agreement without it.
     */
    justification?: string;
    price: RateDiscount | RateTariff;
    connector?: ConnectorClass;
    times?: Array<RateWindow>;
    evses?: Array<string>;
    locations?: Array<string>;
    /**
     * From acceptance on when absent.
     */
    effective_from?: Instant;
    effective_to?: Instant;
    /**
     * True keeps it to yourself until you propose it.
     */
    draft?: boolean;
};

/**
 * An event whose `data` is the RateAgreement it left.
 */
export type RateAgreementEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'rate_agreement.proposed' | 'rate_agreement.activated' | 'rate_agreement.rejected' | 'rate_agreement.ended';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: RateAgreement;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type RateAgreementList = {
    data: Array<RateAgreement>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Basis points off the public component prices (1000 = 10 %); a dimension not named keeps its price.
 */
export type RateDiscount = {
    kind: 'discount';
    discount_bps: {
        ENERGY?: number;
        TIME?: number;
        PARKING_TIME?: number;
        FLAT?: number;
    };
};

/**
 * An OCPI 2.2.1 tariff for this partner. Refused at activation where it would be dearer than the public one.
 */
export type RateTariff = {
    kind: 'tariff';
    tariff: {
        [key: string]: unknown;
    };
};

/**
 * Local time at the EVSE; without times the whole day.
 */
export type RateWindow = {
    start_time?: string;
    end_time?: string;
    day_of_week?: Array<'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'>;
};

/**
 * The provider, the bank, the books, records and papers, compared.
 */
export type Reconciliation = {
    /**
     * Id with the prefix `rec_`.
     */
    id: string;
    made_at: Instant;
    sides: Array<{
        side: 'provider' | 'bank';
        currency: Currency;
        /**
         * What the other side says stands there.
         */
        theirs: Money;
        books: Money;
        difference: Money;
        /**
         * Of it, under way and within its time.
         */
        in_transit: Money;
        /**
         * Of it, what open items come to.
         */
        explained: Money;
        /**
         * Nothing, or an open item of its own.
         */
        unexplained: Money;
    }>;
    /**
     * Looked at between meters, records and papers.
     */
    sessions: number;
    findings: Array<{
        kind: 'sale_not_booked' | 'provider_movement_missing' | 'provider_amount' | 'provider_fee' | 'provider_currency' | 'provider_reversed' | 'provider_movement_unknown' | 'provider_unexplained' | 'sweep_missing' | 'bank_line_unknown' | 'bank_line_doubled' | 'bank_booking_missing' | 'bank_amount' | 'bank_currency' | 'bank_fee_netted' | 'bank_line_bundled' | 'bank_unexplained' | 'record_missing' | 'sale_missing' | 'invoice_missing' | 'invoice_amount' | 'record_energy' | 'settlement_missing';
        count: number;
    }>;
};

/**
 * One page of a list.
 */
export type ReconciliationList = {
    data: Array<Reconciliation>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type ReconciliationRun = {
    workflow_id: string;
};

export type ReconciliationWish = {
    /**
     * Ages are told as of then; null is now.
     */
    as_of: Instant | null;
};

/**
 * What we know of the charge detail record.
 */
export type RecordStatus = 'none' | 'session_only' | 'provisional' | 'cdr_received' | 'cdr_accepted' | 'cdr_adjusted' | 'cdr_quarantined' | 'cdr_overdue' | 'credited';

/**
 * Money given back of what a payment captured.
 */
export type Refund = {
    /**
     * Id with the prefix `ref_`.
     */
    id: string;
    /**
     * Id with the prefix `pay_`.
     */
    payment: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * What the payer gets back.
     */
    amount: Money;
    /**
     * `refused`: the provider did not give it back, and the payer is owed it until somebody pays it otherwise.
     */
    status: 'pending' | 'refunded' | 'refused';
    /**
     * Why it was asked for; null where the price itself fell, e.g. by a late record.
     */
    reason: 'requested_by_payer' | 'duplicate' | 'no_energy' | 'charger_fault' | 'wrong_price' | 'goodwill' | 'dispute_decided' | 'made_at_provider' | null;
    /**
     * The provider’s own, as on the payer’s statement.
     */
    psp_reference: string | null;
    created_at: Instant;
    updated_at: Instant;
};

export type RefundCreate = {
    /**
     * Id with the prefix `pay_`.
     */
    payment: string;
    /**
     * In the currency of the capture; all that is left when absent.
     */
    amount?: PositiveAmount;
    reason: 'requested_by_payer' | 'duplicate' | 'no_energy' | 'charger_fault' | 'wrong_price' | 'goodwill';
};

/**
 * One page of a list.
 */
export type RefundList = {
    data: Array<Refund>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * What an employer pays its employees per kWh; private money without VAT.
 */
export type ReimbursementRate = {
    /**
     * Id with the prefix `rmr_`.
     */
    id: string;
    name: string;
    kind: 'home' | 'work' | 'any';
    country: Country;
    price_per_kwh: Decimal;
    currency: Currency;
    drivers: Array<string> | null;
    evses: Array<string> | null;
    locations: Array<string> | null;
    effective_from: Instant;
    effective_to: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type ReimbursementRateCreate = {
    name: string;
    kind?: 'home' | 'work' | 'any';
    country: Country;
    price_per_kwh: UnsignedDecimal;
    currency: Currency;
    drivers?: Array<string>;
    evses?: Array<string>;
    locations?: Array<string>;
    /**
     * Now by default, never earlier.
     */
    effective_from?: Instant;
    effective_to?: Instant;
};

export type ReimbursementRateEnd = {
    /**
     * Now where it is in the past.
     */
    at: Instant;
};

/**
 * One page of a list.
 */
export type ReimbursementRateList = {
    data: Array<ReimbursementRate>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Per employee and currency; every amount is the total of a proven rating.
 */
export type ReimbursementReport = {
    from: Instant;
    to: Instant;
    employees: Array<{
        driver: {
            /**
             * Id with the prefix `drv_`.
             */
            id: string;
            /**
             * Your own reference, 1 to 64 characters, unique per account.
             */
            external_id: string;
        };
        currency: Currency;
        sessions: number;
        energy_kwh: Decimal;
        amount: Money;
        lines: Array<{
            /**
             * Id with the prefix `ses_`.
             */
            session: string;
            ended_at: Instant;
            evse_id: string;
            location: string;
            kind: 'home' | 'work' | 'any';
            energy_kwh: Decimal;
            amount: Money;
            method: 'rate_per_kwh';
            rate: {
                /**
                 * Id with the prefix `rmr_`.
                 */
                id: string;
                name: string;
                price_per_kwh: Decimal;
            };
            price_proof: string | null;
        }>;
    }>;
    totals: Array<{
        currency: Currency;
        sessions: number;
        energy_kwh: Decimal;
        amount: Money;
    }>;
};

/**
 * Where the personal data of it stays: by the seat of an account, by the place of a location.
 */
export type ResidencyRegion = 'eu' | 'uk' | 'ch' | 'us';

/**
 * Energy that is delivered although nobody holds money for it, up to an amount.
 */
export type RiskPolicy = {
    /**
     * Id with the prefix `rpo_`.
     */
    id: string;
    /**
     * The partner that pays what its drivers do not.
     */
    account: string;
    /**
     * The one source it is for; null for all others of the account.
     */
    payment_source: string | null;
    name: string;
    /**
     * What one session may cost beyond its hold, tax included, before it is stopped.
     */
    insured: Money;
    updated_at: Instant;
};

export type RiskPolicyList = {
    data: Array<RiskPolicy>;
};

export type RiskPolicySet = {
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source?: string;
    name: string;
    insured: UnsignedAmount;
};

/**
 * One permission of an API key.
 */
export type Scope = 'accounts:read' | 'accounts:write' | 'keys:write' | 'drivers:write' | 'supply:read' | 'supply:write' | 'quotes:write' | 'sessions:read' | 'sessions:write' | 'money:read' | 'disputes:write' | 'evidence:read' | 'ledger:read' | 'incidents:read' | 'incidents:write' | 'settlements:run' | 'payouts:write' | 'signing_keys:write' | 'audit:read' | 'agreements:read' | 'agreements:write' | 'plans:read' | 'plans:write' | 'reports:read' | 'webhooks:write' | 'events:read';

/**
 * One page of a list.
 */
export type SealedPackList = {
    data: Array<Evidence>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * One charging session, from authorization to settlement.
 */
export type Session = {
    /**
     * Id with the prefix `ses_`.
     */
    id: string;
    external_id: string | null;
    /**
     * Grows by one with each change. Drop what is older than you have.
     */
    sequence: number;
    status: SessionStatus;
    connectivity: Connectivity;
    record_status: RecordStatus;
    money_status: MoneyStatus;
    /**
     * The partner.
     */
    account: string;
    /**
     * The operator.
     */
    cpo: string;
    /**
     * Null for the operator, who need not know the partner's drivers.
     */
    driver: Driver | null;
    channel: string;
    /**
     * Id with the prefix `evs_`.
     */
    evse: string;
    evse_id: string;
    /**
     * Id with the prefix `con_`.
     */
    connector: string;
    /**
     * Id with the prefix `quo_`.
     */
    quote: string;
    currency: Currency;
    /**
     * Delivered so far, whole Wh.
     */
    energy_wh: number;
    /**
     * Watts at `measured_at`, where they are told.
     */
    power_w: number | null;
    /**
     * What the energy until `measured_at` costs, tax included, by the function that rates the record.
     */
    cost_so_far: Money | null;
    /**
     * When the charger read its meter last. Shown, like power and cost so far, while it charges and is read, alone or in a list; null in events.
     */
    measured_at: Instant | null;
    /**
     * True until a charge detail record is accepted.
     */
    energy_is_estimate: boolean;
    started_at: Instant | null;
    ended_at: Instant | null;
    end_reason: EndReason | null;
    /**
     * Why the session did not start: code, reason, detail, alternatives.
     */
    failure: {
        code: string;
        [key: string]: unknown;
    } | null;
    totals: SessionTotals | null;
    /**
     * All that is held for the session, by its newest payment: a hold may be raised, or a second one taken. Null before it was asked for.
     */
    hold: {
        /**
         * Id with the prefix `pay_`.
         */
        payment: string;
        amount: Money;
        status: string;
        captured: Money | null;
        released_at: Instant | null;
    } | null;
    cdr: string | null;
    invoice: string | null;
    /**
     * True when the evidence pack can be read.
     */
    evidence_ready: boolean;
    settlement: {
        /**
         * 48 hours after the session ended.
         */
        sla_deadline: Instant | null;
        settled_at: Instant | null;
    };
    offline_liability: Liable | null;
    metadata: {
        [key: string]: string;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    updated_at: Instant;
};

/**
 * The session as it is now.
 */
export type SessionChanged = {
    type: 'session';
    session: Session;
};

export type SessionCreate = {
    /**
     * Id with the prefix `quo_`.
     */
    quote: string;
    /**
     * Your own reference, 1 to 64 characters, unique per account.
     */
    external_id?: string;
    /**
     * Up to 50 keys of your own (key 40, value 500 characters). Never put personal data here.
     */
    metadata?: {
        [key: string]: string;
    };
};

/**
 * An event whose `data` is the Session it left.
 */
export type SessionEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'session.created' | 'session.starting' | 'session.awaiting_plug_in' | 'session.started' | 'session.connectivity_changed' | 'session.suspended' | 'session.resumed' | 'session.ghost_detected' | 'meter.implausible' | 'session.auto_stopped' | 'session.limit_approaching' | 'session.stopping' | 'session.stop_failed' | 'session.ended' | 'session.start_failed' | 'session.start_unconfirmed' | 'session.late_start_adopted' | 'session.late_start_stopped' | 'session.provisionally_rated' | 'session.rated' | 'session.closed_zero' | 'session.cancelled' | 'session.settled' | 'cdr.overdue' | 'settlement.awaiting_funds' | 'settlement.sla_breached';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Session;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SessionList = {
    data: Array<Session>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A new meter value.
 */
export type SessionMeter = {
    type: 'meter';
    at: Instant;
    /**
     * Delivered so far, whole Wh.
     */
    energy_wh: number;
    /**
     * Watts now; null when not reported.
     */
    power_w: number | null;
    soc_percent: number | null;
    /**
     * Cost so far including VAT, by the same function that rates the record.
     */
    running_cost: Money | null;
};

/**
 * One price of a session’s usage, with its proof.
 */
export type SessionRating = {
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * What the driver pays, what the sale is made at (the CPO’s leg), what an employer pays back.
     */
    purpose: 'retail' | 'wholesale' | 'reimbursement';
    revision: number;
    /**
     * Id with the prefix `cdr_`.
     */
    cdr: string;
    usage_hash: string;
    energy_kwh: Decimal;
    tariff_hash: string;
    engine_version: string;
    total: {
        net: Money;
        vat: Money;
        gross: Money;
    };
    /**
     * What gave the price: plan and subscription, rate, or agreement.
     */
    reference: {
        [key: string]: unknown;
    };
    price_proof: string | null;
    created_at: Instant;
};

export type SessionRatingList = {
    data: Array<SessionRating>;
};

/**
 * What happens at the charger.
 */
export type SessionStatus = 'authorizing' | 'starting' | 'awaiting_plug_in' | 'charging' | 'suspended' | 'stopping' | 'ended' | 'start_failed' | 'start_unconfirmed' | 'cancelled';

/**
 * Nothing more will come; do not reconnect.
 */
export type SessionStreamEnd = {
    type: 'end';
};

/**
 * One message of a session stream.
 */
export type SessionStreamEvent = SessionChanged | SessionMeter | SessionStreamEnd;

/**
 * What the driver pays, after the record was checked.
 */
export type SessionTotals = {
    excl_tax: Money;
    tax: Money;
    incl_tax: Money;
};

/**
 * What one payee got for a batch of sessions.
 */
export type Settlement = {
    /**
     * Id with the prefix `stl_`.
     */
    id: string;
    /**
     * Id with the prefix `acct_`.
     */
    payee: string;
    role: PartyRole;
    batch: string;
    state: 'closed' | 'in_transit' | 'paid' | 'on_hold' | 'awaiting_funds';
    reason: string | null;
    amount: Money;
    session_count: number;
    /**
     * The earliest deadline of its sessions.
     */
    sla_deadline: Instant;
    payout_reference: string | null;
    cut_off_at: Instant;
    paid_at: Instant | null;
    created_at: Instant;
};

/**
 * An event whose `data` is the Settlement it left.
 */
export type SettlementEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'settlement.closed' | 'settlement.paid' | 'settlement.on_hold' | 'settlement.retried' | 'payout.awaiting_funds' | 'statement.ready';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Settlement;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SettlementList = {
    data: Array<Settlement>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type SettlementRetry = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

export type SettlementReturn = {
    /**
     * Of the bank’s booking of the return.
     */
    reference: string;
    /**
     * Why, for the auditors.
     */
    reason: string;
    returned_at: Instant;
};

export type SettlementRun = {
    batch: string;
    workflow_id: string;
};

/**
 * All that is named must hold; within a list any. The power is the EVSE’s.
 */
export type ShareCondition = {
    evses?: Array<string>;
    sites?: Array<string>;
    min_power_w?: number;
    max_power_w?: number;
    times?: Array<ShareWindow>;
    partners?: Array<string>;
    payers?: Array<'card' | 'account' | 'wallet' | 'bnpl' | 'fuel_card' | 'prepaid' | 'partner_psp'>;
    tariff_types?: Array<'AD_HOC_PAYMENT' | 'PROFILE_CHEAP' | 'PROFILE_FAST' | 'PROFILE_GREEN' | 'REGULAR'>;
};

/**
 * Without `id` whoever is `cpo`, `partner` or `platform` of the session; every other role names its account.
 */
export type ShareParty = {
    role: string;
    /**
     * Id with the prefix `acct_`.
     */
    id?: string;
};

/**
 * One service that one party renders to another, and its price.
 */
export type ShareRule = {
    /**
     * Names the line on statements, e.g. `site_share`.
     */
    id: string;
    /**
     * Decides its VAT.
     */
    fee_type: 'revenue_share' | 'platform_commission' | 'partner_share' | 'payment_processing';
    /**
     * Earns the share.
     */
    supplier: ShareParty;
    /**
     * Pays it.
     */
    recipient: ShareParty;
    /**
     * `sale`, or its part that is `energy`, `time`, `parking` or `fee`, all net of tax; `commission`, `partner_share`, or the id of an earlier rule.
     */
    base: string;
    share: PercentageShare | FixedShare | PerKwhShare | PerMinuteShare | PerPeriodShare | TieredShare;
    document: 'invoice' | 'self_billed_invoice' | 'statement_line';
    when?: ShareCondition;
    /**
     * At least that in a session.
     */
    floor?: UnsignedAmount;
    /**
     * At most that in a session.
     */
    cap?: UnsignedAmount;
    /**
     * Minimum rent: at least that for each site and period, the rest settled at its end.
     */
    period_floor?: UnsignedAmount;
    /**
     * At most that for each site and period.
     */
    period_cap?: UnsignedAmount;
    /**
     * What becomes of a share for which its payer has too little left in a session: `carry` settles it at the end of the period, `waive` forgives it.
     */
    shortfall?: 'carry' | 'waive';
};

/**
 * Local time at the site in which a session starts; the end is not included. An end before the start is the next morning, of the day that the window began on.
 */
export type ShareWindow = {
    from?: string;
    until?: string;
    days?: Array<'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'>;
};

/**
 * A public key, with the time in which it signed.
 */
export type SigningKey = {
    /**
     * First 16 hex digits of the SHA-256 of the public key.
     */
    key_id: string;
    algorithm: 'Ed25519';
    /**
     * SPKI in DER, base64.
     */
    public_key_spki: string;
    valid_from: Instant;
    /**
     * Null while it signs.
     */
    valid_until: Instant | null;
    /**
     * Since when somebody else may have it: nothing is good by its signature alone any more.
     */
    compromised_since: Instant | null;
};

/**
 * Whose keys these are, and when each of them signed.
 */
export type SigningKeyList = {
    schema: 'chargelane-keys/1';
    issuer: string;
    /**
     * Every key that was ever used, the newest first.
     */
    keys: Array<SigningKey>;
};

export type SigningKeyRotate = {
    reason: string;
    /**
     * Since when somebody else may have the key that is replaced.
     */
    compromised_since?: Instant;
};

/**
 * What a period came to beyond its sessions: a minimum rent, a tier that it reached, what was carried, or what late sessions changed.
 */
export type SplitItem = {
    /**
     * Id with the prefix `spi_`.
     */
    id: string;
    /**
     * Id with the prefix `spl_`.
     */
    policy: string;
    version: number;
    rule: string;
    site: string;
    /**
     * First day of it.
     */
    period: string;
    sequence: number;
    supplier: {
        role: string;
        /**
         * Id with the prefix `acct_`.
         */
        account: string;
    };
    recipient: {
        role: string;
        /**
         * Id with the prefix `acct_`.
         */
        account: string;
    };
    net: Money;
    vat: Money;
    gross: Money;
    detail: {
        text: string;
        energy_wh: number;
        turnover: Money;
        sessions: number;
        /**
         * What the rule came to in the period, net of tax.
         */
        total: Money;
        /**
         * Of it, what its sessions were booked with.
         */
        booked: Money;
        /**
         * Of it, what earlier items of the period were.
         */
        settled: Money;
        tax: string;
    };
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * An event whose `data` is the SplitItem it left.
 */
export type SplitItemEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'split_item.booked';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: SplitItem;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SplitItemList = {
    data: Array<SplitItem>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * How a sale is shared beside commission and partner share. A version never changes once it was activated.
 */
export type SplitPolicy = {
    /**
     * Id with the prefix `spl_`.
     */
    id: string;
    version: number;
    status: 'draft' | 'active' | 'retired';
    /**
     * Null of the platform’s default.
     */
    cpo: string | null;
    /**
     * Id with the prefix `acct_`.
     */
    owner: string;
    name: string;
    text: string;
    /**
     * Where it counts. One policy shares a session: that of its EVSE before that of its site, before the one that its contract names, before the operator’s own, before the platform’s default; of one level the one that came into force last.
     */
    level: 'evse' | 'site' | 'contract' | 'cpo' | 'default';
    /**
     * Ids of EVSEs (`evse`) or locations (`site`); empty at every other level.
     */
    places: Array<string>;
    currency: Currency;
    /**
     * IANA zone whose days its periods are, e.g. `Europe/Berlin`.
     */
    time_zone: string;
    period: 'month' | 'quarter' | 'year';
    /**
     * In the order of their priority: an earlier rule takes its share first.
     */
    rules: Array<ShareRule>;
    effective_from: Instant;
    effective_until: Instant | null;
    /**
     * Counts the changes of a draft.
     */
    revision: number;
    activated_at: Instant | null;
    decided_by: string | null;
    reason: string | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    updated_at: Instant;
};

export type SplitPolicyCreate = {
    /**
     * Whose sales it shares. Yours by default; the platform names one.
     */
    cpo?: string;
    name: string;
    /**
     * What was agreed, for people: it stands on every statement.
     */
    text: string;
    /**
     * Where it counts. One policy shares a session: that of its EVSE before that of its site, before the one that its contract names, before the operator’s own, before the platform’s default; of one level the one that came into force last.
     */
    level: 'evse' | 'site' | 'contract' | 'cpo' | 'default';
    /**
     * Ids of EVSEs (`evse`) or locations (`site`); empty at every other level.
     */
    places?: Array<string>;
    /**
     * It shares sales of this currency alone.
     */
    currency: Currency;
    /**
     * IANA zone whose days its periods are, e.g. `Europe/Berlin`.
     */
    time_zone: string;
    period?: 'month' | 'quarter' | 'year';
    /**
     * In the order of their priority: an earlier rule takes its share first.
     */
    rules: Array<ShareRule>;
    /**
     * Never before it is activated; at once when absent.
     */
    effective_from?: Instant;
    effective_until?: Instant;
};

/**
 * An event whose `data` is the SplitPolicy it left.
 */
export type SplitPolicyEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'split_policy.activated' | 'split_policy.retired';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: SplitPolicy;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SplitPolicyList = {
    data: Array<SplitPolicy>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type SplitPolicyTerms = {
    name: string;
    /**
     * What was agreed, for people: it stands on every statement.
     */
    text: string;
    /**
     * Where it counts. One policy shares a session: that of its EVSE before that of its site, before the one that its contract names, before the operator’s own, before the platform’s default; of one level the one that came into force last.
     */
    level: 'evse' | 'site' | 'contract' | 'cpo' | 'default';
    /**
     * Ids of EVSEs (`evse`) or locations (`site`); empty at every other level.
     */
    places?: Array<string>;
    /**
     * It shares sales of this currency alone.
     */
    currency: Currency;
    /**
     * IANA zone whose days its periods are, e.g. `Europe/Berlin`.
     */
    time_zone: string;
    period?: 'month' | 'quarter' | 'year';
    /**
     * In the order of their priority: an earlier rule takes its share first.
     */
    rules: Array<ShareRule>;
    /**
     * Never before it is activated; at once when absent.
     */
    effective_from?: Instant;
    effective_until?: Instant;
};

/**
 * A sale’s split computed again from what was kept, line by line.
 */
export type SplitRecomputation = {
    policy: {
        id: string;
        version: string;
    };
    inputs: Array<{
        fact: string;
        value: string;
    }>;
    lines: Array<{
        line: string;
        formula: string;
        booked: Money;
        recomputed: Money;
        difference: Money;
    }>;
    /**
     * Every figure is what its inputs give.
     */
    equal: boolean;
    /**
     * Of what the payee is owed in all.
     */
    difference: Money;
};

/**
 * Past sessions replayed; nothing is booked by it.
 */
export type SplitSimulation = {
    /**
     * Id with the prefix `spm_`.
     */
    id: string;
    /**
     * Id with the prefix `spl_`.
     */
    policy: string;
    version: number;
    revision: number;
    status: 'running' | 'succeeded' | 'failed';
    from: Instant;
    until: Instant;
    done: number;
    total: number;
    /**
     * What each payee was booked with and would have been, tax included.
     */
    payees: Array<{
        role: string;
        /**
         * Id with the prefix `acct_`.
         */
        account: string;
        before: Money;
        after: Money;
        sessions: number;
    }> | null;
    /**
     * Sessions that it does not share.
     */
    skipped: number | null;
    failure: string | null;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    ended_at: Instant | null;
};

export type SplitSimulationCreate = {
    days?: number;
};

export type SplitSimulationLine = {
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    role: string;
    /**
     * Id with the prefix `acct_`.
     */
    account: string;
    before: Money;
    after: Money;
};

/**
 * One page of a list.
 */
export type SplitSimulationLineList = {
    data: Array<SplitSimulationLine>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A driver’s plan in monthly periods that begin at local midnight of its first day of the month, on the last day of shorter months.
 */
export type Subscription = {
    /**
     * Id with the prefix `sub_`.
     */
    id: string;
    status: 'scheduled' | 'active' | 'cancelled';
    driver: {
        /**
         * Id with the prefix `drv_`.
         */
        id: string;
        /**
         * For the driver’s partner alone.
         */
        external_id: string | null;
    };
    /**
     * Id with the prefix `acct_`.
     */
    partner: string;
    /**
     * Id with the prefix `pln_`.
     */
    plan: string;
    /**
     * That counts in the present period.
     */
    plan_version: number;
    /**
     * That counts from the next period on, where it is another one.
     */
    next_plan_version: number | null;
    /**
     * Id with the prefix `acct_`.
     */
    owner: string;
    /**
     * Local date, YYYY-MM-DD.
     */
    starts_on: string;
    time_zone: string;
    /**
     * The present month; null before the first one.
     */
    period: {
        index: number;
        from: Instant;
        to: Instant;
    } | null;
    ends_at: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type SubscriptionCancel = {
    when: 'period_end' | 'now';
};

export type SubscriptionChange = {
    plan_version: number;
};

export type SubscriptionCreate = {
    driver: DriverRef;
    /**
     * Id with the prefix `pln_`.
     */
    plan: string;
    /**
     * The newest by default.
     */
    plan_version?: number;
    /**
     * Today there by default.
     */
    starts_on?: string;
    /**
     * IANA zone in which its months begin.
     */
    time_zone: string;
};

/**
 * An event whose `data` is the Subscription it left.
 */
export type SubscriptionEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'subscription.created' | 'subscription.plan_changed' | 'subscription.cancelled' | 'subscription.allowance_exhausted';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Subscription;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SubscriptionList = {
    data: Array<Subscription>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * One month of a subscription, down to sessions.
 */
export type SubscriptionPeriod = {
    index: number;
    from: Instant;
    to: Instant;
    plan_version: number;
    access_fee: AccessFee;
    /**
     * Owed by the driver to the plan’s owner, who collects it.
     */
    fee_status: 'due';
    included_kwh: Decimal;
    used_kwh: Decimal;
    /**
     * Kept for quotes and sessions not yet rated.
     */
    promised_kwh: Decimal;
    /**
     * What the driver paid for its sessions.
     */
    overage: Money;
    /**
     * What the plan’s owner paid of them.
     */
    contribution: Money;
    /**
     * Fee and overage.
     */
    total: Money;
    sessions: Array<{
        /**
         * Id with the prefix `ses_`.
         */
        session: string;
        started_at: Instant | null;
        energy_kwh: Decimal;
        used_kwh: Decimal;
        paid: Money;
        contribution: Money;
        price_proof: string | null;
    }>;
};

/**
 * One page of a list.
 */
export type SubscriptionPeriodList = {
    data: Array<SubscriptionPeriod>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * Open claims per ledger account, with their age.
 */
export type SuspenseAging = {
    as_of: Instant;
    data: Array<{
        /**
         * Id with the prefix `acct_`.
         */
        cpo: string;
        account: string;
        items: number;
        amount: Money;
        due_items: number;
        due_amount: Money;
        oldest_at: Instant;
    }>;
};

export type SuspenseGrant = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * A claim above the public price. It moves nobody’s money until it is decided.
 */
export type SuspenseItem = {
    /**
     * Id with the prefix `sus_`.
     */
    id: string;
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    /**
     * Id with the prefix `cdr_`.
     */
    cdr: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * What the record asks above the price of the quote.
     */
    amount: Money;
    /**
     * The ledger account that holds it until it is decided.
     */
    account: string;
    /**
     * Key of the ledger entry.
     */
    entry: string;
    rules: Array<string>;
    reasons: Array<string>;
    status: 'open' | 'released' | 'granted';
    /**
     * Whole days since it was opened.
     */
    age_days: number;
    /**
     * Open for a week and due to become a dispute by itself.
     */
    dispute_due: boolean;
    dispute_due_at: Instant;
    opened_at: Instant;
    closed_at: Instant | null;
    closed_reason: string | null;
    /**
     * A grant that one key wants and none has approved.
     */
    proposal: Approval | null;
};

/**
 * An event whose `data` is the SuspenseItem it left.
 */
export type SuspenseItemEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'suspense.released' | 'suspense.granted';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: SuspenseItem;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type SuspenseItemList = {
    data: Array<SuspenseItem>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type SuspenseRelease = {
    /**
     * Why, for the auditors.
     */
    reason: string;
};

/**
 * An immutable version of an operator’s public tariff.
 */
export type Tariff = {
    /**
     * Id with the prefix `trf_`.
     */
    id: string;
    version: number;
    /**
     * This very version, `trf_…@7`; quotes name it.
     */
    ref: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    ocpi_id: string;
    ocpi_version: '2.1.1' | '2.2.1' | '2.3.0';
    currency: string;
    /**
     * `held` waits for its operator until `hold.until`, then it is `valid` by itself. `invalid` is never sold.
     */
    status: 'valid' | 'held' | 'invalid' | 'withdrawn';
    /**
     * What this version is to a buyer now.
     */
    sale: 'sold' | 'scheduled' | 'held' | 'invalid' | 'withdrawn' | 'ended' | 'superseded';
    hold: TariffHold | null;
    /**
     * An `error` keeps the tariff from being sold, a `warning` does not. Shown to its operator only.
     */
    problems: Array<TariffProblem>;
    /**
     * SHA-256 of the RFC 8785 form of `tariff`; quotes lock it.
     */
    hash: string;
    tariff: CanonicalTariff | null;
    received_at: Instant;
    /**
     * Receipt, or the announced start; never before the receipt.
     */
    effective_from: Instant;
    /**
     * The tariff’s own end, if it has one.
     */
    sold_until: Instant | null;
    superseded_at: Instant | null;
    /**
     * When the operator last named this very content.
     */
    confirmed_at: Instant;
};

export type TariffCreate = {
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    tariff: OcpiTariff;
};

/**
 * What a price component counts.
 */
export type TariffDimension = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';

/**
 * An event whose `data` is the Tariff it left.
 */
export type TariffEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'tariff.changed' | 'tariff.invalid' | 'tariff.anomaly_held';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: Tariff;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * A session priced as it would be sold.
 */
export type TariffExample = {
    energy_wh: number;
    power_w: number;
    duration_s: number;
    start: Instant;
    /**
     * All included, as the driver pays it.
     */
    total: Money;
    /**
     * Null where a price without tax must not be shown.
     */
    net_total: Money | null;
    tax_lines: Array<{
        rate: Decimal | null;
        vat: Money;
    }>;
    /**
     * The whole price by the energy, as the market compares prices.
     */
    comparable_unit_price: {
        value: Decimal;
        currency: Currency;
        per: 'kWh';
        tax: 'inclusive';
        text: string;
    } | null;
    lines: Array<{
        type: TariffDimension;
        element: number;
        component: number;
        unit: 'kWh' | 's' | 'session';
        quantity: Decimal;
        billed_quantity: Decimal;
        vat_rate: Decimal | null;
        /**
         * Including VAT, in major units, not rounded.
         */
        amount: Decimal;
    }>;
    curve: Array<{
        elapsed_s: number;
        energy_wh: number;
        amount: number;
    }>;
};

/**
 * How we read a tariff, and where it is sold.
 */
export type TariffExplanation = {
    tariff: Tariff;
    display_text: {
        [key: string]: string;
    } | null;
    /**
     * Each element in words, in the order in which they are tried.
     */
    elements: Array<{
        path: string;
        lines: Array<{
            [key: string]: string;
        }>;
    }>;
    markets: Array<{
        country: Country;
        market_profile: string;
        sold: boolean;
        /**
         * Where it is sold at weaker connectors only: the power from which not.
         */
        from_power_w: number | null;
        problems: Array<{
            path: string;
            rule: string;
            message: string;
        }>;
    }>;
};

/**
 * How fresh the tariffs of one connection are.
 */
export type TariffFreshness = {
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    /**
     * Id with the prefix `acct_`.
     */
    cpo: string;
    protocol: 'node' | 'ocpi';
    /**
     * Start of the last pull of tariffs that came to its end.
     */
    confirmed_at: Instant | null;
    oldest_confirmed_at: Instant | null;
    /**
     * Age of the oldest tariff that counts.
     */
    age_s: number | null;
    slo_s: number;
    /**
     * A node’s own tariffs never age.
     */
    within_slo: boolean;
    /**
     * Older tariffs are not sold.
     */
    max_age_s: number;
    tariffs: number;
    versions: number;
    scheduled: number;
    held: number;
    invalid: number;
    stale: number;
    /**
     * Missing from the operator’s last complete list.
     */
    unlisted: number;
};

/**
 * One page of a list.
 */
export type TariffFreshnessList = {
    data: Array<TariffFreshness>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * The price is far from what is usual.
 */
export type TariffHold = {
    /**
     * Sold from then on even without a confirmation; null where only a confirmation lifts it.
     */
    until: Instant | null;
    /**
     * Who may confirm it earlier: its `operator` where the price is low; where it is high the platform, and `time` unless it is out of all proportion.
     */
    lifted_by: 'operator' | 'time' | 'platform';
    confirmed_at: Instant | null;
    /**
     * The standard session whose price is unusual. For the operator only.
     */
    figures: {
        basis: 'own_history' | 'peers';
        energy_wh: number;
        duration_s: number;
        price: Money;
        median: Money;
        median_deviation: Money;
        /**
         * Versions, or other operators, compared with.
         */
        sample: number;
    } | null;
};

/**
 * One page of a list.
 */
export type TariffList = {
    data: Array<Tariff>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * How a tariff reads for example sessions.
 */
export type TariffPreview = {
    tariff: string;
    market_profile: string;
    evse: string | null;
    time_zone: string;
    /**
     * The price in words, as a driver reads it; null when it is not sold.
     */
    display_text: {
        [key: string]: string;
    } | null;
    examples: Array<TariffExample>;
    /**
     * Why an example has no price.
     */
    refusals: Array<{
        path: string;
        message: string;
    }>;
};

/**
 * What was found, the field in your own spelling, and what to change.
 */
export type TariffProblem = {
    path: string;
    rule: string;
    severity: 'error' | 'warning';
    message: string;
};

export type TariffValidate = {
    /**
     * Id with the prefix `ocn_`.
     */
    connection: string;
    ocpi_version?: '2.1.1' | '2.2.1' | '2.3.0';
    /**
     * An OCPI Tariff object of that version.
     */
    tariff: {
        [key: string]: unknown;
    };
};

/**
 * What publishing this tariff would do.
 */
export type TariffVerdict = {
    outcome: 'created' | 'new_version' | 'unchanged';
    status: 'valid' | 'held' | 'invalid' | 'withdrawn';
    /**
     * Would be sold, at once or from its start.
     */
    sellable: boolean;
    ocpi_id: string;
    hash: string;
    effective_from: Instant;
    sold_until: Instant | null;
    hold: TariffHold | null;
    /**
     * Connectors that list the tariff now.
     */
    connectors: number;
    market_limits: Array<{
        country: Country;
        /**
         * Not sold at connectors of this power and more; 0 is nowhere there.
         */
        from_power_w: number;
    }>;
    /**
     * An `error` keeps the tariff from being sold, a `warning` does not. Shown to its operator only.
     */
    problems: Array<TariffProblem>;
    tariff: CanonicalTariff | null;
};

/**
 * One page of a list.
 */
export type TariffVersionList = {
    data: Array<Tariff>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * A registration for VAT beside that of the own country.
 */
export type TaxId = {
    country: Country;
    vat_id: string;
    /**
     * `local`: counts in the country of the number. `oss`: a One-Stop Shop, counts where the market accepts it.
     */
    scheme: 'local' | 'oss';
    /**
     * When its tax office called the number valid.
     */
    checked_at: Instant | null;
};

/**
 * Tiers in ascending order, the first from 0.
 */
export type TieredShare = {
    kind: 'tiered';
    /**
     * The base of this session (minor units), or what the payee’s site came to in the period: energy (Wh), turnover net of tax (minor units) or sessions.
     */
    by: 'amount' | 'period_energy' | 'period_turnover' | 'period_sessions';
    /**
     * `marginal`: each part at the tier it falls in. `whole`: all of it at the tier that was reached; of a period, settled at its end.
     */
    mode: 'marginal' | 'whole';
    tiers: Array<{
        from: number;
        share: PercentageShare | FixedShare | PerKwhShare;
    }>;
};

/**
 * Everything that happened, in order of time.
 */
export type Timeline = {
    /**
     * Id with the prefix `ses_`.
     */
    session: string;
    data: Array<TimelineEntry>;
};

/**
 * One thing that happened to a session.
 */
export type TimelineEntry = {
    at: Instant;
    /**
     * Part of the corridor, or `supply`.
     */
    room: string;
    what: string;
    detail: {
        [key: string]: unknown;
    };
};

/**
 * A credential that a driver shows at a charger.
 */
export type Token = {
    /**
     * Id with the prefix `tok_`.
     */
    id: string;
    driver: Driver;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    uid: string;
    type: 'RFID' | 'APP_USER' | 'AD_HOC_USER';
    contract_id: string;
    status: 'active' | 'blocked';
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
    updated_at: Instant;
};

export type TokenCreate = {
    driver: DriverRef;
    /**
     * Id with the prefix `psrc_`.
     */
    payment_source: string;
    type: 'RFID';
    /**
     * UID of the card; stored in upper case.
     */
    uid: string;
    /**
     * Contract id (eMAID); made from the token when absent.
     */
    contract_id?: string;
};

/**
 * One page of a list.
 */
export type TokenList = {
    data: Array<Token>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type TokenUpdate = {
    status: 'active' | 'blocked';
};

/**
 * All ledger accounts; debits equal credits.
 */
export type TrialBalance = {
    /**
     * What counts later is not in it.
     */
    as_of: Instant;
    accounts: Array<{
        /**
         * Ledger account code.
         */
        account: string;
        currency: Currency;
        /**
         * Sum of debits, minor units.
         */
        debit: MinorSum;
        /**
         * Sum of credits, minor units.
         */
        credit: MinorSum;
        /**
         * Debit minus credit, minor units.
         */
        balance: MinorSum;
    }>;
    totals: Array<{
        currency: Currency;
        debit: MinorSum;
        credit: MinorSum;
        /**
         * Always 0: the database refuses anything else.
         */
        difference: MinorSum;
    }>;
};

/**
 * Money in a request, not below zero.
 */
export type UnsignedAmount = {
    amount: number;
    currency: Currency;
};

/**
 * Exact decimal number as text, not below zero.
 */
export type UnsignedDecimal = string;

/**
 * What a tax office answered about a VAT number.
 */
export type VatCheckCreate = {
    /**
     * The number that was asked for: one that the account has.
     */
    vat_id: string;
    valid: boolean;
    /**
     * Who was asked.
     */
    source: string;
    /**
     * What the source calls its answer, e.g. a consultation number.
     */
    reference: string;
    /**
     * Not in the future.
     */
    checked_at: Instant;
};

/**
 * One time we sent it.
 */
export type WebhookAttempt = {
    at: Instant;
    duration_ms: number;
    http_status: number | null;
    /**
     * Null where your endpoint answered 2xx.
     */
    error: string | null;
};

/**
 * One event on its way to one endpoint.
 */
export type WebhookDelivery = {
    /**
     * Id with the prefix `whd_`.
     */
    id: string;
    /**
     * Id with the prefix `we_`.
     */
    webhook_endpoint: string;
    /**
     * Id with the prefix `evt_`.
     */
    event: string;
    event_type: 'ping' | 'session.created' | 'session.starting' | 'session.awaiting_plug_in' | 'session.started' | 'session.connectivity_changed' | 'session.suspended' | 'session.resumed' | 'session.ghost_detected' | 'meter.implausible' | 'session.auto_stopped' | 'session.limit_approaching' | 'session.stopping' | 'session.stop_failed' | 'session.ended' | 'session.start_failed' | 'session.start_unconfirmed' | 'session.late_start_adopted' | 'session.late_start_stopped' | 'session.provisionally_rated' | 'session.rated' | 'session.closed_zero' | 'session.cancelled' | 'session.settled' | 'hold.created' | 'hold.increased' | 'hold.released' | 'hold.expired' | 'hold.orphan_reaped' | 'payment.requires_action' | 'payment.authorized' | 'payment.captured' | 'payment.captured_provisional' | 'payment.failed' | 'payment.refunded' | 'payment.charged_back' | 'payment.chargeback_closed' | 'payment.refund_failed' | 'debt.created' | 'debt.paid' | 'debt.waived' | 'debt.written_off' | 'cdr.accepted' | 'cdr.adjusted' | 'cdr.conflict' | 'cdr.mismatch' | 'cdr.tariff_mismatch' | 'cdr.overdue' | 'cdr.late' | 'cdr.rejected' | 'cdr.credited' | 'meter_signature.invalid' | 'proof.failed' | 'proof.restored' | 'bank_account.proposed' | 'bank_account.checked' | 'bank_account.activated' | 'bank_account.refused' | 'settlement.closed' | 'settlement.paid' | 'settlement.on_hold' | 'settlement.retried' | 'payout.created' | 'payout.sent' | 'payout.paid' | 'payout.failed' | 'payout.returned' | 'payout.cancelled' | 'payout.awaiting_funds' | 'settlement.awaiting_funds' | 'settlement.sla_breached' | 'statement.ready' | 'dispute.opened' | 'dispute.needs_response' | 'dispute.evidence_submitted' | 'dispute.resolved' | 'suspense.released' | 'suspense.granted' | 'invoice.finalized' | 'evidence.sealed' | 'evidence.resealed' | 'tariff.changed' | 'tariff.invalid' | 'tariff.anomaly_held' | 'connection.registered' | 'agreement.proposed' | 'agreement.activated' | 'agreement.rejected' | 'agreement.ended' | 'rate_agreement.proposed' | 'rate_agreement.activated' | 'rate_agreement.rejected' | 'rate_agreement.ended' | 'contract.proposed' | 'contract.activated' | 'contract.rejected' | 'contract.ended' | 'policy_package.activated' | 'policy_package.retired' | 'policy_package.switched_off' | 'split_policy.activated' | 'split_policy.retired' | 'split_item.booked' | 'plan.created' | 'plan.version_added' | 'plan.retired' | 'subscription.created' | 'subscription.plan_changed' | 'subscription.cancelled' | 'subscription.allowance_exhausted' | 'credit_line.paid' | 'prepaid_balance.low' | 'prepaid_balance.paid_in' | 'incident.opened' | 'incident.resolved' | 'webhook_endpoint.disabled';
    object: string;
    sequence: number;
    status: WebhookDeliveryStatus;
    /**
     * Not before; an endpoint that rests or an older event of its object may delay it.
     */
    next_attempt_at: Instant | null;
    /**
     * The newest 30 attempts, oldest first.
     */
    attempts: Array<WebhookAttempt>;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type WebhookDeliveryList = {
    data: Array<WebhookDelivery>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

/**
 * `failing`: the last attempt failed and another one follows. `dead`: given up, later events of its object no longer wait for it.
 */
export type WebhookDeliveryStatus = 'pending' | 'failing' | 'succeeded' | 'dead';

/**
 * Where we send your events.
 */
export type WebhookEndpoint = {
    /**
     * Id with the prefix `we_`.
     */
    id: string;
    url: string;
    /**
     * Signing secret (`whsec_…`): only in the answer that makes it, null ever after.
     */
    secret: string | null;
    events: Array<string>;
    status: 'enabled' | 'disabled';
    disabled_reason: string | null;
    /**
     * Since when it has taken nothing of what was sent; three days of it disable the endpoint.
     */
    failing_since: Instant | null;
    /**
     * Until then each delivery carries a signature of the secret before as well.
     */
    previous_secret_until: Instant | null;
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

export type WebhookEndpointCreate = {
    /**
     * https on port 443, a public host, no user name; a sandbox may allow http on loopback. Redirects are not followed.
     */
    url: string;
    events: Array<EventPattern>;
};

export type WebhookEndpointDeleted = {
    /**
     * Id with the prefix `we_`.
     */
    id: string;
    deleted: true;
};

/**
 * An event whose `data` is the WebhookEndpoint it left.
 */
export type WebhookEndpointEvent = {
    /**
     * Id with the prefix `evt_`.
     */
    id: string;
    type: 'ping' | 'webhook_endpoint.disabled';
    /**
     * Id of the object whose story goes on: the session for all that a partner hears of it, else that of `data`.
     */
    object: string;
    /**
     * Grows per `object`; drop an event older than one you have seen.
     */
    sequence: number;
    data: WebhookEndpoint;
    /**
     * What only the event knows: rules that spoke, reasons, ids of what else it touched. Keys may be added.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * False in the sandbox; test and live objects share nothing.
     */
    livemode: boolean;
    /**
     * When the object was made, UTC.
     */
    created_at: Instant;
};

/**
 * One page of a list.
 */
export type WebhookEndpointList = {
    data: Array<WebhookEndpoint>;
    has_more: boolean;
    /**
     * Pass as `cursor` to read the next page; null on the last one.
     */
    next_cursor: string | null;
};

export type WebhookEndpointUpdate = {
    /**
     * https on port 443, a public host, no user name; a sandbox may allow http on loopback. Redirects are not followed.
     */
    url?: string;
    events?: Array<EventPattern>;
    status?: 'enabled' | 'disabled';
};

export type WebhookSecretRoll = {
    overlap_s: number;
};

export type WeeklyWindow = {
    start_time?: string;
    end_time?: string;
    day_of_week?: Array<'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY'>;
};

/**
 * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
 */
export type IdempotencyKey = string;

/**
 * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
 */
export type IfMatch = string;

/**
 * The `ETag` that you have: answered with 304 and without a body while it holds.
 */
export type IfNoneMatch = string;

/**
 * The version that this request is made in; without it the one your key was made with (`api_version`).
 */
export type ApiVersion = '2026-11-01';

/**
 * The `id` of the last event you saw; the stream goes on behind it.
 */
export type LastEventId = string;

export type HealthGetData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};

export type HealthGetErrors = {
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type HealthGetError = HealthGetErrors[keyof HealthGetErrors];

export type HealthGetResponses = {
    /**
     * State of this instance.
     */
    200: Health;
};

export type HealthGetResponse = HealthGetResponses[keyof HealthGetResponses];

export type AccountsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/accounts';
};

export type AccountsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsListError = AccountsListErrors[keyof AccountsListErrors];

export type AccountsListResponses = {
    /**
     * A page of accounts.
     */
    200: AccountList;
};

export type AccountsListResponse = AccountsListResponses[keyof AccountsListResponses];

export type AccountsCreateData = {
    body: AccountCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/accounts';
};

export type AccountsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `residency_violation`: The data must stay in another region.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `not_offered`: Not offered yet.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsCreateError = AccountsCreateErrors[keyof AccountsCreateErrors];

export type AccountsCreateResponses = {
    /**
     * The new account.
     */
    201: Account;
};

export type AccountsCreateResponse = AccountsCreateResponses[keyof AccountsCreateResponses];

export type AccountsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}';
};

export type AccountsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsGetError = AccountsGetErrors[keyof AccountsGetErrors];

export type AccountsGetResponses = {
    /**
     * The account.
     */
    200: Account;
};

export type AccountsGetResponse = AccountsGetResponses[keyof AccountsGetResponses];

export type AccountsUpdateData = {
    body: AccountUpdate;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}';
};

export type AccountsUpdateErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsUpdateError = AccountsUpdateErrors[keyof AccountsUpdateErrors];

export type AccountsUpdateResponses = {
    /**
     * The changed account.
     */
    200: Account;
};

export type AccountsUpdateResponse = AccountsUpdateResponses[keyof AccountsUpdateResponses];

export type AccountsVerifyData = {
    body: AccountVerify;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/verify';
};

export type AccountsVerifyErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsVerifyError = AccountsVerifyErrors[keyof AccountsVerifyErrors];

export type AccountsVerifyResponses = {
    /**
     * The account.
     */
    200: Account;
};

export type AccountsVerifyResponse = AccountsVerifyResponses[keyof AccountsVerifyResponses];

export type AccountsCheckVatData = {
    body: VatCheckCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `acct_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/accounts/{id}/vat_checks';
};

export type AccountsCheckVatErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccountsCheckVatError = AccountsCheckVatErrors[keyof AccountsCheckVatErrors];

export type AccountsCheckVatResponses = {
    /**
     * The account.
     */
    200: Account;
};

export type AccountsCheckVatResponse = AccountsCheckVatResponses[keyof AccountsCheckVatResponses];

export type ApiKeysListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/api_keys';
};

export type ApiKeysListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ApiKeysListError = ApiKeysListErrors[keyof ApiKeysListErrors];

export type ApiKeysListResponses = {
    /**
     * A page of keys.
     */
    200: ApiKeyList;
};

export type ApiKeysListResponse = ApiKeysListResponses[keyof ApiKeysListResponses];

export type ApiKeysCreateData = {
    body: ApiKeyCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/api_keys';
};

export type ApiKeysCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ApiKeysCreateError = ApiKeysCreateErrors[keyof ApiKeysCreateErrors];

export type ApiKeysCreateResponses = {
    /**
     * The key, shown once.
     */
    201: ApiKey;
};

export type ApiKeysCreateResponse = ApiKeysCreateResponses[keyof ApiKeysCreateResponses];

export type ApiKeysRevokeData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `key_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/api_keys/{id}/revoke';
};

export type ApiKeysRevokeErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ApiKeysRevokeError = ApiKeysRevokeErrors[keyof ApiKeysRevokeErrors];

export type ApiKeysRevokeResponses = {
    /**
     * The revoked key.
     */
    200: ApiKey;
};

export type ApiKeysRevokeResponse = ApiKeysRevokeResponses[keyof ApiKeysRevokeResponses];

export type PaymentSourcesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Only those of this driver.
         */
        driver?: string;
    };
    url: '/v1/payment_sources';
};

export type PaymentSourcesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentSourcesListError = PaymentSourcesListErrors[keyof PaymentSourcesListErrors];

export type PaymentSourcesListResponses = {
    /**
     * A page of sources.
     */
    200: PaymentSourceList;
};

export type PaymentSourcesListResponse = PaymentSourcesListResponses[keyof PaymentSourcesListResponses];

export type PaymentSourcesCreateData = {
    body: PaymentSourceCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/payment_sources';
};

export type PaymentSourcesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentSourcesCreateError = PaymentSourcesCreateErrors[keyof PaymentSourcesCreateErrors];

export type PaymentSourcesCreateResponses = {
    /**
     * The source.
     */
    201: PaymentSource;
};

export type PaymentSourcesCreateResponse = PaymentSourcesCreateResponses[keyof PaymentSourcesCreateResponses];

export type PaymentSourcesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `psrc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payment_sources/{id}';
};

export type PaymentSourcesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentSourcesGetError = PaymentSourcesGetErrors[keyof PaymentSourcesGetErrors];

export type PaymentSourcesGetResponses = {
    /**
     * The source.
     */
    200: PaymentSource;
};

export type PaymentSourcesGetResponse = PaymentSourcesGetResponses[keyof PaymentSourcesGetResponses];

export type PaymentSourcesConfirmData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `psrc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payment_sources/{id}/confirm';
};

export type PaymentSourcesConfirmErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `payment_declined`: Payment declined.
     */
    402: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentSourcesConfirmError = PaymentSourcesConfirmErrors[keyof PaymentSourcesConfirmErrors];

export type PaymentSourcesConfirmResponses = {
    /**
     * The source.
     */
    200: PaymentSource;
};

export type PaymentSourcesConfirmResponse = PaymentSourcesConfirmResponses[keyof PaymentSourcesConfirmResponses];

export type PaymentSourcesDetachData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `psrc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payment_sources/{id}/detach';
};

export type PaymentSourcesDetachErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentSourcesDetachError = PaymentSourcesDetachErrors[keyof PaymentSourcesDetachErrors];

export type PaymentSourcesDetachResponses = {
    /**
     * The source.
     */
    200: PaymentSource;
};

export type PaymentSourcesDetachResponse = PaymentSourcesDetachResponses[keyof PaymentSourcesDetachResponses];

export type TokensListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/tokens';
};

export type TokensListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TokensListError = TokensListErrors[keyof TokensListErrors];

export type TokensListResponses = {
    /**
     * A page of tokens.
     */
    200: TokenList;
};

export type TokensListResponse = TokensListResponses[keyof TokensListResponses];

export type TokensCreateData = {
    body: TokenCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/tokens';
};

export type TokensCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TokensCreateError = TokensCreateErrors[keyof TokensCreateErrors];

export type TokensCreateResponses = {
    /**
     * The token.
     */
    201: Token;
};

export type TokensCreateResponse = TokensCreateResponses[keyof TokensCreateResponses];

export type TokensGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `tok_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tokens/{id}';
};

export type TokensGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TokensGetError = TokensGetErrors[keyof TokensGetErrors];

export type TokensGetResponses = {
    /**
     * The token.
     */
    200: Token;
};

export type TokensGetResponse = TokensGetResponses[keyof TokensGetResponses];

export type TokensUpdateData = {
    body: TokenUpdate;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `tok_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tokens/{id}';
};

export type TokensUpdateErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TokensUpdateError = TokensUpdateErrors[keyof TokensUpdateErrors];

export type TokensUpdateResponses = {
    /**
     * The token.
     */
    200: Token;
};

export type TokensUpdateResponse = TokensUpdateResponses[keyof TokensUpdateResponses];

export type PartiesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        status?: 'verified' | 'review' | 'refused' | 'ended';
    };
    url: '/v1/parties';
};

export type PartiesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PartiesListError = PartiesListErrors[keyof PartiesListErrors];

export type PartiesListResponses = {
    /**
     * A page of parties.
     */
    200: PartyList;
};

export type PartiesListResponse = PartiesListResponses[keyof PartiesListResponses];

export type PartiesClaimData = {
    body: PartyClaim;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/parties';
};

export type PartiesClaimErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PartiesClaimError = PartiesClaimErrors[keyof PartiesClaimErrors];

export type PartiesClaimResponses = {
    /**
     * The party as it stands.
     */
    201: Party;
};

export type PartiesClaimResponse = PartiesClaimResponses[keyof PartiesClaimResponses];

export type PartiesDecideData = {
    body: PartyDecision;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pty_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/parties/{id}/decide';
};

export type PartiesDecideErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PartiesDecideError = PartiesDecideErrors[keyof PartiesDecideErrors];

export type PartiesDecideResponses = {
    /**
     * The party.
     */
    200: Party;
};

export type PartiesDecideResponse = PartiesDecideResponses[keyof PartiesDecideResponses];

export type ConnectionsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/connections';
};

export type ConnectionsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsListError = ConnectionsListErrors[keyof ConnectionsListErrors];

export type ConnectionsListResponses = {
    /**
     * A page of connections.
     */
    200: ConnectionList;
};

export type ConnectionsListResponse = ConnectionsListResponses[keyof ConnectionsListResponses];

export type ConnectionsCreateData = {
    body: ConnectionCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/connections';
};

export type ConnectionsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `party_not_granted`: The party is not proven to be yours.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsCreateError = ConnectionsCreateErrors[keyof ConnectionsCreateErrors];

export type ConnectionsCreateResponses = {
    /**
     * The connection.
     */
    201: Connection;
};

export type ConnectionsCreateResponse = ConnectionsCreateResponses[keyof ConnectionsCreateResponses];

export type ConnectionsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ocn_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}';
};

export type ConnectionsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsGetError = ConnectionsGetErrors[keyof ConnectionsGetErrors];

export type ConnectionsGetResponses = {
    /**
     * The connection.
     */
    200: Connection;
};

export type ConnectionsGetResponse = ConnectionsGetResponses[keyof ConnectionsGetResponses];

export type ConnectionsUpdateData = {
    body: ConnectionUpdate;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ocn_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}';
};

export type ConnectionsUpdateErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsUpdateError = ConnectionsUpdateErrors[keyof ConnectionsUpdateErrors];

export type ConnectionsUpdateResponses = {
    /**
     * The connection.
     */
    200: Connection;
};

export type ConnectionsUpdateResponse = ConnectionsUpdateResponses[keyof ConnectionsUpdateResponses];

export type ConnectionsInviteData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ocn_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/invite';
};

export type ConnectionsInviteErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsInviteError = ConnectionsInviteErrors[keyof ConnectionsInviteErrors];

export type ConnectionsInviteResponses = {
    /**
     * The connection with its token, shown once.
     */
    200: Connection;
};

export type ConnectionsInviteResponse = ConnectionsInviteResponses[keyof ConnectionsInviteResponses];

export type ConnectionsPauseData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ocn_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/pause';
};

export type ConnectionsPauseErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsPauseError = ConnectionsPauseErrors[keyof ConnectionsPauseErrors];

export type ConnectionsPauseResponses = {
    /**
     * The connection.
     */
    200: Connection;
};

export type ConnectionsPauseResponse = ConnectionsPauseResponses[keyof ConnectionsPauseResponses];

export type ConnectionsResumeData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ocn_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/connections/{id}/resume';
};

export type ConnectionsResumeErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ConnectionsResumeError = ConnectionsResumeErrors[keyof ConnectionsResumeErrors];

export type ConnectionsResumeResponses = {
    /**
     * The connection.
     */
    200: Connection;
};

export type ConnectionsResumeResponse = ConnectionsResumeResponses[keyof ConnectionsResumeResponses];

export type LocationsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/locations';
};

export type LocationsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LocationsListError = LocationsListErrors[keyof LocationsListErrors];

export type LocationsListResponses = {
    /**
     * A page of locations.
     */
    200: LocationList;
};

export type LocationsListResponse = LocationsListResponses[keyof LocationsListResponses];

export type LocationsCreateData = {
    body: LocationCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/locations';
};

export type LocationsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `residency_violation`: The data must stay in another region.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LocationsCreateError = LocationsCreateErrors[keyof LocationsCreateErrors];

export type LocationsCreateResponses = {
    /**
     * The location.
     */
    201: Location;
};

export type LocationsCreateResponse = LocationsCreateResponses[keyof LocationsCreateResponses];

export type LocationsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `loc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/locations/{id}';
};

export type LocationsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LocationsGetError = LocationsGetErrors[keyof LocationsGetErrors];

export type LocationsGetResponses = {
    /**
     * The location.
     */
    200: Location;
};

export type LocationsGetResponse = LocationsGetResponses[keyof LocationsGetResponses];

export type EvsesSearchData = {
    body: EvseSearch;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/search';
};

export type EvsesSearchErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EvsesSearchError = EvsesSearchErrors[keyof EvsesSearchErrors];

export type EvsesSearchResponses = {
    /**
     * EVSEs in reach, nearest first.
     */
    200: EvseSearchResult;
};

export type EvsesSearchResponse = EvsesSearchResponses[keyof EvsesSearchResponses];

export type EvsesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).
         */
        id: string;
    };
    query?: never;
    url: '/v1/evses/{id}';
};

export type EvsesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EvsesGetError = EvsesGetErrors[keyof EvsesGetErrors];

export type EvsesGetResponses = {
    /**
     * The EVSE.
     */
    200: Evse;
};

export type EvsesGetResponse = EvsesGetResponses[keyof EvsesGetResponses];

export type EvsesMeterKeysData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).
         */
        id: string;
    };
    query?: never;
    url: '/v1/evses/{id}/meter_keys';
};

export type EvsesMeterKeysErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EvsesMeterKeysError = EvsesMeterKeysErrors[keyof EvsesMeterKeysErrors];

export type EvsesMeterKeysResponses = {
    /**
     * Every key since the first; empty where none is registered.
     */
    200: MeterKeyList;
};

export type EvsesMeterKeysResponse = EvsesMeterKeysResponses[keyof EvsesMeterKeysResponses];

export type EvsesAddMeterKeyData = {
    body: MeterKeyCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Our id (`evs_…`) or the EVSE-ID (`DE*VWL*E1001*1`).
         */
        id: string;
    };
    query?: never;
    url: '/v1/evses/{id}/meter_keys';
};

export type EvsesAddMeterKeyErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EvsesAddMeterKeyError = EvsesAddMeterKeyErrors[keyof EvsesAddMeterKeyErrors];

export type EvsesAddMeterKeyResponses = {
    /**
     * The key in force.
     */
    201: MeterKey;
};

export type EvsesAddMeterKeyResponse = EvsesAddMeterKeyResponses[keyof EvsesAddMeterKeyResponses];

export type ChargeStationsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/charge_stations';
};

export type ChargeStationsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ChargeStationsListError = ChargeStationsListErrors[keyof ChargeStationsListErrors];

export type ChargeStationsListResponses = {
    /**
     * A page of chargers.
     */
    200: ChargeStationList;
};

export type ChargeStationsListResponse = ChargeStationsListResponses[keyof ChargeStationsListResponses];

export type ChargeStationsCreateData = {
    body: ChargeStationCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/charge_stations';
};

export type ChargeStationsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `party_not_granted`: The party is not proven to be yours.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `market_rule_violation`: A rule of the market forbids it.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ChargeStationsCreateError = ChargeStationsCreateErrors[keyof ChargeStationsCreateErrors];

export type ChargeStationsCreateResponses = {
    /**
     * The charger with its password, shown once.
     */
    201: ChargeStation;
};

export type ChargeStationsCreateResponse = ChargeStationsCreateResponses[keyof ChargeStationsCreateResponses];

export type ChargeStationsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `cs_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/charge_stations/{id}';
};

export type ChargeStationsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ChargeStationsGetError = ChargeStationsGetErrors[keyof ChargeStationsGetErrors];

export type ChargeStationsGetResponses = {
    /**
     * The charger.
     */
    200: ChargeStation;
};

export type ChargeStationsGetResponse = ChargeStationsGetResponses[keyof ChargeStationsGetResponses];

export type TariffsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        as_of?: Instant;
        /**
         * Id with the prefix `acct_`.
         */
        cpo?: string;
        /**
         * Id with the prefix `ocn_`.
         */
        connection?: string;
        status?: 'valid' | 'held' | 'invalid' | 'withdrawn';
    };
    url: '/v1/tariffs';
};

export type TariffsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsListError = TariffsListErrors[keyof TariffsListErrors];

export type TariffsListResponses = {
    /**
     * A page of tariffs.
     */
    200: TariffList;
};

export type TariffsListResponse = TariffsListResponses[keyof TariffsListResponses];

export type TariffsCreateData = {
    body: TariffCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/tariffs';
};

export type TariffsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `market_rule_violation`: A rule of the market forbids it.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsCreateError = TariffsCreateErrors[keyof TariffsCreateErrors];

export type TariffsCreateResponses = {
    /**
     * The version in force.
     */
    201: Tariff;
};

export type TariffsCreateResponse = TariffsCreateResponses[keyof TariffsCreateResponses];

export type TariffsValidateData = {
    body: TariffValidate;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/tariffs:validate';
};

export type TariffsValidateErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsValidateError = TariffsValidateErrors[keyof TariffsValidateErrors];

export type TariffsValidateResponses = {
    /**
     * The verdict.
     */
    200: TariffVerdict;
};

export type TariffsValidateResponse = TariffsValidateResponses[keyof TariffsValidateResponses];

export type TariffsFreshnessData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/tariffs/freshness';
};

export type TariffsFreshnessErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsFreshnessError = TariffsFreshnessErrors[keyof TariffsFreshnessErrors];

export type TariffsFreshnessResponses = {
    /**
     * A page of connections.
     */
    200: TariffFreshnessList;
};

export type TariffsFreshnessResponse = TariffsFreshnessResponses[keyof TariffsFreshnessResponses];

export type TariffsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        version?: number;
        as_of?: Instant;
    };
    url: '/v1/tariffs/{id}';
};

export type TariffsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsGetError = TariffsGetErrors[keyof TariffsGetErrors];

export type TariffsGetResponses = {
    /**
     * The tariff.
     */
    200: Tariff;
};

export type TariffsGetResponse = TariffsGetResponses[keyof TariffsGetResponses];

export type TariffsVersionsData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/tariffs/{id}/versions';
};

export type TariffsVersionsErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsVersionsError = TariffsVersionsErrors[keyof TariffsVersionsErrors];

export type TariffsVersionsResponses = {
    /**
     * A page of versions.
     */
    200: TariffVersionList;
};

export type TariffsVersionsResponse = TariffsVersionsResponses[keyof TariffsVersionsResponses];

export type TariffsConfirmData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/tariffs/{id}/confirm';
};

export type TariffsConfirmErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsConfirmError = TariffsConfirmErrors[keyof TariffsConfirmErrors];

export type TariffsConfirmResponses = {
    /**
     * The version.
     */
    200: Tariff;
};

export type TariffsConfirmResponse = TariffsConfirmResponses[keyof TariffsConfirmResponses];

export type TariffsPreviewData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        version?: number;
        energy_wh?: number;
        duration_s?: number;
        power_w?: number;
        /**
         * Start of the sessions; now when absent.
         */
        start?: Instant;
        /**
         * The charger: its place, zone and power.
         */
        evse?: string;
    };
    url: '/v1/tariffs/{id}/preview';
};

export type TariffsPreviewErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `price_unavailable`: No valid public price for this EVSE.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsPreviewError = TariffsPreviewErrors[keyof TariffsPreviewErrors];

export type TariffsPreviewResponses = {
    /**
     * The preview.
     */
    200: TariffPreview;
};

export type TariffsPreviewResponse = TariffsPreviewResponses[keyof TariffsPreviewResponses];

export type TariffsPlotData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        version?: number;
        energy_wh?: number;
        duration_s?: number;
        power_w?: number;
        /**
         * Start of the sessions; now when absent.
         */
        start?: Instant;
        /**
         * The charger: its place, zone and power.
         */
        evse?: string;
    };
    url: '/v1/tariffs/{id}/preview.svg';
};

export type TariffsPlotErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `price_unavailable`: No valid public price for this EVSE.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsPlotError = TariffsPlotErrors[keyof TariffsPlotErrors];

export type TariffsPlotResponses = {
    /**
     * An SVG.
     */
    200: Blob | File;
};

export type TariffsPlotResponse = TariffsPlotResponses[keyof TariffsPlotResponses];

export type TariffsExplainData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/tariffs/{id}/explain';
};

export type TariffsExplainErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsExplainError = TariffsExplainErrors[keyof TariffsExplainErrors];

export type TariffsExplainResponses = {
    /**
     * The explanation.
     */
    200: TariffExplanation;
};

export type TariffsExplainResponse = TariffsExplainResponses[keyof TariffsExplainResponses];

export type TariffsRawData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `trf_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/tariffs/{id}/raw';
};

export type TariffsRawErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type TariffsRawError = TariffsRawErrors[keyof TariffsRawErrors];

export type TariffsRawResponses = {
    /**
     * The text.
     */
    200: unknown;
};

export type QuotesBatchData = {
    body: QuoteBatch;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/quotes:batch';
};

export type QuotesBatchErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type QuotesBatchError = QuotesBatchErrors[keyof QuotesBatchErrors];

export type QuotesBatchResponses = {
    /**
     * One result per EVSE.
     */
    200: IndicativeQuotes;
};

export type QuotesBatchResponse = QuotesBatchResponses[keyof QuotesBatchResponses];

export type QuotesCreateData = {
    body: QuoteCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/quotes';
};

export type QuotesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `credit_limit_exceeded`: The account may not owe more.
     *
     * `outstanding_debt`: An earlier session is unpaid.
     *
     * `payment_declined`: Payment declined.
     */
    402: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `site_access_denied`: The place is for others, or closed now.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `evse_not_available`: EVSE is not available. May succeed later without a change.
     *
     * `evse_not_reachable`: EVSE cannot be reached. May succeed later without a change.
     *
     * `invalid_value`: A value cannot be as it is given.
     *
     * `price_unavailable`: No valid public price for this EVSE.
     *
     * `tariff_held`: The operator must confirm an unusual price first. May succeed later without a change.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type QuotesCreateError = QuotesCreateErrors[keyof QuotesCreateErrors];

export type QuotesCreateResponses = {
    /**
     * The quote.
     */
    201: Quote;
};

export type QuotesCreateResponse = QuotesCreateResponses[keyof QuotesCreateResponses];

export type QuotesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `quo_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/quotes/{id}';
};

export type QuotesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type QuotesGetError = QuotesGetErrors[keyof QuotesGetErrors];

export type QuotesGetResponses = {
    /**
     * The quote.
     */
    200: Quote;
};

export type QuotesGetResponse = QuotesGetResponses[keyof QuotesGetResponses];

export type QuotesCancelData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `quo_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/quotes/{id}/cancel';
};

export type QuotesCancelErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `quote_consumed`: Quote already used.
     *
     * `quote_expired`: Quote expired.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type QuotesCancelError = QuotesCancelErrors[keyof QuotesCancelErrors];

export type QuotesCancelResponses = {
    /**
     * The quote.
     */
    200: Quote;
};

export type QuotesCancelResponse = QuotesCancelResponses[keyof QuotesCancelResponses];

export type AgreementsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
        side?: 'cpo' | 'partner';
    };
    url: '/v1/agreements';
};

export type AgreementsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsListError = AgreementsListErrors[keyof AgreementsListErrors];

export type AgreementsListResponses = {
    /**
     * A page of agreements.
     */
    200: DistributionAgreementList;
};

export type AgreementsListResponse = AgreementsListResponses[keyof AgreementsListResponses];

export type AgreementsCreateData = {
    body: AgreementPropose;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/agreements';
};

export type AgreementsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `not_offered`: Not offered yet.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsCreateError = AgreementsCreateErrors[keyof AgreementsCreateErrors];

export type AgreementsCreateResponses = {
    /**
     * Version 1 of the agreement, or the next version of the account’s own.
     */
    201: DistributionAgreement;
};

export type AgreementsCreateResponse = AgreementsCreateResponses[keyof AgreementsCreateResponses];

export type AgreementsAmendData = {
    body: AgreementAmend;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/agreements/{id}/versions';
};

export type AgreementsAmendErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `not_offered`: Not offered yet.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsAmendError = AgreementsAmendErrors[keyof AgreementsAmendErrors];

export type AgreementsAmendResponses = {
    /**
     * The new version.
     */
    201: DistributionAgreement;
};

export type AgreementsAmendResponse = AgreementsAmendResponses[keyof AgreementsAmendResponses];

export type AgreementsProposeData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/agreements/{id}/propose';
};

export type AgreementsProposeErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsProposeError = AgreementsProposeErrors[keyof AgreementsProposeErrors];

export type AgreementsProposeResponses = {
    /**
     * The proposed version.
     */
    200: DistributionAgreement;
};

export type AgreementsProposeResponse = AgreementsProposeResponses[keyof AgreementsProposeResponses];

export type AgreementsAcceptData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/agreements/{id}/accept';
};

export type AgreementsAcceptErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsAcceptError = AgreementsAcceptErrors[keyof AgreementsAcceptErrors];

export type AgreementsAcceptResponses = {
    /**
     * The active version.
     */
    200: DistributionAgreement;
};

export type AgreementsAcceptResponse = AgreementsAcceptResponses[keyof AgreementsAcceptResponses];

export type AgreementsRejectData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/agreements/{id}/reject';
};

export type AgreementsRejectErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsRejectError = AgreementsRejectErrors[keyof AgreementsRejectErrors];

export type AgreementsRejectResponses = {
    /**
     * The rejected version.
     */
    200: DistributionAgreement;
};

export type AgreementsRejectResponse = AgreementsRejectResponses[keyof AgreementsRejectResponses];

export type AgreementsEndData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
        at?: Instant;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/agreements/{id}/end';
};

export type AgreementsEndErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsEndError = AgreementsEndErrors[keyof AgreementsEndErrors];

export type AgreementsEndResponses = {
    /**
     * The version with its end.
     */
    200: DistributionAgreement;
};

export type AgreementsEndResponse = AgreementsEndResponses[keyof AgreementsEndResponses];

export type AgreementsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `agr_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/agreements/{id}';
};

export type AgreementsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AgreementsGetError = AgreementsGetErrors[keyof AgreementsGetErrors];

export type AgreementsGetResponses = {
    /**
     * The version.
     */
    200: DistributionAgreement;
};

export type AgreementsGetResponse = AgreementsGetResponses[keyof AgreementsGetResponses];

export type RateAgreementsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/rate_agreements';
};

export type RateAgreementsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsListError = RateAgreementsListErrors[keyof RateAgreementsListErrors];

export type RateAgreementsListResponses = {
    /**
     * A page of rate agreements.
     */
    200: RateAgreementList;
};

export type RateAgreementsListResponse = RateAgreementsListResponses[keyof RateAgreementsListResponses];

export type RateAgreementsCreateData = {
    body: RateAgreementCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/rate_agreements';
};

export type RateAgreementsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsCreateError = RateAgreementsCreateErrors[keyof RateAgreementsCreateErrors];

export type RateAgreementsCreateResponses = {
    /**
     * Version 1 of the agreement.
     */
    201: RateAgreement;
};

export type RateAgreementsCreateResponse = RateAgreementsCreateResponses[keyof RateAgreementsCreateResponses];

export type RateAgreementsAmendData = {
    body: RateAgreementAmend;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/rate_agreements/{id}/versions';
};

export type RateAgreementsAmendErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsAmendError = RateAgreementsAmendErrors[keyof RateAgreementsAmendErrors];

export type RateAgreementsAmendResponses = {
    /**
     * The new version.
     */
    201: RateAgreement;
};

export type RateAgreementsAmendResponse = RateAgreementsAmendResponses[keyof RateAgreementsAmendResponses];

export type RateAgreementsProposeData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/rate_agreements/{id}/propose';
};

export type RateAgreementsProposeErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsProposeError = RateAgreementsProposeErrors[keyof RateAgreementsProposeErrors];

export type RateAgreementsProposeResponses = {
    /**
     * The proposed version.
     */
    200: RateAgreement;
};

export type RateAgreementsProposeResponse = RateAgreementsProposeResponses[keyof RateAgreementsProposeResponses];

export type RateAgreementsAcceptData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/rate_agreements/{id}/accept';
};

export type RateAgreementsAcceptErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `market_rule_violation`: A rule of the market forbids it.
     *
     * `price_unavailable`: No valid public price for this EVSE.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsAcceptError = RateAgreementsAcceptErrors[keyof RateAgreementsAcceptErrors];

export type RateAgreementsAcceptResponses = {
    /**
     * The active version.
     */
    200: RateAgreement;
};

export type RateAgreementsAcceptResponse = RateAgreementsAcceptResponses[keyof RateAgreementsAcceptResponses];

export type RateAgreementsRejectData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/rate_agreements/{id}/reject';
};

export type RateAgreementsRejectErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsRejectError = RateAgreementsRejectErrors[keyof RateAgreementsRejectErrors];

export type RateAgreementsRejectResponses = {
    /**
     * The rejected version.
     */
    200: RateAgreement;
};

export type RateAgreementsRejectResponse = RateAgreementsRejectResponses[keyof RateAgreementsRejectResponses];

export type RateAgreementsEndData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
        at?: Instant;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/rate_agreements/{id}/end';
};

export type RateAgreementsEndErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsEndError = RateAgreementsEndErrors[keyof RateAgreementsEndErrors];

export type RateAgreementsEndResponses = {
    /**
     * The version with its end.
     */
    200: RateAgreement;
};

export type RateAgreementsEndResponse = RateAgreementsEndResponses[keyof RateAgreementsEndResponses];

export type RateAgreementsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rag_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/rate_agreements/{id}';
};

export type RateAgreementsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RateAgreementsGetError = RateAgreementsGetErrors[keyof RateAgreementsGetErrors];

export type RateAgreementsGetResponses = {
    /**
     * The version.
     */
    200: RateAgreement;
};

export type RateAgreementsGetResponse = RateAgreementsGetResponses[keyof RateAgreementsGetResponses];

export type ContractsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/contracts';
};

export type ContractsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsListError = ContractsListErrors[keyof ContractsListErrors];

export type ContractsListResponses = {
    /**
     * A page of contracts.
     */
    200: ContractList;
};

export type ContractsListResponse = ContractsListResponses[keyof ContractsListResponses];

export type ContractsCreateData = {
    body: ContractCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/contracts';
};

export type ContractsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsCreateError = ContractsCreateErrors[keyof ContractsCreateErrors];

export type ContractsCreateResponses = {
    /**
     * Version 1.
     */
    201: Contract;
};

export type ContractsCreateResponse = ContractsCreateResponses[keyof ContractsCreateResponses];

export type ContractsAmendData = {
    body: ContractAmend;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/contracts/{id}/versions';
};

export type ContractsAmendErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsAmendError = ContractsAmendErrors[keyof ContractsAmendErrors];

export type ContractsAmendResponses = {
    /**
     * The new version.
     */
    201: Contract;
};

export type ContractsAmendResponse = ContractsAmendResponses[keyof ContractsAmendResponses];

export type ContractsProposeData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/contracts/{id}/propose';
};

export type ContractsProposeErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsProposeError = ContractsProposeErrors[keyof ContractsProposeErrors];

export type ContractsProposeResponses = {
    /**
     * The proposed version.
     */
    200: Contract;
};

export type ContractsProposeResponse = ContractsProposeResponses[keyof ContractsProposeResponses];

export type ContractsAcceptData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/contracts/{id}/accept';
};

export type ContractsAcceptErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsAcceptError = ContractsAcceptErrors[keyof ContractsAcceptErrors];

export type ContractsAcceptResponses = {
    /**
     * The active version.
     */
    200: Contract;
};

export type ContractsAcceptResponse = ContractsAcceptResponses[keyof ContractsAcceptResponses];

export type ContractsRejectData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/contracts/{id}/reject';
};

export type ContractsRejectErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsRejectError = ContractsRejectErrors[keyof ContractsRejectErrors];

export type ContractsRejectResponses = {
    /**
     * The rejected version.
     */
    200: Contract;
};

export type ContractsRejectResponse = ContractsRejectResponses[keyof ContractsRejectResponses];

export type ContractsEndData = {
    body: {
        /**
         * For the other side.
         */
        reason: string;
        at?: Instant;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/contracts/{id}/end';
};

export type ContractsEndErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsEndError = ContractsEndErrors[keyof ContractsEndErrors];

export type ContractsEndResponses = {
    /**
     * The version with its end.
     */
    200: Contract;
};

export type ContractsEndResponse = ContractsEndResponses[keyof ContractsEndResponses];

export type ContractsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ctr_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/contracts/{id}';
};

export type ContractsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ContractsGetError = ContractsGetErrors[keyof ContractsGetErrors];

export type ContractsGetResponses = {
    /**
     * The version.
     */
    200: Contract;
};

export type ContractsGetResponse = ContractsGetResponses[keyof ContractsGetResponses];

export type DriverGroupsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/driver_groups';
};

export type DriverGroupsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DriverGroupsListError = DriverGroupsListErrors[keyof DriverGroupsListErrors];

export type DriverGroupsListResponses = {
    /**
     * A page of groups.
     */
    200: DriverGroupList;
};

export type DriverGroupsListResponse = DriverGroupsListResponses[keyof DriverGroupsListResponses];

export type DriverGroupsCreateData = {
    body: DriverGroupCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/driver_groups';
};

export type DriverGroupsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DriverGroupsCreateError = DriverGroupsCreateErrors[keyof DriverGroupsCreateErrors];

export type DriverGroupsCreateResponses = {
    /**
     * The group.
     */
    201: DriverGroup;
};

export type DriverGroupsCreateResponse = DriverGroupsCreateResponses[keyof DriverGroupsCreateResponses];

export type DriverGroupsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `grp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/driver_groups/{id}';
};

export type DriverGroupsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DriverGroupsGetError = DriverGroupsGetErrors[keyof DriverGroupsGetErrors];

export type DriverGroupsGetResponses = {
    /**
     * The group.
     */
    200: DriverGroup;
};

export type DriverGroupsGetResponse = DriverGroupsGetResponses[keyof DriverGroupsGetResponses];

export type DriverGroupsUpdateData = {
    body: DriverGroupUpdate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `grp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/driver_groups/{id}';
};

export type DriverGroupsUpdateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DriverGroupsUpdateError = DriverGroupsUpdateErrors[keyof DriverGroupsUpdateErrors];

export type DriverGroupsUpdateResponses = {
    /**
     * The group.
     */
    200: DriverGroup;
};

export type DriverGroupsUpdateResponse = DriverGroupsUpdateResponses[keyof DriverGroupsUpdateResponses];

export type AccessRulesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/access_rules';
};

export type AccessRulesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccessRulesListError = AccessRulesListErrors[keyof AccessRulesListErrors];

export type AccessRulesListResponses = {
    /**
     * A page of rules.
     */
    200: AccessRuleList;
};

export type AccessRulesListResponse = AccessRulesListResponses[keyof AccessRulesListResponses];

export type AccessRulesCreateData = {
    body: AccessRuleCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/access_rules';
};

export type AccessRulesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccessRulesCreateError = AccessRulesCreateErrors[keyof AccessRulesCreateErrors];

export type AccessRulesCreateResponses = {
    /**
     * The rule.
     */
    201: AccessRule;
};

export type AccessRulesCreateResponse = AccessRulesCreateResponses[keyof AccessRulesCreateResponses];

export type AccessRulesEndData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `arl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/access_rules/{id}/end';
};

export type AccessRulesEndErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccessRulesEndError = AccessRulesEndErrors[keyof AccessRulesEndErrors];

export type AccessRulesEndResponses = {
    /**
     * The ended rule.
     */
    200: AccessRule;
};

export type AccessRulesEndResponse = AccessRulesEndResponses[keyof AccessRulesEndResponses];

export type AccessRulesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `arl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/access_rules/{id}';
};

export type AccessRulesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccessRulesGetError = AccessRulesGetErrors[keyof AccessRulesGetErrors];

export type AccessRulesGetResponses = {
    /**
     * The rule.
     */
    200: AccessRule;
};

export type AccessRulesGetResponse = AccessRulesGetResponses[keyof AccessRulesGetResponses];

export type PolicyPackagesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/policy_packages';
};

export type PolicyPackagesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesListError = PolicyPackagesListErrors[keyof PolicyPackagesListErrors];

export type PolicyPackagesListResponses = {
    /**
     * A page of packages.
     */
    200: PolicyPackageList;
};

export type PolicyPackagesListResponse = PolicyPackagesListResponses[keyof PolicyPackagesListResponses];

export type PolicyPackagesCreateData = {
    body: PolicyPackageCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/policy_packages';
};

export type PolicyPackagesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesCreateError = PolicyPackagesCreateErrors[keyof PolicyPackagesCreateErrors];

export type PolicyPackagesCreateResponses = {
    /**
     * The draft.
     */
    201: PolicyPackage;
};

export type PolicyPackagesCreateResponse = PolicyPackagesCreateResponses[keyof PolicyPackagesCreateResponses];

export type PolicyPackagesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/policy_packages/{id}';
};

export type PolicyPackagesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesGetError = PolicyPackagesGetErrors[keyof PolicyPackagesGetErrors];

export type PolicyPackagesGetResponses = {
    /**
     * The package.
     */
    200: PolicyPackage;
};

export type PolicyPackagesGetResponse = PolicyPackagesGetResponses[keyof PolicyPackagesGetResponses];

export type PolicyPackagesSourceData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/policy_packages/{id}/source';
};

export type PolicyPackagesSourceErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesSourceError = PolicyPackagesSourceErrors[keyof PolicyPackagesSourceErrors];

export type PolicyPackagesSourceResponses = {
    /**
     * The module.
     */
    200: Blob | File;
};

export type PolicyPackagesSourceResponse = PolicyPackagesSourceResponses[keyof PolicyPackagesSourceResponses];

export type PolicyPackagesActivateData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/policy_packages/{id}/activate';
};

export type PolicyPackagesActivateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `not_offered`: Not offered yet.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesActivateError = PolicyPackagesActivateErrors[keyof PolicyPackagesActivateErrors];

export type PolicyPackagesActivateResponses = {
    /**
     * The active package.
     */
    200: PolicyPackage;
};

export type PolicyPackagesActivateResponse = PolicyPackagesActivateResponses[keyof PolicyPackagesActivateResponses];

export type PolicyPackagesRetireData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/policy_packages/{id}/retire';
};

export type PolicyPackagesRetireErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesRetireError = PolicyPackagesRetireErrors[keyof PolicyPackagesRetireErrors];

export type PolicyPackagesRetireResponses = {
    /**
     * The retired package.
     */
    200: PolicyPackage;
};

export type PolicyPackagesRetireResponse = PolicyPackagesRetireResponses[keyof PolicyPackagesRetireResponses];

export type PolicyPackagesDryRunData = {
    body: PolicyDryRunRequest;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/policy_packages/{id}/dry_run';
};

export type PolicyPackagesDryRunErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesDryRunError = PolicyPackagesDryRunErrors[keyof PolicyPackagesDryRunErrors];

export type PolicyPackagesDryRunResponses = {
    /**
     * What it answers.
     */
    200: PolicyDryRun;
};

export type PolicyPackagesDryRunResponse = PolicyPackagesDryRunResponses[keyof PolicyPackagesDryRunResponses];

export type PolicyPackagesFaultsData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pkg_`.
         */
        id: string;
    };
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/policy_packages/{id}/faults';
};

export type PolicyPackagesFaultsErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PolicyPackagesFaultsError = PolicyPackagesFaultsErrors[keyof PolicyPackagesFaultsErrors];

export type PolicyPackagesFaultsResponses = {
    /**
     * A page of faults.
     */
    200: PolicyPackageFaultList;
};

export type PolicyPackagesFaultsResponse = PolicyPackagesFaultsResponses[keyof PolicyPackagesFaultsResponses];

export type SplitPoliciesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/split_policies';
};

export type SplitPoliciesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesListError = SplitPoliciesListErrors[keyof SplitPoliciesListErrors];

export type SplitPoliciesListResponses = {
    /**
     * A page of split policies.
     */
    200: SplitPolicyList;
};

export type SplitPoliciesListResponse = SplitPoliciesListResponses[keyof SplitPoliciesListResponses];

export type SplitPoliciesCreateData = {
    body: SplitPolicyCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/split_policies';
};

export type SplitPoliciesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesCreateError = SplitPoliciesCreateErrors[keyof SplitPoliciesCreateErrors];

export type SplitPoliciesCreateResponses = {
    /**
     * Version 1, a draft.
     */
    201: SplitPolicy;
};

export type SplitPoliciesCreateResponse = SplitPoliciesCreateResponses[keyof SplitPoliciesCreateResponses];

export type SplitPoliciesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/split_policies/{id}';
};

export type SplitPoliciesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesGetError = SplitPoliciesGetErrors[keyof SplitPoliciesGetErrors];

export type SplitPoliciesGetResponses = {
    /**
     * The version.
     */
    200: SplitPolicy;
};

export type SplitPoliciesGetResponse = SplitPoliciesGetResponses[keyof SplitPoliciesGetResponses];

export type SplitPoliciesUpdateData = {
    body: SplitPolicyTerms;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}';
};

export type SplitPoliciesUpdateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesUpdateError = SplitPoliciesUpdateErrors[keyof SplitPoliciesUpdateErrors];

export type SplitPoliciesUpdateResponses = {
    /**
     * The draft.
     */
    200: SplitPolicy;
};

export type SplitPoliciesUpdateResponse = SplitPoliciesUpdateResponses[keyof SplitPoliciesUpdateResponses];

export type SplitPoliciesAmendData = {
    body: SplitPolicyTerms;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/versions';
};

export type SplitPoliciesAmendErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesAmendError = SplitPoliciesAmendErrors[keyof SplitPoliciesAmendErrors];

export type SplitPoliciesAmendResponses = {
    /**
     * The next version, a draft.
     */
    201: SplitPolicy;
};

export type SplitPoliciesAmendResponse = SplitPoliciesAmendResponses[keyof SplitPoliciesAmendResponses];

export type SplitPoliciesActivateData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/activate';
};

export type SplitPoliciesActivateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesActivateError = SplitPoliciesActivateErrors[keyof SplitPoliciesActivateErrors];

export type SplitPoliciesActivateResponses = {
    /**
     * The active version.
     */
    200: SplitPolicy;
};

export type SplitPoliciesActivateResponse = SplitPoliciesActivateResponses[keyof SplitPoliciesActivateResponses];

export type SplitPoliciesRetireData = {
    body: {
        reason: string;
        at?: Instant;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/retire';
};

export type SplitPoliciesRetireErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesRetireError = SplitPoliciesRetireErrors[keyof SplitPoliciesRetireErrors];

export type SplitPoliciesRetireResponses = {
    /**
     * The version with its end.
     */
    200: SplitPolicy;
};

export type SplitPoliciesRetireResponse = SplitPoliciesRetireResponses[keyof SplitPoliciesRetireResponses];

export type SplitPoliciesGoldensData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/goldens';
};

export type SplitPoliciesGoldensErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesGoldensError = SplitPoliciesGoldensErrors[keyof SplitPoliciesGoldensErrors];

export type SplitPoliciesGoldensResponses = {
    /**
     * All of them.
     */
    200: GoldenStatementList;
};

export type SplitPoliciesGoldensResponse = SplitPoliciesGoldensResponses[keyof SplitPoliciesGoldensResponses];

export type SplitPoliciesAddGoldenData = {
    body: GoldenStatementCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/goldens';
};

export type SplitPoliciesAddGoldenErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesAddGoldenError = SplitPoliciesAddGoldenErrors[keyof SplitPoliciesAddGoldenErrors];

export type SplitPoliciesAddGoldenResponses = {
    /**
     * The statement.
     */
    201: GoldenStatement;
};

export type SplitPoliciesAddGoldenResponse = SplitPoliciesAddGoldenResponses[keyof SplitPoliciesAddGoldenResponses];

export type SplitPoliciesSimulateData = {
    body: SplitSimulationCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_policies/{id}/simulate';
};

export type SplitPoliciesSimulateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitPoliciesSimulateError = SplitPoliciesSimulateErrors[keyof SplitPoliciesSimulateErrors];

export type SplitPoliciesSimulateResponses = {
    /**
     * The simulation.
     */
    202: SplitSimulation;
};

export type SplitPoliciesSimulateResponse = SplitPoliciesSimulateResponses[keyof SplitPoliciesSimulateResponses];

export type SplitSimulationsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spm_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/split_simulations/{id}';
};

export type SplitSimulationsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitSimulationsGetError = SplitSimulationsGetErrors[keyof SplitSimulationsGetErrors];

export type SplitSimulationsGetResponses = {
    /**
     * The simulation.
     */
    200: SplitSimulation;
};

export type SplitSimulationsGetResponse = SplitSimulationsGetResponses[keyof SplitSimulationsGetResponses];

export type SplitSimulationsLinesData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `spm_`.
         */
        id: string;
    };
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/split_simulations/{id}/lines';
};

export type SplitSimulationsLinesErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitSimulationsLinesError = SplitSimulationsLinesErrors[keyof SplitSimulationsLinesErrors];

export type SplitSimulationsLinesResponses = {
    /**
     * A page of lines.
     */
    200: SplitSimulationLineList;
};

export type SplitSimulationsLinesResponse = SplitSimulationsLinesResponses[keyof SplitSimulationsLinesResponses];

export type SplitItemsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `spl_`.
         */
        policy?: string;
    };
    url: '/v1/split_items';
};

export type SplitItemsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SplitItemsListError = SplitItemsListErrors[keyof SplitItemsListErrors];

export type SplitItemsListResponses = {
    /**
     * A page of items.
     */
    200: SplitItemList;
};

export type SplitItemsListResponse = SplitItemsListResponses[keyof SplitItemsListResponses];

export type PlansListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `acct_`.
         */
        owner?: string;
    };
    url: '/v1/plans';
};

export type PlansListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlansListError = PlansListErrors[keyof PlansListErrors];

export type PlansListResponses = {
    /**
     * A page of plans.
     */
    200: PlanList;
};

export type PlansListResponse = PlansListResponses[keyof PlansListResponses];

export type PlansCreateData = {
    body: PlanCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/plans';
};

export type PlansCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `market_rule_violation`: A rule of the market forbids it.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlansCreateError = PlansCreateErrors[keyof PlansCreateErrors];

export type PlansCreateResponses = {
    /**
     * Version 1.
     */
    201: Plan;
};

export type PlansCreateResponse = PlansCreateResponses[keyof PlansCreateResponses];

export type PlansAddVersionData = {
    body: PlanVersionCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pln_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/plans/{id}/versions';
};

export type PlansAddVersionErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `market_rule_violation`: A rule of the market forbids it.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlansAddVersionError = PlansAddVersionErrors[keyof PlansAddVersionErrors];

export type PlansAddVersionResponses = {
    /**
     * The new version.
     */
    201: Plan;
};

export type PlansAddVersionResponse = PlansAddVersionResponses[keyof PlansAddVersionResponses];

export type PlansRetireData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pln_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/plans/{id}/retire';
};

export type PlansRetireErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlansRetireError = PlansRetireErrors[keyof PlansRetireErrors];

export type PlansRetireResponses = {
    /**
     * The newest version, retired.
     */
    200: Plan;
};

export type PlansRetireResponse = PlansRetireResponses[keyof PlansRetireResponses];

export type PlansGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pln_`.
         */
        id: string;
    };
    query?: {
        version?: number;
    };
    url: '/v1/plans/{id}';
};

export type PlansGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlansGetError = PlansGetErrors[keyof PlansGetErrors];

export type PlansGetResponses = {
    /**
     * The version.
     */
    200: Plan;
};

export type PlansGetResponse = PlansGetResponses[keyof PlansGetResponses];

export type SubscriptionsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Your own reference, 1 to 64 characters, unique per account.
         */
        driver?: string;
        /**
         * Id with the prefix `pln_`.
         */
        plan?: string;
        /**
         * Not ended at this instant.
         */
        active_at?: Instant;
    };
    url: '/v1/subscriptions';
};

export type SubscriptionsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsListError = SubscriptionsListErrors[keyof SubscriptionsListErrors];

export type SubscriptionsListResponses = {
    /**
     * A page of subscriptions.
     */
    200: SubscriptionList;
};

export type SubscriptionsListResponse = SubscriptionsListResponses[keyof SubscriptionsListResponses];

export type SubscriptionsCreateData = {
    body: SubscriptionCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/subscriptions';
};

export type SubscriptionsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsCreateError = SubscriptionsCreateErrors[keyof SubscriptionsCreateErrors];

export type SubscriptionsCreateResponses = {
    /**
     * The subscription.
     */
    201: Subscription;
};

export type SubscriptionsCreateResponse = SubscriptionsCreateResponses[keyof SubscriptionsCreateResponses];

export type SubscriptionsChangePlanData = {
    body: SubscriptionChange;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sub_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/subscriptions/{id}/versions';
};

export type SubscriptionsChangePlanErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsChangePlanError = SubscriptionsChangePlanErrors[keyof SubscriptionsChangePlanErrors];

export type SubscriptionsChangePlanResponses = {
    /**
     * The subscription.
     */
    200: Subscription;
};

export type SubscriptionsChangePlanResponse = SubscriptionsChangePlanResponses[keyof SubscriptionsChangePlanResponses];

export type SubscriptionsCancelData = {
    body: SubscriptionCancel;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sub_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/subscriptions/{id}/cancel';
};

export type SubscriptionsCancelErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsCancelError = SubscriptionsCancelErrors[keyof SubscriptionsCancelErrors];

export type SubscriptionsCancelResponses = {
    /**
     * The subscription with its end.
     */
    200: Subscription;
};

export type SubscriptionsCancelResponse = SubscriptionsCancelResponses[keyof SubscriptionsCancelResponses];

export type SubscriptionsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sub_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/subscriptions/{id}';
};

export type SubscriptionsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsGetError = SubscriptionsGetErrors[keyof SubscriptionsGetErrors];

export type SubscriptionsGetResponses = {
    /**
     * The subscription.
     */
    200: Subscription;
};

export type SubscriptionsGetResponse = SubscriptionsGetResponses[keyof SubscriptionsGetResponses];

export type SubscriptionsPeriodsData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sub_`.
         */
        id: string;
    };
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/subscriptions/{id}/periods';
};

export type SubscriptionsPeriodsErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SubscriptionsPeriodsError = SubscriptionsPeriodsErrors[keyof SubscriptionsPeriodsErrors];

export type SubscriptionsPeriodsResponses = {
    /**
     * A page of periods.
     */
    200: SubscriptionPeriodList;
};

export type SubscriptionsPeriodsResponse = SubscriptionsPeriodsResponses[keyof SubscriptionsPeriodsResponses];

export type ReimbursementRatesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Only those in force at this instant.
         */
        at?: Instant;
    };
    url: '/v1/reimbursement_rates';
};

export type ReimbursementRatesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReimbursementRatesListError = ReimbursementRatesListErrors[keyof ReimbursementRatesListErrors];

export type ReimbursementRatesListResponses = {
    /**
     * A page of rates.
     */
    200: ReimbursementRateList;
};

export type ReimbursementRatesListResponse = ReimbursementRatesListResponses[keyof ReimbursementRatesListResponses];

export type ReimbursementRatesCreateData = {
    body: ReimbursementRateCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/reimbursement_rates';
};

export type ReimbursementRatesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReimbursementRatesCreateError = ReimbursementRatesCreateErrors[keyof ReimbursementRatesCreateErrors];

export type ReimbursementRatesCreateResponses = {
    /**
     * The rate.
     */
    201: ReimbursementRate;
};

export type ReimbursementRatesCreateResponse = ReimbursementRatesCreateResponses[keyof ReimbursementRatesCreateResponses];

export type ReimbursementRatesEndData = {
    body: ReimbursementRateEnd;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rmr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/reimbursement_rates/{id}/end';
};

export type ReimbursementRatesEndErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReimbursementRatesEndError = ReimbursementRatesEndErrors[keyof ReimbursementRatesEndErrors];

export type ReimbursementRatesEndResponses = {
    /**
     * The rate with its end.
     */
    200: ReimbursementRate;
};

export type ReimbursementRatesEndResponse = ReimbursementRatesEndResponses[keyof ReimbursementRatesEndResponses];

export type ReimbursementRatesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rmr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/reimbursement_rates/{id}';
};

export type ReimbursementRatesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReimbursementRatesGetError = ReimbursementRatesGetErrors[keyof ReimbursementRatesGetErrors];

export type ReimbursementRatesGetResponses = {
    /**
     * The rate.
     */
    200: ReimbursementRate;
};

export type ReimbursementRatesGetResponse = ReimbursementRatesGetResponses[keyof ReimbursementRatesGetResponses];

export type ReportsLeakageData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query: {
        from: Instant;
        until: Instant;
    };
    url: '/v1/reports/leakage';
};

export type ReportsLeakageErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsLeakageError = ReportsLeakageErrors[keyof ReportsLeakageErrors];

export type ReportsLeakageResponses = {
    /**
     * A row for each operator and currency.
     */
    200: LeakageReport;
};

export type ReportsLeakageResponse = ReportsLeakageResponses[keyof ReportsLeakageResponses];

export type ReportsNonDiscriminationData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Your own by default; the platform names one.
         */
        cpo?: string;
        /**
         * As prices and agreements were then; now by default.
         */
        at?: Instant;
    };
    url: '/v1/reports/non-discrimination';
};

export type ReportsNonDiscriminationErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsNonDiscriminationError = ReportsNonDiscriminationErrors[keyof ReportsNonDiscriminationErrors];

export type ReportsNonDiscriminationResponses = {
    /**
     * A page of connectors.
     */
    200: PriceSpreadList;
};

export type ReportsNonDiscriminationResponse = ReportsNonDiscriminationResponses[keyof ReportsNonDiscriminationResponses];

export type ReportsNonDiscriminationCsvData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Your own by default; the platform names one.
         */
        cpo?: string;
        /**
         * As prices and agreements were then; now by default.
         */
        at?: Instant;
    };
    url: '/v1/reports/non-discrimination/csv';
};

export type ReportsNonDiscriminationCsvErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsNonDiscriminationCsvError = ReportsNonDiscriminationCsvErrors[keyof ReportsNonDiscriminationCsvErrors];

export type ReportsNonDiscriminationCsvResponses = {
    /**
     * The report.
     */
    200: Blob | File;
};

export type ReportsNonDiscriminationCsvResponse = ReportsNonDiscriminationCsvResponses[keyof ReportsNonDiscriminationCsvResponses];

export type ReportsPriceAccuracyData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Your own by default; finance and the platform see all.
         */
        cpo?: string;
        /**
         * First instant; 30 days before `to` by default.
         */
        from?: Instant;
        /**
         * First instant no longer counted; now by default.
         */
        to?: Instant;
    };
    url: '/v1/reports/price-accuracy';
};

export type ReportsPriceAccuracyErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsPriceAccuracyError = ReportsPriceAccuracyErrors[keyof ReportsPriceAccuracyErrors];

export type ReportsPriceAccuracyResponses = {
    /**
     * A page of operators.
     */
    200: PriceAccuracyList;
};

export type ReportsPriceAccuracyResponse = ReportsPriceAccuracyResponses[keyof ReportsPriceAccuracyResponses];

export type ReportsReimbursementData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query: {
        /**
         * Sessions that ended from then on.
         */
        from: Instant;
        /**
         * Until before then.
         */
        to: Instant;
        /**
         * Your own reference, 1 to 64 characters, unique per account.
         */
        driver?: string;
    };
    url: '/v1/reports/reimbursement';
};

export type ReportsReimbursementErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsReimbursementError = ReportsReimbursementErrors[keyof ReportsReimbursementErrors];

export type ReportsReimbursementResponses = {
    /**
     * The report.
     */
    200: ReimbursementReport;
};

export type ReportsReimbursementResponse = ReportsReimbursementResponses[keyof ReportsReimbursementResponses];

export type ReportsReimbursementCsvData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query: {
        /**
         * Sessions that ended from then on.
         */
        from: Instant;
        /**
         * Until before then.
         */
        to: Instant;
        /**
         * Your own reference, 1 to 64 characters, unique per account.
         */
        driver?: string;
    };
    url: '/v1/reports/reimbursement/csv';
};

export type ReportsReimbursementCsvErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsReimbursementCsvError = ReportsReimbursementCsvErrors[keyof ReportsReimbursementCsvErrors];

export type ReportsReimbursementCsvResponses = {
    /**
     * The report.
     */
    200: Blob | File;
};

export type ReportsReimbursementCsvResponse = ReportsReimbursementCsvResponses[keyof ReportsReimbursementCsvResponses];

export type ReportsAccountStatementData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query: {
        /**
         * Sessions that ended from then on.
         */
        from: Instant;
        /**
         * Until before then.
         */
        to: Instant;
        /**
         * Your own by default; finance names one.
         */
        account?: string;
    };
    url: '/v1/reports/account-statement';
};

export type ReportsAccountStatementErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReportsAccountStatementError = ReportsAccountStatementErrors[keyof ReportsAccountStatementErrors];

export type ReportsAccountStatementResponses = {
    /**
     * The statement.
     */
    200: AccountStatement;
};

export type ReportsAccountStatementResponse = ReportsAccountStatementResponses[keyof ReportsAccountStatementResponses];

export type SessionsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        status?: SessionStatus;
        /**
         * Your own reference, 1 to 64 characters, unique per account.
         */
        external_id?: string;
    };
    url: '/v1/sessions';
};

export type SessionsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsListError = SessionsListErrors[keyof SessionsListErrors];

export type SessionsListResponses = {
    /**
     * A page of sessions.
     */
    200: SessionList;
};

export type SessionsListResponse = SessionsListResponses[keyof SessionsListResponses];

export type SessionsCreateData = {
    body: SessionCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/sessions';
};

export type SessionsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `authentication_required`: The payer must authenticate.
     *
     * `credit_limit_exceeded`: The account may not owe more.
     *
     * `outstanding_debt`: An earlier session is unpaid.
     *
     * `payment_declined`: Payment declined.
     */
    402: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     *
     * `site_access_denied`: The place is for others, or closed now.
     *
     * `start_refused_by_operator`: The operator's own rules refuse this start.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `quote_consumed`: Quote already used.
     *
     * `quote_expired`: Quote expired.
     *
     * `session_already_active`: The driver already charges at this EVSE.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `evse_not_available`: EVSE is not available. May succeed later without a change.
     *
     * `evse_not_reachable`: EVSE cannot be reached. May succeed later without a change.
     *
     * `invalid_value`: A value cannot be as it is given.
     *
     * `price_unavailable`: No valid public price for this EVSE.
     *
     * `start_rejected`: The charger refused to start.
     *
     * `tariff_held`: The operator must confirm an unusual price first. May succeed later without a change.
     *
     * `token_blocked`: Charging token is blocked.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `cpo_error`: The operator answered with an error. May succeed later without a change.
     *
     * `cpo_unreachable`: The operator cannot be reached. May succeed later without a change.
     *
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `rates_unavailable`: No exchange rate can be had now. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsCreateError = SessionsCreateErrors[keyof SessionsCreateErrors];

export type SessionsCreateResponses = {
    /**
     * The session, authorized.
     */
    202: Session;
};

export type SessionsCreateResponse = SessionsCreateResponses[keyof SessionsCreateResponses];

export type SessionsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: {
        /**
         * Seconds.
         */
        wait?: number;
        /**
         * The `sequence` you have; the present one by default.
         */
        since_sequence?: number;
    };
    url: '/v1/sessions/{id}';
};

export type SessionsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsGetError = SessionsGetErrors[keyof SessionsGetErrors];

export type SessionsGetResponses = {
    /**
     * The session.
     */
    200: Session;
};

export type SessionsGetResponse = SessionsGetResponses[keyof SessionsGetResponses];

export type SessionsStopData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/stop';
};

export type SessionsStopErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `cpo_error`: The operator answered with an error. May succeed later without a change.
     *
     * `cpo_unreachable`: The operator cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsStopError = SessionsStopErrors[keyof SessionsStopErrors];

export type SessionsStopResponses = {
    /**
     * The session.
     */
    202: Session;
};

export type SessionsStopResponse = SessionsStopResponses[keyof SessionsStopResponses];

export type SessionsStreamData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
        /**
         * The `id` of the last event you saw; the stream goes on behind it.
         */
        'Last-Event-ID'?: string;
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/stream';
};

export type SessionsStreamErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsStreamError = SessionsStreamErrors[keyof SessionsStreamErrors];

export type SessionsStreamResponses = {
    /**
     * Events as they happen.
     */
    200: {
        id?: string;
        event?: string;
        data: string;
    };
};

export type SessionsStreamResponse = SessionsStreamResponses[keyof SessionsStreamResponses];

export type SessionsTimelineData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/timeline';
};

export type SessionsTimelineErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsTimelineError = SessionsTimelineErrors[keyof SessionsTimelineErrors];

export type SessionsTimelineResponses = {
    /**
     * The timeline.
     */
    200: Timeline;
};

export type SessionsTimelineResponse = SessionsTimelineResponses[keyof SessionsTimelineResponses];

export type SessionsPriceProofData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/price_proof';
};

export type SessionsPriceProofErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsPriceProofError = SessionsPriceProofErrors[keyof SessionsPriceProofErrors];

export type SessionsPriceProofResponses = {
    /**
     * The proof.
     */
    200: PriceProof;
};

export type SessionsPriceProofResponse = SessionsPriceProofResponses[keyof SessionsPriceProofResponses];

export type SessionsEvidenceData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/evidence';
};

export type SessionsEvidenceErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsEvidenceError = SessionsEvidenceErrors[keyof SessionsEvidenceErrors];

export type SessionsEvidenceResponses = {
    /**
     * The newest revision of the pack.
     */
    200: Blob | File;
};

export type SessionsEvidenceResponse = SessionsEvidenceResponses[keyof SessionsEvidenceResponses];

export type SessionsEvidenceSummaryData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/evidence/summary';
};

export type SessionsEvidenceSummaryErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SessionsEvidenceSummaryError = SessionsEvidenceSummaryErrors[keyof SessionsEvidenceSummaryErrors];

export type SessionsEvidenceSummaryResponses = {
    /**
     * The page.
     */
    200: Blob | File;
};

export type SessionsEvidenceSummaryResponse = SessionsEvidenceSummaryResponses[keyof SessionsEvidenceSummaryResponses];

export type RatingsListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ses_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/sessions/{id}/ratings';
};

export type RatingsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RatingsListError = RatingsListErrors[keyof RatingsListErrors];

export type RatingsListResponses = {
    /**
     * The ratings, by purpose and revision.
     */
    200: SessionRatingList;
};

export type RatingsListResponse = RatingsListResponses[keyof RatingsListResponses];

export type HoldsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `hld_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/holds/{id}';
};

export type HoldsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type HoldsGetError = HoldsGetErrors[keyof HoldsGetErrors];

export type HoldsGetResponses = {
    /**
     * The hold.
     */
    200: Hold;
};

export type HoldsGetResponse = HoldsGetResponses[keyof HoldsGetResponses];

export type HoldsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Only those of this session.
         */
        session?: string;
        /**
         * Only those of this driver.
         */
        driver?: string;
        /**
         * Only what the payment provider knows by this id.
         */
        psp_reference?: string;
        status?: 'created' | 'increased' | 'captured' | 'released' | 'expired';
    };
    url: '/v1/holds';
};

export type HoldsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type HoldsListError = HoldsListErrors[keyof HoldsListErrors];

export type HoldsListResponses = {
    /**
     * A page of holds.
     */
    200: HoldList;
};

export type HoldsListResponse = HoldsListResponses[keyof HoldsListResponses];

export type PaymentsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `pay_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payments/{id}';
};

export type PaymentsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentsGetError = PaymentsGetErrors[keyof PaymentsGetErrors];

export type PaymentsGetResponses = {
    /**
     * The payment.
     */
    200: Payment;
};

export type PaymentsGetResponse = PaymentsGetResponses[keyof PaymentsGetResponses];

export type PaymentsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Only those of this session.
         */
        session?: string;
        /**
         * Only those of this driver.
         */
        driver?: string;
        /**
         * Only what the payment provider knows by this id.
         */
        psp_reference?: string;
        status?: 'created' | 'requires_action' | 'authorized' | 'declined' | 'captured' | 'capture_failed' | 'voided';
    };
    url: '/v1/payments';
};

export type PaymentsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentsListError = PaymentsListErrors[keyof PaymentsListErrors];

export type PaymentsListResponses = {
    /**
     * A page of payments.
     */
    200: PaymentList;
};

export type PaymentsListResponse = PaymentsListResponses[keyof PaymentsListResponses];

export type RefundsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
    };
    url: '/v1/refunds';
};

export type RefundsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RefundsListError = RefundsListErrors[keyof RefundsListErrors];

export type RefundsListResponses = {
    /**
     * A page of refunds.
     */
    200: RefundList;
};

export type RefundsListResponse = RefundsListResponses[keyof RefundsListResponses];

export type RefundsCreateData = {
    body: RefundCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/refunds';
};

export type RefundsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RefundsCreateError = RefundsCreateErrors[keyof RefundsCreateErrors];

export type RefundsCreateResponses = {
    /**
     * The refund.
     */
    201: Refund;
};

export type RefundsCreateResponse = RefundsCreateResponses[keyof RefundsCreateResponses];

export type RefundsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `ref_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/refunds/{id}';
};

export type RefundsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RefundsGetError = RefundsGetErrors[keyof RefundsGetErrors];

export type RefundsGetResponses = {
    /**
     * The refund.
     */
    200: Refund;
};

export type RefundsGetResponse = RefundsGetResponses[keyof RefundsGetResponses];

export type DisputesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        kind?: 'driver' | 'cpo' | 'chargeback' | 'statement';
        /**
         * `won` and `lost` are said of whoever disputes; of a `chargeback` they are the provider’s words, of us. `settled`: a part was granted, it was withdrawn, or nothing is left to decide.
         */
        status?: 'open' | 'needs_response' | 'under_review' | 'won' | 'lost' | 'settled';
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
    };
    url: '/v1/disputes';
};

export type DisputesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesListError = DisputesListErrors[keyof DisputesListErrors];

export type DisputesListResponses = {
    /**
     * A page of disputes.
     */
    200: DisputeList;
};

export type DisputesListResponse = DisputesListResponses[keyof DisputesListResponses];

export type DisputesCreateData = {
    body: DisputeCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/disputes';
};

export type DisputesCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesCreateError = DisputesCreateErrors[keyof DisputesCreateErrors];

export type DisputesCreateResponses = {
    /**
     * The dispute, decided where the facts are clear.
     */
    201: Dispute;
};

export type DisputesCreateResponse = DisputesCreateResponses[keyof DisputesCreateResponses];

export type DisputesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dsp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/disputes/{id}';
};

export type DisputesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesGetError = DisputesGetErrors[keyof DisputesGetErrors];

export type DisputesGetResponses = {
    /**
     * The dispute.
     */
    200: Dispute;
};

export type DisputesGetResponse = DisputesGetResponses[keyof DisputesGetResponses];

export type DisputesSubmitEvidenceData = {
    body: DisputeEvidence;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dsp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/disputes/{id}/submit_evidence';
};

export type DisputesSubmitEvidenceErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesSubmitEvidenceError = DisputesSubmitEvidenceErrors[keyof DisputesSubmitEvidenceErrors];

export type DisputesSubmitEvidenceResponses = {
    /**
     * The dispute.
     */
    200: Dispute;
};

export type DisputesSubmitEvidenceResponse = DisputesSubmitEvidenceResponses[keyof DisputesSubmitEvidenceResponses];

export type DisputesWithdrawData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dsp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/disputes/{id}/withdraw';
};

export type DisputesWithdrawErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesWithdrawError = DisputesWithdrawErrors[keyof DisputesWithdrawErrors];

export type DisputesWithdrawResponses = {
    /**
     * The dispute.
     */
    200: Dispute;
};

export type DisputesWithdrawResponse = DisputesWithdrawResponses[keyof DisputesWithdrawResponses];

export type DisputesDecideData = {
    body: DisputeDecide;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dsp_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/disputes/{id}/decide';
};

export type DisputesDecideErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DisputesDecideError = DisputesDecideErrors[keyof DisputesDecideErrors];

export type DisputesDecideResponses = {
    /**
     * The dispute, decided or still waiting for a second key.
     */
    200: Dispute;
};

export type DisputesDecideResponse = DisputesDecideResponses[keyof DisputesDecideResponses];

export type DebtsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * `waived`: the platform bears it and the payees are paid. `written_off`: nobody will pay it; whoever waited for a part of it is not paid that part.
         */
        status?: 'open' | 'paid' | 'waived' | 'written_off';
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
    };
    url: '/v1/debts';
};

export type DebtsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DebtsListError = DebtsListErrors[keyof DebtsListErrors];

export type DebtsListResponses = {
    /**
     * A page of debts.
     */
    200: DebtList;
};

export type DebtsListResponse = DebtsListResponses[keyof DebtsListResponses];

export type DebtsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dbt_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/debts/{id}';
};

export type DebtsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DebtsGetError = DebtsGetErrors[keyof DebtsGetErrors];

export type DebtsGetResponses = {
    /**
     * The debt.
     */
    200: Debt;
};

export type DebtsGetResponse = DebtsGetResponses[keyof DebtsGetResponses];

export type DebtsPayData = {
    body: DebtPayment;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dbt_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/debts/{id}/pay';
};

export type DebtsPayErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DebtsPayError = DebtsPayErrors[keyof DebtsPayErrors];

export type DebtsPayResponses = {
    /**
     * The debt.
     */
    200: Debt;
};

export type DebtsPayResponse = DebtsPayResponses[keyof DebtsPayResponses];

export type DebtsWaiveData = {
    body: DebtWaive;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dbt_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/debts/{id}/waive';
};

export type DebtsWaiveErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DebtsWaiveError = DebtsWaiveErrors[keyof DebtsWaiveErrors];

export type DebtsWaiveResponses = {
    /**
     * The debt, with the proposal or closed.
     */
    200: Debt;
};

export type DebtsWaiveResponse = DebtsWaiveResponses[keyof DebtsWaiveResponses];

export type DebtsWriteOffData = {
    body: DebtWriteOff;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `dbt_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/debts/{id}/write_off';
};

export type DebtsWriteOffErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type DebtsWriteOffError = DebtsWriteOffErrors[keyof DebtsWriteOffErrors];

export type DebtsWriteOffResponses = {
    /**
     * The debt, with the proposal or closed.
     */
    200: Debt;
};

export type DebtsWriteOffResponse = DebtsWriteOffResponses[keyof DebtsWriteOffResponses];

export type CreditLinesListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/credit_lines';
};

export type CreditLinesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type CreditLinesListError = CreditLinesListErrors[keyof CreditLinesListErrors];

export type CreditLinesListResponses = {
    /**
     * The lines.
     */
    200: CreditLineList;
};

export type CreditLinesListResponse = CreditLinesListResponses[keyof CreditLinesListResponses];

export type CreditLinesSetData = {
    body: CreditLineSet;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/credit_lines';
};

export type CreditLinesSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type CreditLinesSetError = CreditLinesSetErrors[keyof CreditLinesSetErrors];

export type CreditLinesSetResponses = {
    /**
     * The line.
     */
    200: CreditLine;
};

export type CreditLinesSetResponse = CreditLinesSetResponses[keyof CreditLinesSetResponses];

export type CreditLinesRecordPaymentData = {
    body: CreditLinePayment;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/credit_lines/payments';
};

export type CreditLinesRecordPaymentErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type CreditLinesRecordPaymentError = CreditLinesRecordPaymentErrors[keyof CreditLinesRecordPaymentErrors];

export type CreditLinesRecordPaymentResponses = {
    /**
     * The line.
     */
    200: CreditLine;
};

export type CreditLinesRecordPaymentResponse = CreditLinesRecordPaymentResponses[keyof CreditLinesRecordPaymentResponses];

export type PrepaidBalancesListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/prepaid_balances';
};

export type PrepaidBalancesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PrepaidBalancesListError = PrepaidBalancesListErrors[keyof PrepaidBalancesListErrors];

export type PrepaidBalancesListResponses = {
    /**
     * The balances.
     */
    200: PrepaidBalanceList;
};

export type PrepaidBalancesListResponse = PrepaidBalancesListResponses[keyof PrepaidBalancesListResponses];

export type PrepaidBalancesSetData = {
    body: PrepaidBalanceSet;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/prepaid_balances';
};

export type PrepaidBalancesSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PrepaidBalancesSetError = PrepaidBalancesSetErrors[keyof PrepaidBalancesSetErrors];

export type PrepaidBalancesSetResponses = {
    /**
     * The balance.
     */
    200: PrepaidBalance;
};

export type PrepaidBalancesSetResponse = PrepaidBalancesSetResponses[keyof PrepaidBalancesSetResponses];

export type PrepaidBalancesRecordPaymentData = {
    body: PrepaidPayment;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/prepaid_balances/payments';
};

export type PrepaidBalancesRecordPaymentErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PrepaidBalancesRecordPaymentError = PrepaidBalancesRecordPaymentErrors[keyof PrepaidBalancesRecordPaymentErrors];

export type PrepaidBalancesRecordPaymentResponses = {
    /**
     * The balance.
     */
    200: PrepaidBalance;
};

export type PrepaidBalancesRecordPaymentResponse = PrepaidBalancesRecordPaymentResponses[keyof PrepaidBalancesRecordPaymentResponses];

export type PaymentEndpointsListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/payment_endpoints';
};

export type PaymentEndpointsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentEndpointsListError = PaymentEndpointsListErrors[keyof PaymentEndpointsListErrors];

export type PaymentEndpointsListResponses = {
    /**
     * The endpoints.
     */
    200: PaymentEndpointList;
};

export type PaymentEndpointsListResponse = PaymentEndpointsListResponses[keyof PaymentEndpointsListResponses];

export type PaymentEndpointsSetData = {
    body: PaymentEndpointSet;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/payment_endpoints';
};

export type PaymentEndpointsSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `webhook_url_refused`: Webhook URL is not allowed.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PaymentEndpointsSetError = PaymentEndpointsSetErrors[keyof PaymentEndpointsSetErrors];

export type PaymentEndpointsSetResponses = {
    /**
     * The endpoint, with its secret.
     */
    200: PaymentEndpoint;
};

export type PaymentEndpointsSetResponse = PaymentEndpointsSetResponses[keyof PaymentEndpointsSetResponses];

export type PspAccountsListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/psp_accounts';
};

export type PspAccountsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PspAccountsListError = PspAccountsListErrors[keyof PspAccountsListErrors];

export type PspAccountsListResponses = {
    /**
     * The accounts.
     */
    200: PspAccountList;
};

export type PspAccountsListResponse = PspAccountsListResponses[keyof PspAccountsListResponses];

export type PspAccountsSetData = {
    body: PspAccountSet;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/psp_accounts';
};

export type PspAccountsSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PspAccountsSetError = PspAccountsSetErrors[keyof PspAccountsSetErrors];

export type PspAccountsSetResponses = {
    /**
     * The account.
     */
    200: PspAccount;
};

export type PspAccountsSetResponse = PspAccountsSetResponses[keyof PspAccountsSetResponses];

export type PspAccountsRotateData = {
    body: PspAccountRotate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `psa_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/psp_accounts/{id}/rotate';
};

export type PspAccountsRotateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `psp_unavailable`: The payment provider cannot be reached. May succeed later without a change.
     *
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PspAccountsRotateError = PspAccountsRotateErrors[keyof PspAccountsRotateErrors];

export type PspAccountsRotateResponses = {
    /**
     * The account.
     */
    200: PspAccount;
};

export type PspAccountsRotateResponse = PspAccountsRotateResponses[keyof PspAccountsRotateResponses];

export type RiskPoliciesListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/risk_policies';
};

export type RiskPoliciesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RiskPoliciesListError = RiskPoliciesListErrors[keyof RiskPoliciesListErrors];

export type RiskPoliciesListResponses = {
    /**
     * The policies.
     */
    200: RiskPolicyList;
};

export type RiskPoliciesListResponse = RiskPoliciesListResponses[keyof RiskPoliciesListResponses];

export type RiskPoliciesSetData = {
    body: RiskPolicySet;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/risk_policies';
};

export type RiskPoliciesSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type RiskPoliciesSetError = RiskPoliciesSetErrors[keyof RiskPoliciesSetErrors];

export type RiskPoliciesSetResponses = {
    /**
     * The policy.
     */
    200: RiskPolicy;
};

export type RiskPoliciesSetResponse = RiskPoliciesSetResponses[keyof RiskPoliciesSetResponses];

export type CdrsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `cdr_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/cdrs/{id}';
};

export type CdrsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type CdrsGetError = CdrsGetErrors[keyof CdrsGetErrors];

export type CdrsGetResponses = {
    /**
     * The record.
     */
    200: Cdr;
};

export type CdrsGetResponse = CdrsGetResponses[keyof CdrsGetResponses];

export type CdrsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Only those of this session.
         */
        session?: string;
        status?: 'received' | 'accepted' | 'adjusted' | 'quarantined' | 'rejected' | 'credited';
        /**
         * Only those where this rule spoke.
         */
        rule?: string;
        /**
         * Only those with this reason.
         */
        reason?: string;
    };
    url: '/v1/cdrs';
};

export type CdrsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type CdrsListError = CdrsListErrors[keyof CdrsListErrors];

export type CdrsListResponses = {
    /**
     * A page of records.
     */
    200: CdrList;
};

export type CdrsListResponse = CdrsListResponses[keyof CdrsListResponses];

export type PriceProofsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `prf_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/price_proofs/{id}';
};

export type PriceProofsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PriceProofsGetError = PriceProofsGetErrors[keyof PriceProofsGetErrors];

export type PriceProofsGetResponses = {
    /**
     * The proof.
     */
    200: PriceProof;
};

export type PriceProofsGetResponse = PriceProofsGetResponses[keyof PriceProofsGetResponses];

export type PriceProofsVerifyData = {
    body: PriceProofVerify;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/price_proofs:verify';
};

export type PriceProofsVerifyErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PriceProofsVerifyError = PriceProofsVerifyErrors[keyof PriceProofsVerifyErrors];

export type PriceProofsVerifyResponses = {
    /**
     * What was found.
     */
    200: PriceProofVerification;
};

export type PriceProofsVerifyResponse = PriceProofsVerifyResponses[keyof PriceProofsVerifyResponses];

export type SigningKeysListData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/chargelane-keys.json';
};

export type SigningKeysListErrors = {
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SigningKeysListError = SigningKeysListErrors[keyof SigningKeysListErrors];

export type SigningKeysListResponses = {
    /**
     * The keys.
     */
    200: SigningKeyList;
};

export type SigningKeysListResponse = SigningKeysListResponses[keyof SigningKeysListResponses];

export type SigningKeysRotateData = {
    body: SigningKeyRotate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/signing_keys:rotate';
};

export type SigningKeysRotateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SigningKeysRotateError = SigningKeysRotateErrors[keyof SigningKeysRotateErrors];

export type SigningKeysRotateResponses = {
    /**
     * The new key.
     */
    201: SigningKey;
};

export type SigningKeysRotateResponse = SigningKeysRotateResponses[keyof SigningKeysRotateResponses];

export type SigningKeysPacksData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * The `key_id` of a published key.
         */
        id: string;
    };
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/signing_keys/{id}/packs';
};

export type SigningKeysPacksErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SigningKeysPacksError = SigningKeysPacksErrors[keyof SigningKeysPacksErrors];

export type SigningKeysPacksResponses = {
    /**
     * A page of packs.
     */
    200: SealedPackList;
};

export type SigningKeysPacksResponse = SigningKeysPacksResponses[keyof SigningKeysPacksResponses];

export type PlatformSettingsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Those of a market.
         */
        market?: string;
        /**
         * Those of an operator.
         */
        account?: string;
    };
    url: '/v1/platform_settings';
};

export type PlatformSettingsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlatformSettingsGetError = PlatformSettingsGetErrors[keyof PlatformSettingsGetErrors];

export type PlatformSettingsGetResponses = {
    /**
     * The settings.
     */
    200: PlatformSettings;
};

export type PlatformSettingsGetResponse = PlatformSettingsGetResponses[keyof PlatformSettingsGetResponses];

export type PlatformSettingsSetData = {
    body: PlatformSettingsChange;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/platform_settings';
};

export type PlatformSettingsSetErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlatformSettingsSetError = PlatformSettingsSetErrors[keyof PlatformSettingsSetErrors];

export type PlatformSettingsSetResponses = {
    /**
     * The settings.
     */
    200: PlatformSettings;
};

export type PlatformSettingsSetResponse = PlatformSettingsSetResponses[keyof PlatformSettingsSetResponses];

export type PlatformSettingsChangesData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/platform_settings/changes';
};

export type PlatformSettingsChangesErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PlatformSettingsChangesError = PlatformSettingsChangesErrors[keyof PlatformSettingsChangesErrors];

export type PlatformSettingsChangesResponses = {
    /**
     * A page of changes.
     */
    200: PlatformSettingsList;
};

export type PlatformSettingsChangesResponse = PlatformSettingsChangesResponses[keyof PlatformSettingsChangesResponses];

export type SuspenseListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        status?: 'open' | 'released' | 'granted';
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
        /**
         * Id with the prefix `acct_`.
         */
        cpo?: string;
        /**
         * `true`: only those due to become disputes.
         */
        due?: 'true' | 'false';
    };
    url: '/v1/suspense';
};

export type SuspenseListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SuspenseListError = SuspenseListErrors[keyof SuspenseListErrors];

export type SuspenseListResponses = {
    /**
     * A page of claims.
     */
    200: SuspenseItemList;
};

export type SuspenseListResponse = SuspenseListResponses[keyof SuspenseListResponses];

export type SuspenseAgingData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/suspense/aging';
};

export type SuspenseAgingErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SuspenseAgingError = SuspenseAgingErrors[keyof SuspenseAgingErrors];

export type SuspenseAgingResponses = {
    /**
     * The ages.
     */
    200: SuspenseAging;
};

export type SuspenseAgingResponse = SuspenseAgingResponses[keyof SuspenseAgingResponses];

export type SuspenseGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sus_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/suspense/{id}';
};

export type SuspenseGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SuspenseGetError = SuspenseGetErrors[keyof SuspenseGetErrors];

export type SuspenseGetResponses = {
    /**
     * The claim.
     */
    200: SuspenseItem;
};

export type SuspenseGetResponse = SuspenseGetResponses[keyof SuspenseGetResponses];

export type SuspenseReleaseData = {
    body: SuspenseRelease;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sus_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/suspense/{id}/release';
};

export type SuspenseReleaseErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SuspenseReleaseError = SuspenseReleaseErrors[keyof SuspenseReleaseErrors];

export type SuspenseReleaseResponses = {
    /**
     * The claim, with the proposal or closed.
     */
    200: SuspenseItem;
};

export type SuspenseReleaseResponse = SuspenseReleaseResponses[keyof SuspenseReleaseResponses];

export type SuspenseGrantData = {
    body: SuspenseGrant;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `sus_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/suspense/{id}/grant';
};

export type SuspenseGrantErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SuspenseGrantError = SuspenseGrantErrors[keyof SuspenseGrantErrors];

export type SuspenseGrantResponses = {
    /**
     * The claim, with the proposal or closed.
     */
    200: SuspenseItem;
};

export type SuspenseGrantResponse = SuspenseGrantResponses[keyof SuspenseGrantResponses];

export type BankAccountsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
        /**
         * `pending`: waits for a second person, or until `usable_from`. `active`: payouts go there. `replaced`: another one does. `refused`: nothing is paid there.
         */
        state?: 'pending' | 'active' | 'replaced' | 'refused';
    };
    url: '/v1/bank_accounts';
};

export type BankAccountsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankAccountsListError = BankAccountsListErrors[keyof BankAccountsListErrors];

export type BankAccountsListResponses = {
    /**
     * A page of bank accounts.
     */
    200: BankAccountList;
};

export type BankAccountsListResponse = BankAccountsListResponses[keyof BankAccountsListResponses];

export type BankAccountsCreateData = {
    body: BankAccountCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/bank_accounts';
};

export type BankAccountsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `not_offered`: Not offered yet.
     *
     * `unsupported_currency`: Currency not supported here.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankAccountsCreateError = BankAccountsCreateErrors[keyof BankAccountsCreateErrors];

export type BankAccountsCreateResponses = {
    /**
     * The bank account, pending.
     */
    201: BankAccount;
};

export type BankAccountsCreateResponse = BankAccountsCreateResponses[keyof BankAccountsCreateResponses];

export type BankAccountsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bac_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_accounts/{id}';
};

export type BankAccountsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankAccountsGetError = BankAccountsGetErrors[keyof BankAccountsGetErrors];

export type BankAccountsGetResponses = {
    /**
     * The bank account.
     */
    200: BankAccount;
};

export type BankAccountsGetResponse = BankAccountsGetResponses[keyof BankAccountsGetResponses];

export type BankAccountsConfirmData = {
    body: BankAccountConfirm;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bac_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_accounts/{id}/confirm';
};

export type BankAccountsConfirmErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankAccountsConfirmError = BankAccountsConfirmErrors[keyof BankAccountsConfirmErrors];

export type BankAccountsConfirmResponses = {
    /**
     * The bank account, active.
     */
    200: BankAccount;
};

export type BankAccountsConfirmResponse = BankAccountsConfirmResponses[keyof BankAccountsConfirmResponses];

export type BankAccountsRefuseData = {
    body: BankAccountRefuse;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bac_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_accounts/{id}/refuse';
};

export type BankAccountsRefuseErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankAccountsRefuseError = BankAccountsRefuseErrors[keyof BankAccountsRefuseErrors];

export type BankAccountsRefuseResponses = {
    /**
     * The bank account, refused.
     */
    200: BankAccount;
};

export type BankAccountsRefuseResponse = BankAccountsRefuseResponses[keyof BankAccountsRefuseResponses];

export type BankLinesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * `matched`: all of it settled what was owed. `waiting`: a part belongs to nothing we know. `released`: that part is to the credit of an account. `written_off`: nobody claims it.
         */
        status?: 'matched' | 'waiting' | 'released' | 'written_off';
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
    };
    url: '/v1/bank_lines';
};

export type BankLinesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankLinesListError = BankLinesListErrors[keyof BankLinesListErrors];

export type BankLinesListResponses = {
    /**
     * A page of bookings.
     */
    200: BankLineList;
};

export type BankLinesListResponse = BankLinesListResponses[keyof BankLinesListResponses];

export type BankLinesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bnk_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_lines/{id}';
};

export type BankLinesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankLinesGetError = BankLinesGetErrors[keyof BankLinesGetErrors];

export type BankLinesGetResponses = {
    /**
     * The booking.
     */
    200: BankLine;
};

export type BankLinesGetResponse = BankLinesGetResponses[keyof BankLinesGetResponses];

export type BankLinesReleaseData = {
    body: BankLineRelease;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bnk_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_lines/{id}/release';
};

export type BankLinesReleaseErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankLinesReleaseError = BankLinesReleaseErrors[keyof BankLinesReleaseErrors];

export type BankLinesReleaseResponses = {
    /**
     * The booking.
     */
    200: BankLine;
};

export type BankLinesReleaseResponse = BankLinesReleaseResponses[keyof BankLinesReleaseResponses];

export type BankLinesWriteOffData = {
    body: BankLineWriteOff;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `bnk_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/bank_lines/{id}/write_off';
};

export type BankLinesWriteOffErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BankLinesWriteOffError = BankLinesWriteOffErrors[keyof BankLinesWriteOffErrors];

export type BankLinesWriteOffResponses = {
    /**
     * The booking, with the proposal or closed.
     */
    200: BankLine;
};

export type BankLinesWriteOffResponse = BankLinesWriteOffResponses[keyof BankLinesWriteOffResponses];

export type OpenItemsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        status?: 'open' | 'closed';
        kind?: 'sale_not_booked' | 'provider_movement_missing' | 'provider_amount' | 'provider_fee' | 'provider_currency' | 'provider_reversed' | 'provider_movement_unknown' | 'provider_unexplained' | 'sweep_missing' | 'bank_line_unknown' | 'bank_line_doubled' | 'bank_booking_missing' | 'bank_amount' | 'bank_currency' | 'bank_fee_netted' | 'bank_line_bundled' | 'bank_unexplained' | 'record_missing' | 'sale_missing' | 'invoice_missing' | 'invoice_amount' | 'record_energy' | 'settlement_missing';
    };
    url: '/v1/open_items';
};

export type OpenItemsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type OpenItemsListError = OpenItemsListErrors[keyof OpenItemsListErrors];

export type OpenItemsListResponses = {
    /**
     * A page of items.
     */
    200: OpenItemList;
};

export type OpenItemsListResponse = OpenItemsListResponses[keyof OpenItemsListResponses];

export type OpenItemsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `opi_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/open_items/{id}';
};

export type OpenItemsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type OpenItemsGetError = OpenItemsGetErrors[keyof OpenItemsGetErrors];

export type OpenItemsGetResponses = {
    /**
     * The item.
     */
    200: OpenItem;
};

export type OpenItemsGetResponse = OpenItemsGetResponses[keyof OpenItemsGetResponses];

export type OpenItemsAssignData = {
    body: OpenItemAssign;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `opi_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/open_items/{id}/assign';
};

export type OpenItemsAssignErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type OpenItemsAssignError = OpenItemsAssignErrors[keyof OpenItemsAssignErrors];

export type OpenItemsAssignResponses = {
    /**
     * The item.
     */
    200: OpenItem;
};

export type OpenItemsAssignResponse = OpenItemsAssignResponses[keyof OpenItemsAssignResponses];

export type ReconciliationsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/reconciliations';
};

export type ReconciliationsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReconciliationsListError = ReconciliationsListErrors[keyof ReconciliationsListErrors];

export type ReconciliationsListResponses = {
    /**
     * A page of reconciliations.
     */
    200: ReconciliationList;
};

export type ReconciliationsListResponse = ReconciliationsListResponses[keyof ReconciliationsListResponses];

export type ReconciliationsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `rec_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/reconciliations/{id}';
};

export type ReconciliationsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReconciliationsGetError = ReconciliationsGetErrors[keyof ReconciliationsGetErrors];

export type ReconciliationsGetResponses = {
    /**
     * The reconciliation.
     */
    200: Reconciliation;
};

export type ReconciliationsGetResponse = ReconciliationsGetResponses[keyof ReconciliationsGetResponses];

export type ReconciliationsRunData = {
    body: ReconciliationWish;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/reconciliations/run';
};

export type ReconciliationsRunErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type ReconciliationsRunError = ReconciliationsRunErrors[keyof ReconciliationsRunErrors];

export type ReconciliationsRunResponses = {
    /**
     * The run.
     */
    202: ReconciliationRun;
};

export type ReconciliationsRunResponse = ReconciliationsRunResponses[keyof ReconciliationsRunResponses];

export type InvoicesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `inv_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}';
};

export type InvoicesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type InvoicesGetError = InvoicesGetErrors[keyof InvoicesGetErrors];

export type InvoicesGetResponses = {
    /**
     * The invoice.
     */
    200: Invoice;
};

export type InvoicesGetResponse = InvoicesGetResponses[keyof InvoicesGetResponses];

export type InvoicesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
    };
    url: '/v1/invoices';
};

export type InvoicesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type InvoicesListError = InvoicesListErrors[keyof InvoicesListErrors];

export type InvoicesListResponses = {
    /**
     * A page of invoices.
     */
    200: InvoiceList;
};

export type InvoicesListResponse = InvoicesListResponses[keyof InvoicesListResponses];

export type InvoicesPdfData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `inv_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}/pdf';
};

export type InvoicesPdfErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type InvoicesPdfError = InvoicesPdfErrors[keyof InvoicesPdfErrors];

export type InvoicesPdfResponses = {
    /**
     * The document.
     */
    200: Blob | File;
};

export type InvoicesPdfResponse = InvoicesPdfResponses[keyof InvoicesPdfResponses];

export type InvoicesXmlData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `inv_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/invoices/{id}/xml';
};

export type InvoicesXmlErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type InvoicesXmlError = InvoicesXmlErrors[keyof InvoicesXmlErrors];

export type InvoicesXmlResponses = {
    /**
     * The document.
     */
    200: Blob | File;
};

export type InvoicesXmlResponse = InvoicesXmlResponses[keyof InvoicesXmlResponses];

export type SettlementsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/settlements';
};

export type SettlementsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsListError = SettlementsListErrors[keyof SettlementsListErrors];

export type SettlementsListResponses = {
    /**
     * A page of settlements.
     */
    200: SettlementList;
};

export type SettlementsListResponse = SettlementsListResponses[keyof SettlementsListResponses];

export type SettlementsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `stl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/settlements/{id}';
};

export type SettlementsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsGetError = SettlementsGetErrors[keyof SettlementsGetErrors];

export type SettlementsGetResponses = {
    /**
     * The settlement.
     */
    200: Settlement;
};

export type SettlementsGetResponse = SettlementsGetResponses[keyof SettlementsGetResponses];

export type SettlementsStatementData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `stl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/settlements/{id}/statement';
};

export type SettlementsStatementErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsStatementError = SettlementsStatementErrors[keyof SettlementsStatementErrors];

export type SettlementsStatementResponses = {
    /**
     * The statement.
     */
    200: Blob | File;
};

export type SettlementsStatementResponse = SettlementsStatementResponses[keyof SettlementsStatementResponses];

export type SettlementsRetryData = {
    body: SettlementRetry;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `stl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/settlements/{id}/retry';
};

export type SettlementsRetryErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsRetryError = SettlementsRetryErrors[keyof SettlementsRetryErrors];

export type SettlementsRetryResponses = {
    /**
     * The settlement.
     */
    200: Settlement;
};

export type SettlementsRetryResponse = SettlementsRetryResponses[keyof SettlementsRetryResponses];

export type SettlementsRecordReturnData = {
    body: SettlementReturn;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `stl_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/settlements/{id}/returns';
};

export type SettlementsRecordReturnErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsRecordReturnError = SettlementsRecordReturnErrors[keyof SettlementsRecordReturnErrors];

export type SettlementsRecordReturnResponses = {
    /**
     * The settlement.
     */
    200: Settlement;
};

export type SettlementsRecordReturnResponse = SettlementsRecordReturnResponses[keyof SettlementsRecordReturnResponses];

export type SettlementsRunData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/settlements/run';
};

export type SettlementsRunErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type SettlementsRunError = SettlementsRunErrors[keyof SettlementsRunErrors];

export type SettlementsRunResponses = {
    /**
     * The batch that runs.
     */
    202: SettlementRun;
};

export type SettlementsRunResponse = SettlementsRunResponses[keyof SettlementsRunResponses];

export type BalancesListData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
        /**
         * Not in the future.
         */
        as_of?: Instant;
    };
    url: '/v1/balances';
};

export type BalancesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type BalancesListError = BalancesListErrors[keyof BalancesListErrors];

export type BalancesListResponses = {
    /**
     * The balances.
     */
    200: Balances;
};

export type BalancesListResponse = BalancesListResponses[keyof BalancesListResponses];

export type PayoutsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * `created`: not given to the bank yet. `sent`: the bank has it. `paid`: booked. `failed`: the bank refused it. `returned`: it was booked and came back. `cancelled`: it was never sent.
         */
        state?: 'created' | 'sent' | 'paid' | 'failed' | 'returned' | 'cancelled';
        /**
         * `bank`: one by one at our bank. `sepa_file`: a SEPA credit transfer in a file (pain.001). `connect`: an account at the card provider.
         */
        rail?: 'bank' | 'sepa_file' | 'connect';
        /**
         * Id with the prefix `stl_`.
         */
        settlement?: string;
        /**
         * Id with the prefix `acct_`.
         */
        payee?: string;
    };
    url: '/v1/payouts';
};

export type PayoutsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PayoutsListError = PayoutsListErrors[keyof PayoutsListErrors];

export type PayoutsListResponses = {
    /**
     * A page of payouts.
     */
    200: PayoutList;
};

export type PayoutsListResponse = PayoutsListResponses[keyof PayoutsListResponses];

export type PayoutsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `po_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payouts/{id}';
};

export type PayoutsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PayoutsGetError = PayoutsGetErrors[keyof PayoutsGetErrors];

export type PayoutsGetResponses = {
    /**
     * The payout.
     */
    200: Payout;
};

export type PayoutsGetResponse = PayoutsGetResponses[keyof PayoutsGetResponses];

export type PayoutsRetryData = {
    body: PayoutRetry;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `po_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payouts/{id}/retry';
};

export type PayoutsRetryErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PayoutsRetryError = PayoutsRetryErrors[keyof PayoutsRetryErrors];

export type PayoutsRetryResponses = {
    /**
     * The payout as it stands; the next attempt is another one.
     */
    200: Payout;
};

export type PayoutsRetryResponse = PayoutsRetryResponses[keyof PayoutsRetryResponses];

export type PayoutsCancelData = {
    body: PayoutCancel;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `po_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/payouts/{id}/cancel';
};

export type PayoutsCancelErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type PayoutsCancelError = PayoutsCancelErrors[keyof PayoutsCancelErrors];

export type PayoutsCancelResponses = {
    /**
     * The payout, cancelled.
     */
    200: Payout;
};

export type PayoutsCancelResponse = PayoutsCancelResponses[keyof PayoutsCancelResponses];

export type LedgerTrialBalanceData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        as_of?: Instant;
    };
    url: '/v1/ledger/trial_balance';
};

export type LedgerTrialBalanceErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerTrialBalanceError = LedgerTrialBalanceErrors[keyof LedgerTrialBalanceErrors];

export type LedgerTrialBalanceResponses = {
    /**
     * The balance.
     */
    200: TrialBalance;
};

export type LedgerTrialBalanceResponse = LedgerTrialBalanceResponses[keyof LedgerTrialBalanceResponses];

export type LedgerChartData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/ledger/chart';
};

export type LedgerChartErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerChartError = LedgerChartErrors[keyof LedgerChartErrors];

export type LedgerChartResponses = {
    /**
     * The classes.
     */
    200: AccountClassList;
};

export type LedgerChartResponse = LedgerChartResponses[keyof LedgerChartResponses];

export type LedgerEntriesData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
        /**
         * Code of a ledger account.
         */
        account?: string;
        kind?: string;
        /**
         * Counts at or after.
         */
        from?: Instant;
        /**
         * Counts before.
         */
        until?: Instant;
        amount_min?: number;
        /**
         * Of one of its postings, in minor units, either side.
         */
        amount_max?: number;
        /**
         * A payment provider’s or a bank’s own, e.g. `pi_…`, `re_…`, `po_…`.
         */
        reference?: string;
    };
    url: '/v1/ledger/entries';
};

export type LedgerEntriesErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerEntriesError = LedgerEntriesErrors[keyof LedgerEntriesErrors];

export type LedgerEntriesResponses = {
    /**
     * A page of entries.
     */
    200: LedgerEntryList;
};

export type LedgerEntriesResponse = LedgerEntriesResponses[keyof LedgerEntriesResponses];

export type LedgerEntryData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        id: number;
    };
    query?: never;
    url: '/v1/ledger/entries/{id}';
};

export type LedgerEntryErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerEntryError = LedgerEntryErrors[keyof LedgerEntryErrors];

export type LedgerEntryResponses = {
    /**
     * The entry.
     */
    200: LedgerEntry;
};

export type LedgerEntryResponse = LedgerEntryResponses[keyof LedgerEntryResponses];

export type LedgerClosesData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/ledger/closes';
};

export type LedgerClosesErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerClosesError = LedgerClosesErrors[keyof LedgerClosesErrors];

export type LedgerClosesResponses = {
    /**
     * A page of closes.
     */
    200: LedgerCloseList;
};

export type LedgerClosesResponse = LedgerClosesResponses[keyof LedgerClosesResponses];

export type LedgerPeriodsData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/ledger/periods';
};

export type LedgerPeriodsErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerPeriodsError = LedgerPeriodsErrors[keyof LedgerPeriodsErrors];

export type LedgerPeriodsResponses = {
    /**
     * The periods.
     */
    200: LedgerPeriodList;
};

export type LedgerPeriodsResponse = LedgerPeriodsResponses[keyof LedgerPeriodsResponses];

export type LedgerClosePeriodData = {
    body: LedgerPeriodClose;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/ledger/periods';
};

export type LedgerClosePeriodErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     *
     * `period_closed`: The books of that time are closed.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerClosePeriodError = LedgerClosePeriodErrors[keyof LedgerClosePeriodErrors];

export type LedgerClosePeriodResponses = {
    /**
     * The proposal, and the period once it is closed.
     */
    200: LedgerPeriodDecision;
};

export type LedgerClosePeriodResponse = LedgerClosePeriodResponses[keyof LedgerClosePeriodResponses];

export type LedgerReverseData = {
    body: LedgerReverse;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        id: number;
    };
    query?: never;
    url: '/v1/ledger/entries/{id}/reverse';
};

export type LedgerReverseErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type LedgerReverseError = LedgerReverseErrors[keyof LedgerReverseErrors];

export type LedgerReverseResponses = {
    /**
     * The proposal, and the reversal once it is approved.
     */
    200: LedgerReversal;
};

export type LedgerReverseResponse = LedgerReverseResponses[keyof LedgerReverseResponses];

export type IncidentsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        status?: 'open' | 'resolved' | 'all';
        kind?: IncidentKind;
        /**
         * Id with the prefix `ses_`.
         */
        session?: string;
    };
    url: '/v1/incidents';
};

export type IncidentsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type IncidentsListError = IncidentsListErrors[keyof IncidentsListErrors];

export type IncidentsListResponses = {
    /**
     * A page of incidents.
     */
    200: IncidentList;
};

export type IncidentsListResponse = IncidentsListResponses[keyof IncidentsListResponses];

export type IncidentsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `inc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/incidents/{id}';
};

export type IncidentsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type IncidentsGetError = IncidentsGetErrors[keyof IncidentsGetErrors];

export type IncidentsGetResponses = {
    /**
     * The incident.
     */
    200: Incident;
};

export type IncidentsGetResponse = IncidentsGetResponses[keyof IncidentsGetResponses];

export type IncidentsResolveData = {
    body: {
        action: IncidentAction;
        /**
         * Why, for the timeline and the auditors.
         */
        reason: string;
        /**
         * With `adopt` of a record that has no session: whose it is, of the same operator and card.
         */
        session?: string;
    };
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `inc_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/incidents/{id}/resolve';
};

export type IncidentsResolveErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type IncidentsResolveError = IncidentsResolveErrors[keyof IncidentsResolveErrors];

export type IncidentsResolveResponses = {
    /**
     * The incident, resolved.
     */
    200: Incident;
};

export type IncidentsResolveResponse = IncidentsResolveResponses[keyof IncidentsResolveResponses];

export type WebhookEndpointsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/webhook_endpoints';
};

export type WebhookEndpointsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsListError = WebhookEndpointsListErrors[keyof WebhookEndpointsListErrors];

export type WebhookEndpointsListResponses = {
    /**
     * A page of endpoints.
     */
    200: WebhookEndpointList;
};

export type WebhookEndpointsListResponse = WebhookEndpointsListResponses[keyof WebhookEndpointsListResponses];

export type WebhookEndpointsCreateData = {
    body: WebhookEndpointCreate;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/webhook_endpoints';
};

export type WebhookEndpointsCreateErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `limit_reached`: An account may have no more of these.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `webhook_url_refused`: Webhook URL is not allowed.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsCreateError = WebhookEndpointsCreateErrors[keyof WebhookEndpointsCreateErrors];

export type WebhookEndpointsCreateResponses = {
    /**
     * The endpoint with its secret, shown once.
     */
    201: WebhookEndpoint;
};

export type WebhookEndpointsCreateResponse = WebhookEndpointsCreateResponses[keyof WebhookEndpointsCreateResponses];

export type WebhookEndpointsDeleteData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `we_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{id}';
};

export type WebhookEndpointsDeleteErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsDeleteError = WebhookEndpointsDeleteErrors[keyof WebhookEndpointsDeleteErrors];

export type WebhookEndpointsDeleteResponses = {
    /**
     * The endpoint is gone.
     */
    200: WebhookEndpointDeleted;
};

export type WebhookEndpointsDeleteResponse = WebhookEndpointsDeleteResponses[keyof WebhookEndpointsDeleteResponses];

export type WebhookEndpointsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `we_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{id}';
};

export type WebhookEndpointsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsGetError = WebhookEndpointsGetErrors[keyof WebhookEndpointsGetErrors];

export type WebhookEndpointsGetResponses = {
    /**
     * The endpoint.
     */
    200: WebhookEndpoint;
};

export type WebhookEndpointsGetResponse = WebhookEndpointsGetResponses[keyof WebhookEndpointsGetResponses];

export type WebhookEndpointsUpdateData = {
    body: WebhookEndpointUpdate;
    headers?: {
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `we_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{id}';
};

export type WebhookEndpointsUpdateErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     *
     * `webhook_url_refused`: Webhook URL is not allowed.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsUpdateError = WebhookEndpointsUpdateErrors[keyof WebhookEndpointsUpdateErrors];

export type WebhookEndpointsUpdateResponses = {
    /**
     * The endpoint.
     */
    200: WebhookEndpoint;
};

export type WebhookEndpointsUpdateResponse = WebhookEndpointsUpdateResponses[keyof WebhookEndpointsUpdateResponses];

export type WebhookEndpointsRollSecretData = {
    body: WebhookSecretRoll;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `we_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{id}/roll_secret';
};

export type WebhookEndpointsRollSecretErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsRollSecretError = WebhookEndpointsRollSecretErrors[keyof WebhookEndpointsRollSecretErrors];

export type WebhookEndpointsRollSecretResponses = {
    /**
     * The endpoint with its new secret, shown once.
     */
    200: WebhookEndpoint;
};

export type WebhookEndpointsRollSecretResponse = WebhookEndpointsRollSecretResponses[keyof WebhookEndpointsRollSecretResponses];

export type WebhookEndpointsTestData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `we_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_endpoints/{id}/test';
};

export type WebhookEndpointsTestErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookEndpointsTestError = WebhookEndpointsTestErrors[keyof WebhookEndpointsTestErrors];

export type WebhookEndpointsTestResponses = {
    /**
     * The queued event.
     */
    202: WebhookEndpointEvent;
};

export type WebhookEndpointsTestResponse = WebhookEndpointsTestResponses[keyof WebhookEndpointsTestResponses];

export type WebhookDeliveriesListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `we_`.
         */
        webhook_endpoint?: string;
        /**
         * Id with the prefix `evt_`.
         */
        event?: string;
        status?: WebhookDeliveryStatus;
    };
    url: '/v1/webhook_deliveries';
};

export type WebhookDeliveriesListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookDeliveriesListError = WebhookDeliveriesListErrors[keyof WebhookDeliveriesListErrors];

export type WebhookDeliveriesListResponses = {
    /**
     * A page of deliveries.
     */
    200: WebhookDeliveryList;
};

export type WebhookDeliveriesListResponse = WebhookDeliveriesListResponses[keyof WebhookDeliveriesListResponses];

export type WebhookDeliveriesGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `whd_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_deliveries/{id}';
};

export type WebhookDeliveriesGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookDeliveriesGetError = WebhookDeliveriesGetErrors[keyof WebhookDeliveriesGetErrors];

export type WebhookDeliveriesGetResponses = {
    /**
     * The delivery.
     */
    200: WebhookDelivery;
};

export type WebhookDeliveriesGetResponse = WebhookDeliveriesGetResponses[keyof WebhookDeliveriesGetResponses];

export type WebhookDeliveriesResendData = {
    body?: never;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The `ETag` of what you change, as you read it last; `*` for whatever it is. Refused with `precondition_failed` where it has become another, so that nothing is overwritten that you have not seen.
         */
        'If-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `whd_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/webhook_deliveries/{id}/resend';
};

export type WebhookDeliveriesResendErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     *
     * `invalid_transition`: Not possible in the present state.
     */
    409: Problem;
    /**
     * `precondition_failed`: It is no longer what you read.
     */
    412: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type WebhookDeliveriesResendError = WebhookDeliveriesResendErrors[keyof WebhookDeliveriesResendErrors];

export type WebhookDeliveriesResendResponses = {
    /**
     * The delivery, queued.
     */
    202: WebhookDelivery;
};

export type WebhookDeliveriesResendResponse = WebhookDeliveriesResendResponses[keyof WebhookDeliveriesResendResponses];

export type EventsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
    };
    url: '/v1/events';
};

export type EventsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EventsListError = EventsListErrors[keyof EventsListErrors];

export type EventsListResponses = {
    /**
     * A page of events.
     */
    200: EventList;
};

export type EventsListResponse = EventsListResponses[keyof EventsListResponses];

export type EventsGetData = {
    body?: never;
    headers?: {
        /**
         * The `ETag` that you have: answered with 304 and without a body while it holds.
         */
        'If-None-Match'?: string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path: {
        /**
         * Id with the prefix `evt_`.
         */
        id: string;
    };
    query?: never;
    url: '/v1/events/{id}';
};

export type EventsGetErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `resource_missing`: No such resource.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EventsGetError = EventsGetErrors[keyof EventsGetErrors];

export type EventsGetResponses = {
    /**
     * The event.
     */
    200: Event;
};

export type EventsGetResponse = EventsGetResponses[keyof EventsGetResponses];

export type EventsReplayData = {
    body: EventReplay;
    headers: {
        /**
         * Chosen by you, one per wish, kept 30 days. The same key with the same request answers the same again (`Idempotent-Replayed: true`); with another request it is refused.
         */
        'Idempotency-Key': string;
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: never;
    url: '/v1/events/replay';
};

export type EventsReplayErrors = {
    /**
     * `idempotency_key_required`: Idempotency-Key header is required.
     *
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `idempotency_in_progress`: The first request is still in progress. May succeed later without a change.
     *
     * `idempotency_key_reused`: Idempotency-Key was used with another request.
     */
    409: Problem;
    /**
     * `body_too_large`: Request body too large.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send application/json.
     */
    415: Problem;
    /**
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type EventsReplayError = EventsReplayErrors[keyof EventsReplayErrors];

export type EventsReplayResponses = {
    /**
     * How many deliveries will be made.
     */
    202: EventReplayed;
};

export type EventsReplayResponse = EventsReplayResponses[keyof EventsReplayResponses];

export type AccessDenialsListData = {
    body?: never;
    headers?: {
        /**
         * The version that this request is made in; without it the one your key was made with (`api_version`).
         */
        'Api-Version'?: '2026-11-01';
    };
    path?: never;
    query?: {
        /**
         * Items per page, 1 to 100.
         */
        limit?: number;
        /**
         * `next_cursor` of the page before. Opaque; valid as long as the list.
         */
        cursor?: string;
        /**
         * Id with the prefix `acct_`.
         */
        account?: string;
        /**
         * Id with the prefix `acct_`.
         */
        owner?: string;
    };
    url: '/v1/access_denials';
};

export type AccessDenialsListErrors = {
    /**
     * `validation_error`: The request is malformed.
     */
    400: Problem;
    /**
     * `invalid_key`: API key missing or unknown.
     *
     * `key_expired`: API key expired or revoked.
     */
    401: Problem;
    /**
     * `account_restricted`: Account is restricted.
     *
     * `insufficient_scope`: API key lacks the scope.
     */
    403: Problem;
    /**
     * `invalid_cursor`: Cursor is not one of ours.
     *
     * `invalid_value`: A value cannot be as it is given.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many requests. May succeed later without a change.
     */
    429: Problem;
    /**
     * `internal_error`: Something broke on our side. May succeed later without a change.
     */
    500: Problem;
    /**
     * `service_unavailable`: Temporarily unavailable. May succeed later without a change.
     */
    503: Problem;
};

export type AccessDenialsListError = AccessDenialsListErrors[keyof AccessDenialsListErrors];

export type AccessDenialsListResponses = {
    /**
     * A page of denials.
     */
    200: AccessDenialList;
};

export type AccessDenialsListResponse = AccessDenialsListResponses[keyof AccessDenialsListResponses];

export type WebhooksEventWebhookPayload = Event;

export type WebhooksEventWebhookRequest = {
    body: WebhooksEventWebhookPayload;
    key: 'event';
    path?: never;
    query?: never;
};

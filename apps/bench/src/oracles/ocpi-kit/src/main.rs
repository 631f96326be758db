//! One pair per line of standard input, `{"id", "ocpi": "v211|v221|v230", "timezone", "tariff", "cdr"}`, and per line
//! of standard output what the `ocpi-kit` crate makes of it. `--bench N` prices every line N times and prints the
//! nanoseconds one pair takes from JSON text to totals.

use std::{
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use ocpi_kit::{
    convert::Upgrade as _,
    tariffs::{PricedPeriod, PricedSession, PricingEngine, PricingPolicy, TimeZone},
    types::{DateTime, Number},
    v2_1_1, v2_2_1,
    v2_3_0::{
        cdrs::{CdrDimensionType, ChargingPeriod},
        tariffs::Tariff,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Pair<'a> {
    id: String,
    ocpi: String,
    timezone: String,
    #[serde(borrow)]
    tariff: &'a RawValue,
    cdr: Record,
}

/// What pricing reads of a CDR; the charging periods are the same on the wire in every version.
#[derive(Deserialize)]
struct Record {
    start_date_time: DateTime,
    #[serde(alias = "stop_date_time")]
    end_date_time: DateTime,
    charging_periods: Vec<ChargingPeriod>,
}

/// A 2.1.1 tariff has no owner and no VAT; the crate offers no conversion, so the fields are carried over here.
fn from_v211(text: &str) -> Result<Tariff, serde_json::Error> {
    let checked: v2_1_1::tariffs::Tariff = serde_json::from_str(text)?;
    let mut value = serde_json::to_value(checked)?;
    value["country_code"] = "NL".into();
    value["party_id"] = "TST".into();
    value["tax_included"] = "NO".into();
    serde_json::from_value(value)
}

fn tariff_of(version: &str, text: &str) -> Result<Tariff, String> {
    let read = match version {
        "v211" => from_v211(text),
        "v221" => serde_json::from_str::<v2_2_1::tariffs::Tariff>(text).map(|old| old.upgrade().value),
        _ => serde_json::from_str(text),
    };
    read.map_err(|error| format!("tariff: {error}"))
}

fn session_of(cdr: &Record, zone: &str) -> Result<PricedSession, String> {
    let zone = TimeZone::named(zone).map_err(|error| error.to_string())?;
    let mut session = PricedSession::new(cdr.start_date_time, zone).ending(cdr.end_date_time);
    for period in &cdr.charging_periods {
        let volume = |dimension| period.volume(dimension);
        let amount = |dimension| volume(dimension).unwrap_or(Number::ZERO);
        let expired = volume(CdrDimensionType::ReservationExpires);
        session.reservation_expired |= expired.is_some();
        session = session.with_period(PricedPeriod {
            energy_kwh: amount(CdrDimensionType::Energy),
            charging_hours: amount(CdrDimensionType::Time),
            parking_hours: amount(CdrDimensionType::ParkingTime),
            reservation_hours: amount(CdrDimensionType::ReservationTime) + expired.unwrap_or(Number::ZERO),
            max_current_a: volume(CdrDimensionType::MaxCurrent),
            min_current_a: volume(CdrDimensionType::MinCurrent),
            max_power_kw: volume(CdrDimensionType::MaxPower),
            min_power_kw: volume(CdrDimensionType::MinPower),
            ..PricedPeriod::new(period.start_date_time)
        });
    }
    Ok(session)
}

#[derive(Serialize)]
struct Dimension {
    dimension: String,
    reservation: bool,
    cost: String,
    vat: String,
}

#[derive(Serialize)]
struct Totals {
    id: String,
    total_excl: String,
    total_incl: String,
    /// Costs of every stretch before `min_price` and `max_price`, rounded to four decimals by the crate.
    dimensions: Vec<Dimension>,
    notes: Vec<String>,
}

fn totals(pair: &Pair) -> Result<Totals, String> {
    let tariff = tariff_of(&pair.ocpi, pair.tariff.get())?;
    let session = session_of(&pair.cdr, &pair.timezone)?;
    let decimals = match tariff.currency.to_string().as_str() {
        "JPY" => 0,
        "KWD" => 3,
        _ => 2,
    };
    let mut policy = PricingPolicy::default();
    policy.currency_decimals = decimals;
    let priced = PricingEngine::with_policy(policy)
        .price(&session, &[tariff])
        .map_err(|error| error.to_string())?;
    let dimensions = priced
        .dimensions
        .iter()
        .flat_map(|dimension| &dimension.segments)
        .zip(priced.dimensions.iter().flat_map(|d| std::iter::repeat_n(d.dimension, d.segments.len())))
        .map(|(segment, dimension)| Dimension {
            dimension: dimension.to_string(),
            reservation: segment.applied.reservation,
            cost: segment.cost.get().normalize().to_string(),
            vat: segment.tax.get().normalize().to_string(),
        })
        .collect();
    Ok(Totals {
        id: pair.id.clone(),
        total_excl: priced.total_excl_vat.get().normalize().to_string(),
        total_incl: priced.total_incl_vat.get().normalize().to_string(),
        dimensions,
        notes: priced.notes.iter().map(|note| format!("{:?}", note.code)).collect(),
    })
}

fn answer(line: &str) -> String {
    let pair: Pair = match serde_json::from_str(line) {
        Ok(pair) => pair,
        Err(error) => return serde_json::json!({ "id": null, "error": error.to_string() }).to_string(),
    };
    match totals(&pair) {
        Ok(totals) => serde_json::to_string(&totals).expect("totals are plain text"),
        Err(error) => serde_json::json!({ "id": pair.id, "error": error }).to_string(),
    }
}

fn main() -> io::Result<()> {
    let repeats: Option<u32> = std::env::args().skip_while(|arg| arg != "--bench").nth(1).and_then(|n| n.parse().ok());
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        match repeats {
            None => writeln!(out, "{}", answer(&line))?,
            Some(times) => {
                let began = Instant::now();
                for _ in 0..times {
                    std::hint::black_box(answer(std::hint::black_box(&line)));
                }
                writeln!(out, "{}", began.elapsed().as_nanos() / u128::from(times.max(1)))?;
            }
        }
    }
    out.flush()
}

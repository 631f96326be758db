//! One pair per line of standard input, `{"id", "ocpi": "v211|v221", "timezone", "tariff", "cdr"}`, and per line of
//! standard output what the `ocpi-tariffs` crate makes of it. `--bench N` prices every line N times and prints the
//! nanoseconds one pair takes from JSON text to totals. `--generate` reads `{"id", "tariff", "input"}` instead and prints
//! the CDR the crate's generator makes of a session on that tariff.

use std::{
    io::{self, BufRead as _, Write as _},
    time::Instant,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use ocpi_tariffs::{Price, Version, cdr, generate, json, price, tariff};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Pair<'a> {
    id: String,
    ocpi: String,
    timezone: String,
    /// Absent: the tariffs in the CDR.
    #[serde(borrow)]
    tariff: Option<&'a RawValue>,
    #[serde(borrow)]
    cdr: &'a RawValue,
}

#[derive(Serialize)]
struct Amount {
    excl_vat: String,
    incl_vat: Option<String>,
}

#[derive(Serialize)]
struct Totals {
    id: String,
    total_cost: Option<Amount>,
    total_energy_cost: Option<Amount>,
    total_time_cost: Option<Amount>,
    total_parking_cost: Option<Amount>,
    total_fixed_cost: Option<Amount>,
}

fn amount(price: Option<Price>) -> Option<Amount> {
    let text = |money| Decimal::from(money).normalize().to_string();
    price.map(|price| Amount {
        excl_vat: text(price.excl_vat),
        incl_vat: price.incl_vat.map(text),
    })
}

fn totals(pair: &Pair) -> Result<Totals, String> {
    let version = match pair.ocpi.as_str() {
        "v211" => Version::V211,
        "v221" => Version::V221,
        other => return Err(format!("unsupported version {other}")),
    };
    let zone: Tz = pair.timezone.parse().map_err(|_| "unknown zone".to_owned())?;
    let document = json::parse_object(pair.cdr.get()).map_err(|error| format!("cdr: {error}"))?;
    let (cdr, _) = cdr::from_json(document, version).into_parts();
    let source = match pair.tariff {
        None => price::TariffSource::UseCdr,
        Some(tariff) => {
            let document =
                json::parse_object(tariff.get()).map_err(|error| format!("tariff: {error}"))?;
            price::TariffSource::single(tariff::from_json(document, version).into_parts().0)
        }
    };
    let (report, _) = cdr::price(&cdr, source, zone)
        .map_err(|set| set.into_parts().0.warning().to_string())?
        .into_parts();
    Ok(Totals {
        id: pair.id.clone(),
        total_cost: amount(report.total_cost.calculated),
        total_energy_cost: amount(report.total_energy_cost.calculated),
        total_time_cost: amount(report.total_charging_time_cost.calculated),
        total_parking_cost: amount(report.total_idle_cost.calculated),
        total_fixed_cost: amount(report.total_fixed_cost.calculated),
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

/// A session to make a CDR of, in the words of the crate's own test runs.
#[derive(Deserialize)]
struct Wanted<'a> {
    id: String,
    #[serde(borrow)]
    tariff: &'a RawValue,
    input: Input,
}

#[derive(Deserialize)]
struct Input {
    timezone: String,
    start_date_time: String,
    end_date_time: String,
    max_power_supply_kw: serde_json::Number,
    requested_kwh: serde_json::Number,
    max_current_supply_amp: serde_json::Number,
}

fn dimension_name(dimension: &generate::DimensionType) -> &'static str {
    use generate::DimensionType::*;
    match dimension {
        Energy => "ENERGY",
        MaxCurrent => "MAX_CURRENT",
        MinCurrent => "MIN_CURRENT",
        MaxPower => "MAX_POWER",
        MinPower => "MIN_POWER",
        ParkingTime => "PARKING_TIME",
        ReservationTime => "RESERVATION_TIME",
        Time => "TIME",
    }
}

fn generated(wanted: &Wanted) -> Result<serde_json::Value, String> {
    let instant = |text: &str| text.parse::<DateTime<Utc>>().map_err(|error| error.to_string());
    let number = |value: &serde_json::Number| value.to_string().parse::<Decimal>().map_err(|error| error.to_string());
    let input = &wanted.input;
    let config = generate::Config {
        timezone: input.timezone.parse().map_err(|_| "unknown zone".to_owned())?,
        start_date_time: instant(&input.start_date_time)?,
        end_date_time: instant(&input.end_date_time)?,
        max_current_supply_amp: number(&input.max_current_supply_amp)?,
        requested_kwh: number(&input.requested_kwh)?,
        max_power_supply_kw: number(&input.max_power_supply_kw)?,
    };
    let document = json::parse_object(wanted.tariff.get()).map_err(|error| format!("tariff: {error}"))?;
    let tariff = tariff::from_json(document, Version::V221).into_parts().0;
    let (report, _) = cdr::generate_from_tariff(&tariff, &config)
        .map_err(|set| set.into_parts().0.warning().to_string())?
        .into_parts();
    let made = report.partial_cdr;
    // OCPI writes four decimals; a double holds them so that its shortest text is the same number.
    let volume = |value: Decimal| value.round_dp(4).to_f64().unwrap_or_default();
    let periods: Vec<_> = made
        .charging_periods
        .iter()
        .map(|period| {
            let dimensions: Vec<_> = period
                .dimensions
                .iter()
                .map(|each| serde_json::json!({ "type": dimension_name(&each.dimension_type), "volume": volume(each.volume) }))
                .collect();
            serde_json::json!({ "start_date_time": period.start_date_time.to_rfc3339(), "dimensions": dimensions })
        })
        .collect();
    Ok(serde_json::json!({
        "id": wanted.id,
        "cdr": {
            "id": "cdr",
            "start_date_time": made.start_date_time.to_rfc3339(),
            "end_date_time": made.end_date_time.to_rfc3339(),
            "currency": "EUR",
            "country_code": "NL",
            "party_id": "ENE",
            "auth_method": "WHITELIST",
            "cdr_token": { "country_code": "NL", "party_id": "ENE", "uid": "u", "type": "RFID", "contract_id": "c" },
            "total_cost": { "excl_vat": 0 },
            "total_energy": 0,
            "total_time": 0,
            "last_updated": "2026-01-01T00:00:00Z",
            "charging_periods": periods,
        },
    }))
}

fn generate_line(line: &str) -> String {
    let made = serde_json::from_str::<Wanted>(line)
        .map_err(|error| error.to_string())
        .and_then(|wanted| generated(&wanted));
    made.unwrap_or_else(|error| serde_json::json!({ "error": error })).to_string()
}

fn main() -> io::Result<()> {
    let generates = std::env::args().any(|arg| arg == "--generate");
    let repeats: Option<u32> = std::env::args().skip_while(|arg| arg != "--bench").nth(1).and_then(|n| n.parse().ok());
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        match repeats {
            None if generates => writeln!(out, "{}", generate_line(&line))?,
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

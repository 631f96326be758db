"""A small CPO on the PyPI package py-ocpi 0.3.1 (OCPI 2.2.1, FastAPI), for `npm run test:peers`. Loopback only.

What the package does to OCPI is left as it is: no commands among its endpoints, redirects to paths with a slash,
links that lead nowhere, lower-cased ids, single objects in lists. Only its https is taken back, because nothing
here has a certificate. Environment: PEER_PORT, PEER_PARTY (three letters), PEER_TOKEN_A.
"""

import asyncio
import base64
import os
import secrets
from datetime import datetime, timezone

PORT = int(os.environ["PEER_PORT"])
PARTY = {"country_code": "NL", "party_id": os.environ["PEER_PARTY"]}
os.environ.update(OCPI_HOST=f"127.0.0.1:{PORT}", COUNTRY_CODE="NL", PARTY_ID=PARTY["party_id"])

import httpx  # noqa: E402
import uvicorn  # noqa: E402
from py_ocpi import get_application  # noqa: E402
from py_ocpi.core.data_types import URL  # noqa: E402
from py_ocpi.core.dependencies import get_endpoints, get_versions  # noqa: E402
from py_ocpi.core.endpoints import ENDPOINTS  # noqa: E402
from py_ocpi.core.enums import Action, ModuleID, RoleEnum  # noqa: E402
from py_ocpi.core.exceptions import AuthorizationOCPIError, NotFoundOCPIError  # noqa: E402
from py_ocpi.modules.cdrs.v_2_2_1.schemas import Cdr  # noqa: E402
from py_ocpi.modules.commands.v_2_2_1.schemas import CommandResponse, CommandResult  # noqa: E402
from py_ocpi.modules.credentials.v_2_2_1.schemas import Credentials  # noqa: E402
from py_ocpi.modules.locations.v_2_2_1.schemas import Location  # noqa: E402
from py_ocpi.modules.sessions.v_2_2_1.schemas import Session  # noqa: E402
from py_ocpi.modules.tariffs.v_2_2_1.schemas import Tariff  # noqa: E402
from py_ocpi.modules.versions.enums import VersionNumber  # noqa: E402

VERSION = VersionNumber.v_2_2_1
KWH, PRICE, VAT = 18.5, 0.49, 21.0
PUBLISHED = "2026-09-01T08:00:00Z"


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def location(number: int) -> dict:
    connector = {
        "id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE", "max_voltage": 230,
        "max_amperage": 32, "max_electric_power": 22000, "tariff_ids": ["kwh"], "last_updated": PUBLISHED,
    }
    evse = {
        "uid": f"evse-{number}", "evse_id": f"NL*{PARTY['party_id']}*E{number:04d}", "status": "AVAILABLE",
        "capabilities": ["REMOTE_START_STOP_CAPABLE"], "connectors": [connector], "last_updated": PUBLISHED,
    }
    # Sixty sites and pages of fifty: the package's own link to the second page leads nowhere.
    coordinates = {"latitude": f"{53.2 + number / 1000:.6f}", "longitude": "6.566500"}
    return {
        **PARTY, "id": f"loc-{number}", "publish": True, "address": f"Herestraat {number + 1}", "city": "Groningen",
        "postal_code": "9711 LA", "country": "NLD", "coordinates": coordinates, "evses": [evse],
        "time_zone": "Europe/Amsterdam", "last_updated": PUBLISHED,
    }


def tariff() -> dict:
    energy = {"type": "ENERGY", "price": PRICE, "vat": VAT, "step_size": 1}
    elements = [{"price_components": [energy]}]
    return {**PARTY, "id": "kwh", "currency": "EUR", "type": "REGULAR", "elements": elements, "last_updated": PUBLISHED}


SHELF = {
    ModuleID.locations: {f"loc-{number}": location(number) for number in range(60)},
    ModuleID.tariffs: {"kwh": tariff()},
    ModuleID.sessions: {},
    ModuleID.cdrs: {},
}


class Emsp:
    """Whom we are registered with, and what it was told of its commands."""

    token_a = os.environ["PEER_TOKEN_A"]
    token_in = None
    token_out = None
    endpoints: dict = {}
    results: dict = {}
    stops: dict = {}


async def push(method: str, module: str, suffix: str, body: dict) -> None:
    shown = base64.b64encode(Emsp.token_out.encode()).decode()
    async with httpx.AsyncClient(timeout=10) as client:
        url = Emsp.endpoints[module] + suffix
        answer = await client.request(method, url, json=body, headers={"authorization": f"Token {shown}"})
        print(method, module, answer.status_code, flush=True)


async def play(command: dict) -> None:
    """A session of three seconds that ends when it is stopped, and its record."""
    place = SHELF[ModuleID.locations][command["location_id"].lower()]
    evse, token = place["evses"][0], command["token"]
    session_id, begun = "s-" + secrets.token_hex(6), now()
    own = {
        "cdr_token": {"uid": token["uid"], "type": "APP_USER", "contract_id": token["contract_id"],
                      "country_code": token["country_code"], "party_id": token["party_id"]},
        "auth_method": "COMMAND", "authorization_reference": command["authorization_reference"], "currency": "EUR",
    }
    session = {
        **PARTY, **own, "id": session_id, "start_date_time": begun, "kwh": 0.0, "location_id": place["id"],
        "evse_uid": evse["uid"], "connector_id": "1", "status": "PENDING", "last_updated": begun,
    }
    SHELF[ModuleID.sessions][session_id] = session
    stop = Emsp.stops[session_id] = asyncio.Event()
    path = f"/NL/{PARTY['party_id']}/{session_id}"
    await push("PUT", "sessions", path, session)
    Emsp.results["START_SESSION"] = {"result": "ACCEPTED"}
    await asyncio.sleep(1)
    session.update(status="ACTIVE", kwh=round(KWH / 2, 3), last_updated=now())
    await push("PATCH", "sessions", path, {key: session[key] for key in ("status", "kwh", "last_updated")})
    try:
        await asyncio.wait_for(stop.wait(), 30)
    except asyncio.TimeoutError:
        pass
    ended = now()
    hours = (datetime.fromisoformat(ended[:-1]) - datetime.fromisoformat(begun[:-1])).total_seconds() / 3600
    dimensions = [{"type": "ENERGY", "volume": KWH}, {"type": "TIME", "volume": round(hours, 4)}]
    periods = [{"start_date_time": begun, "dimensions": dimensions, "tariff_id": "kwh"}]
    cost = {"excl_vat": round(KWH * PRICE, 4), "incl_vat": round(KWH * PRICE * (1 + VAT / 100), 4)}
    session.update(status="COMPLETED", kwh=KWH, end_date_time=ended, charging_periods=periods, last_updated=ended)
    await push("PUT", "sessions", path, session)
    connector = evse["connectors"][0]
    cdr = {
        **PARTY, **own, "id": f"cdr-{session_id}", "session_id": session_id, "start_date_time": begun,
        "end_date_time": ended, "charging_periods": periods, "tariffs": [tariff()], "total_cost": cost,
        "total_energy": KWH, "total_time": round(hours, 4), "last_updated": ended,
        "cdr_location": {
            **{key: place[key] for key in ("id", "address", "city", "postal_code", "country", "coordinates")},
            "evse_uid": evse["uid"], "evse_id": evse["evse_id"], "connector_id": "1",
            "connector_standard": connector["standard"], "connector_format": connector["format"],
            "connector_power_type": connector["power_type"],
        },
    }
    SHELF[ModuleID.cdrs][cdr["id"]] = cdr
    await push("POST", "cdrs", "", cdr)


def name(value: object) -> str:
    return getattr(value, "value", value)


def require(token: object) -> None:
    if token not in (Emsp.token_a if Emsp.token_in is None else Emsp.token_in, Emsp.token_in):
        raise AuthorizationOCPIError()


def credentials() -> dict:
    role = {**PARTY, "role": "CPO", "business_details": {"name": "Groninger Laadpalen", "website": None, "logo": None}}
    return {"token": Emsp.token_in, "url": f"http://127.0.0.1:{PORT}/ocpi/versions", "roles": [role]}


class Crud:
    @classmethod
    async def get(cls, module, role, key, *_, auth_token=None, command=None, **__):
        require(auth_token)
        if module == ModuleID.commands:
            return Emsp.results.pop(name(command), None)
        found = SHELF.get(module, {}).get(str(key).lower())
        if found is None:
            raise NotFoundOCPIError()
        return found

    @classmethod
    async def list(cls, module, role, filters, *_, auth_token=None, **__):
        require(auth_token)
        since = filters["date_from"]
        if since is not None and since.tzinfo is None:
            since = since.replace(tzinfo=timezone.utc)
        rows = [row for row in SHELF[module].values()
                if since is None or datetime.fromisoformat(row["last_updated"].replace("Z", "+00:00")) >= since]
        first, last = filters["offset"], filters["offset"] + filters["limit"]
        return rows[first:last], len(rows), last >= len(rows)

    @classmethod
    async def create(cls, module, role, data, *_, auth_token=None, **__):
        require(auth_token)
        if module != ModuleID.credentials_and_registration:
            return data
        Emsp.token_out, Emsp.token_in = data["credentials"]["token"], secrets.token_hex(24)
        Emsp.endpoints = {it["identifier"]: it["url"] for it in data["endpoints"]["endpoints"]}
        return credentials()

    @classmethod
    async def do(cls, module, role, action, data=None, *_, auth_token=None, command=None, **__):
        require(auth_token)
        if action == Action.get_client_token:
            # The package asks with the same action whether a caller is known and whether it is registered.
            return "known" if role is None else Emsp.token_out
        if name(command) == "START_SESSION":
            asyncio.get_running_loop().create_task(play(data))
            return {"result": "ACCEPTED", "timeout": 30}
        stop = Emsp.stops.get(str(data.get("session_id")).lower())
        if stop is None:
            return {"result": "UNKNOWN_SESSION", "timeout": 0}
        stop.set()
        Emsp.results[name(command)] = {"result": "ACCEPTED"}
        return {"result": "ACCEPTED", "timeout": 30}


def reads(schema):
    return classmethod(lambda cls, data, version=VERSION: schema(**data))


class Adapter:
    cdr_adapter, credentials_adapter, location_adapter = reads(Cdr), reads(Credentials), reads(Location)
    session_adapter, tariff_adapter = reads(Session), reads(Tariff)
    command_response_adapter, command_result_adapter = reads(CommandResponse), reads(CommandResult)


app = get_application([VERSION], [RoleEnum.cpo], Crud, Adapter)
for endpoint in ENDPOINTS[VERSION][RoleEnum.cpo]:
    endpoint.url = URL(str(endpoint.url).replace("https://", "http://"))
versions = [{"version": "2.2.1", "url": f"http://127.0.0.1:{PORT}/ocpi/2.2.1/details"}]
app.dependency_overrides[get_versions] = lambda: versions
app.dependency_overrides[get_endpoints] = lambda: {VERSION: ENDPOINTS[VERSION][RoleEnum.cpo]}

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")

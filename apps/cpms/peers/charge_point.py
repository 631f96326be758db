"""A charge point built on the PyPI package `ocpp`, which we did not write. One JSON line per fact on stdout.

    charge_point.py schemas
    charge_point.py card   --url ws://host:port/ocpp --identity VWL-T1 --password … --tag 04C1…
    charge_point.py remote --url … --identity … --password …

`card`: Boot, Status, Authorize, Start with a card, meter values over half an hour (its clock says so), Stop.
`remote`: Boot, Status, waits for a remote start and plays the same session until a remote stop comes.
"""

import argparse
import asyncio
import base64
import json
import pathlib
from datetime import datetime, timedelta, timezone

import ocpp.v16
from ocpp.routing import after, on
from ocpp.v16 import ChargePoint, call, call_result
from ocpp.v16.enums import Action
from websockets.asyncio.client import connect

METER_START_WH = 500_000
STEP_WH = 2_000
STEPS = 10
STEP = timedelta(minutes=3)


def say(fact, **details):
    print(json.dumps({"fact": fact, **details}), flush=True)


def rfc3339(moment):
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def schemas():
    """Every JSON schema the package ships for OCPP 1.6, by message name."""
    folder = pathlib.Path(ocpp.v16.__file__).parent / "schemas"
    print(json.dumps({f.stem: json.loads(f.read_text("utf-8-sig")) for f in folder.glob("*.json")}))


class Charger(ChargePoint):
    def __init__(self, *args):
        super().__init__(*args)
        self.started = asyncio.get_running_loop().create_future()
        self.stopped = asyncio.Event()

    @on(Action.remote_start_transaction)
    def on_remote_start(self, id_tag, connector_id=None, **_):
        return call_result.RemoteStartTransaction(status="Accepted")

    @after(Action.remote_start_transaction)
    def after_remote_start(self, id_tag, connector_id=None, **_):
        if not self.started.done():
            self.started.set_result((id_tag, connector_id))

    @on(Action.remote_stop_transaction)
    def on_remote_stop(self, transaction_id):
        return call_result.RemoteStopTransaction(status="Accepted")

    @after(Action.remote_stop_transaction)
    def after_remote_stop(self, transaction_id):
        self.stopped.set()

    @on(Action.trigger_message)
    def on_trigger(self, requested_message, **_):
        return call_result.TriggerMessage(status="NotImplemented")

    async def status(self, status):
        await self.ask(
            call.StatusNotification(connector_id=1, error_code="NoError", status=status)
        )

    async def ask(self, request):
        # Without `suppress=False` the package turns a CALLERROR into None.
        return await asyncio.wait_for(self.call(request, suppress=False), 20)

    async def boot(self):
        answer = await self.ask(
            call.BootNotification(charge_point_vendor="Outside", charge_point_model="py-ocpp")
        )
        say("booted", status=answer.status)

    async def charge(self, tag, began, reason, until):
        answer = await self.ask(
            call.StartTransaction(
                connector_id=1, id_tag=tag, meter_start=METER_START_WH, timestamp=rfc3339(began)
            )
        )
        say("started", transaction=answer.transaction_id, status=answer.id_tag_info["status"])
        await self.status("Charging")
        for step in range(1, STEPS + 1):
            value = str(METER_START_WH + step * STEP_WH)
            sample = {"value": value, "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
            power = {"value": "40000", "measurand": "Power.Active.Import", "unit": "W"}
            await self.ask(
                call.MeterValues(
                    connector_id=1,
                    transaction_id=answer.transaction_id,
                    meter_value=[
                        {
                            "timestamp": rfc3339(began + step * STEP),
                            "sampled_value": [sample, power],
                        }
                    ],
                )
            )
        say("metered")
        await until
        ended = began + STEPS * STEP
        await self.ask(
            call.StopTransaction(
                transaction_id=answer.transaction_id,
                id_tag=tag,
                meter_stop=METER_START_WH + STEPS * STEP_WH,
                timestamp=rfc3339(ended),
                reason=reason,
            )
        )
        await self.status("Available")
        say("stopped", energy_wh=STEPS * STEP_WH, began=rfc3339(began), ended=rfc3339(ended))


async def play(options):
    login = base64.b64encode(f"{options.identity}:{options.password}".encode()).decode()
    async with connect(
        f"{options.url.rstrip('/')}/{options.identity}",
        subprotocols=["ocpp1.6"],
        additional_headers={"Authorization": f"Basic {login}"},
    ) as socket:
        charger = Charger(options.identity, socket)
        listening = asyncio.create_task(charger.start())
        await charger.boot()
        if options.mode == "card":
            await charger.status("Preparing")
            answer = await charger.ask(call.Authorize(id_tag=options.tag))
            say("authorized", status=answer.id_tag_info["status"])
            at_once = asyncio.sleep(0)
            # The queue of a charger that was offline: the session ended a moment ago.
            began = datetime.now(timezone.utc) - STEPS * STEP
            await charger.charge(options.tag, began, "Local", at_once)
        else:
            await charger.status("Preparing")
            say("waiting")
            tag, connector = await asyncio.wait_for(charger.started, 120)
            say("asked", connector=connector, tag_length=len(tag))
            stop_asked = asyncio.wait_for(charger.stopped.wait(), 120)
            await charger.charge(tag, datetime.now(timezone.utc), "Remote", stop_asked)
        listening.cancel()


parser = argparse.ArgumentParser()
parser.add_argument("mode", choices=["schemas", "card", "remote"])
for name in ["url", "identity", "password", "tag"]:
    parser.add_argument(f"--{name}")
arguments = parser.parse_args()
if arguments.mode == "schemas":
    schemas()
else:
    asyncio.run(play(arguments))

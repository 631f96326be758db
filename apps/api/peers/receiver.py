"""A webhook receiver that trusts the library alone: PyPI `standardwebhooks` verifies what comes, or refuses it.

Every path is an endpoint of its own. Secrets come by line on standard input as `{"path": …, "secret": …}`; what was
received goes out by line on standard output. `/dead…` answers 503, `/hanging…` never, `/slow…` after two seconds.
"""
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

secrets: dict[str, list[str]] = {}
lock = threading.Lock()


def say(fact: dict) -> None:
    with lock:
        print(json.dumps(fact), flush=True)


def verified(secret: str, body: bytes, headers: dict) -> bool:
    try:
        Webhook(secret).verify(body, headers)
        return True
    except WebhookVerificationError:
        return False


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        heard_at = time.time()
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path.startswith("/hanging"):
            time.sleep(3600)
        if self.path.startswith("/slow"):
            time.sleep(2)
        known = [verified(secret, body, headers) for secret in secrets.get(self.path, [])]
        changed = bytearray(body)
        changed[-2] ^= 1
        forged = any(verified(secret, bytes(changed), headers) for secret in secrets.get(self.path, []))
        status = 503 if self.path.startswith("/dead") else 204
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()
        say(
            {
                "fact": "received",
                "path": self.path,
                "at": heard_at * 1000,
                "verified": known,
                "forged": forged,
                "event": json.loads(body),
            }
        )


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
say({"fact": "listening", "port": server.server_address[1]})
for line in sys.stdin:
    given = json.loads(line)
    secrets.setdefault(given["path"], []).append(given["secret"])

"""Hears the service's events: verify the raw bytes, do the work once, only then say 2xx."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import threading
import time

BODY_BYTES_MAX = 1 << 20


def why_not(headers, body, key, now, tolerance):
    """Why this delivery is not taken for the service's own; None if it is. `body`: the raw bytes."""
    id_, timestamp, signatures = (headers.get(f"webhook-{name}") for name in ("id", "timestamp", "signature"))
    if not (id_ and timestamp and signatures):
        return "a webhook header is missing"
    # Somebody may replay an old delivery. The service signs each attempt anew, so its own are always fresh.
    if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > tolerance:
        return "webhook-timestamp is too far from this machine's clock"
    digest = hmac.new(key, f"{id_}.{timestamp}.".encode("latin-1") + body, hashlib.sha256).digest()
    expected = b"v1," + base64.b64encode(digest)
    # One signature per live secret: while the secret is being changed, ours may be the second.
    if not any(hmac.compare_digest(expected, one.encode("latin-1")) for one in signatures.split(" ")):
        return "no signature fits: another secret, or something on the way rewrites the body"
    return None


class Events:
    """The shop's books, one line per event: the line is both the work and the memory that it is done.

    In a shop: one database transaction that inserts the event's id, which is unique, and changes the order.
    Two separate steps would lose the work, or do it twice, when the program dies between them.
    """

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()

    def take(self, id_, event):
        """Does the work unless this event was there before; whether it did."""
        data = event["data"]
        about = data.get("refund") or data.get("settlement") or data["order"]
        amounts = (about.get(name) for name in ("settle_amount_fen", "amount_fen", "paid_fen"))
        amount = next(fen for fen in amounts if fen is not None)
        line = f"{event['type']} {data['out_order_no']} {amount} {id_}\n"
        with self.lock, open(self.path, "a+", encoding="utf-8") as file:
            file.seek(0)
            if any(done.endswith(f" {id_}\n") for done in file):
                return False
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        print("event", line, end="", flush=True)
        return True


class Door(http.server.BaseHTTPRequestHandler):
    timeout = 10  # for a sender that stops in the middle
    events = key = tolerance = None

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if self.path != "/hooks":
            return self.answer(404, "no such path")
        if not re.fullmatch("[0-9]{1,9}", length):
            return self.answer(411, "Content-Length is missing")
        if int(length) > BODY_BYTES_MAX:
            return self.answer(413, "the body is too large")
        body = self.rfile.read(int(length))  # bytes: decoding and encoding again would change them
        problem = why_not(self.headers, body, self.key, time.time(), self.tolerance)
        if problem:
            return self.answer(401, problem)
        id_ = self.headers["webhook-id"]
        try:
            new = self.events.take(id_, json.loads(body))
        except Exception as cause:  # not done, so not 2xx: the service will send it again
            return self.answer(500, f"{type(cause).__name__}: {cause}")
        if not new:
            print("again", id_, flush=True)
        self.answer(204)

    def answer(self, status, problem=""):
        if problem:
            print("refused", status, problem, flush=True)
        text = problem.encode()
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass  # one line per event is enough


def serve(port, file, secret, tolerance):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    if len(key) < 24:  # an empty one would let everybody sign
        raise ValueError("WEBHOOK_SECRET is not `whsec_` and the Base64 of a secret")
    Door.events, Door.key, Door.tolerance = Events(file), key, tolerance
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Door)
    print(f"listening on http://127.0.0.1:{port}/hooks", flush=True)
    server.serve_forever()

#!/usr/bin/env python3
"""A small shop on douyin-pay, with nothing but Python's standard library (3.9 or newer).

    shop.py serve            hear webhooks on PORT, do the work once per event
    shop.py story [ORDER]    open an order, wait until it is paid, refund a part, settle
    shop.py settle ORDER     settle an order whose settlement period is over
"""
import http.client
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import webhook

PRICE_FEN, REFUND_FEN, SHARE_FEN = 1280, 280, 60  # money is a whole number of fen, never a float
SHARE_RECEIVER = "69645835031835936200"  # a merchant number is text: it does not fit into 64 bits
ANSWER_WITHIN = 20  # seconds; the service itself waits up to 8 for the platform
REPEAT_FOR = 60
PAYABLE_FOR = 900


class Refused(Exception):
    """The answer is no, or still open: a stable code, and a sentence that says the next step."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code', '')}: {problem.get('detail', '')}")
        self.code = problem.get("code")


def setting(name, default=None):
    value = os.environ.get(name) or default
    if value is None:
        print(f"set the environment variable {name}", file=sys.stderr)
        sys.exit(2)
    return value


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d} yuan"


def send(method, path, data):
    """One attempt: status, seconds to wait before a repeat, JSON. Status 0: no answer, so who knows."""
    url = f"{setting('DOUYIN_PAY_URL')}/v1/apps/{setting('DOUYIN_PAY_APP')}/{urllib.parse.quote(path)}"
    headers = {"Authorization": f"Bearer {setting('DOUYIN_PAY_KEY')}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        try:
            answer = urllib.request.urlopen(request, timeout=ANSWER_WITHIN)
        except urllib.error.HTTPError as error:  # any status from 400: an answer like others
            answer = error
        with answer:
            status, wait, text = answer.status, answer.headers.get("Retry-After", ""), answer.read()
    except (OSError, http.client.HTTPException):
        return 0, 2, {}
    try:
        reply = json.loads(text)
    except ValueError:
        reply = {}  # a proxy's page
    return status, max(1, min(int(wait), 30)) if wait.isdecimal() else 2, reply


def ask(method, path, body=None):
    """One request, repeated until its outcome is known. Our own number in it makes the repeats one request."""
    # Encoded once: a repeat must be the very same request. Other fields under the same number are a 409.
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    give_up_at = time.monotonic() + REPEAT_FOR
    while True:
        status, wait, reply = send(method, path, data)
        if status in (200, 201):
            return reply
        # 202: remembered, outcome open. 503: busy. 5xx without a code: a proxy that lost the service.
        outcome_open = status in (0, 202, 503) or (status >= 500 and "code" not in reply)
        if not outcome_open:
            raise Refused(status, reply)
        if time.monotonic() > give_up_at:
            raise Refused(status, {"detail": "no outcome yet; run the same command with the same number again"})
        print(f"{method} {path}: {status or 'no answer'}, the same again in {wait} s", file=sys.stderr)
        time.sleep(wait)


def until(path, wanted, patience):
    """Looks until the state is the wanted one. Good for a script; a shop acts on the webhook."""
    give_up_at = time.monotonic() + patience
    while True:
        seen = ask("GET", path)
        if seen["state"] == wanted:
            return seen
        if seen["state"] in ("closed", "refused", "failed") or time.monotonic() > give_up_at:
            raise Refused(200, {"detail": f"{path} is {seen['state']}, not {wanted}"})
        time.sleep(1)


def open_order(number):
    # A shop stores the number with the cart before it asks: after a crash it asks with the same number again.
    order = ask("POST", "orders", {
        "out_order_no": number,
        "amount_fen": PRICE_FEN,
        "subject": "拿铁",
        "body": "大杯拿铁",
        "valid_seconds": PAYABLE_FOR,
    })
    return order["pay"]  # hand this to the mini-program, for tt.pay


def refund(number):
    refund_no = f"R-{number}"  # made from the order's number: told twice, refunded once
    ask("POST", f"orders/{number}/refunds", {
        "out_refund_no": refund_no,
        "amount_fen": REFUND_FEN,
        "reason": "少了一份糖",
    })  # taken on, not done: the platform needs ten seconds and more
    return until(f"refunds/{refund_no}", "succeeded", 120)


def settle(number):
    # A refused try uses up its number. Counting the failed ones gives a fresh number after a refusal,
    # and the same number again while the outcome of the last try is open.
    tries = ask("GET", f"orders/{number}")["settlements"]
    failed = sum(one["state"] == "failed" for one in tries)
    settle_no = f"S{failed + 1}-{number}"
    ask("POST", f"orders/{number}/settlements", {
        "out_settle_no": settle_no,
        "description": "结算与分账",
        "shares": [{"merchant_uid": SHARE_RECEIVER, "amount_fen": SHARE_FEN}],
    })  # we are not in the list: the seller gets what shares and fee leave
    return until(f"settlements/{settle_no}", "succeeded", 120)


def tell_settlement(number):
    settled = settle(number)
    print("settled", settled["out_settle_no"], yuan(settled["settle_amount_fen"]), "fee", yuan(settled["rake_fen"]))
    order = ask("GET", f"orders/{number}")
    print("order", number, order["state"], "paid", yuan(order["paid_fen"]),
          "refunded", yuan(order["refunded_fen"]), "settled", yuan(order["settled_fen"]))


def tell_story(number):
    pay = open_order(number)
    print("opened", number, yuan(PRICE_FEN))
    print("pay", json.dumps(pay), flush=True)
    paid = until(f"orders/{number}", "paid", PAYABLE_FOR)
    print("paid", number, yuan(paid["paid_fen"]))
    done = refund(number)
    print("refunded", done["out_refund_no"], yuan(done["amount_fen"]), flush=True)
    try:
        tell_settlement(number)
    except Refused as refused:
        if refused.code != "platform_refused":
            raise
        # The platform settles some days after payment, usually seven; a shop does this every night.
        print("not settled yet:", refused)
        print(f"later: shop.py settle {number}")


def main(words):
    if words[:1] == ["serve"]:
        port, file = int(setting("PORT", "3000")), setting("EVENTS_FILE", "events.log")
        webhook.serve(port, file, setting("WEBHOOK_SECRET"), int(setting("WEBHOOK_TOLERANCE", "300")))
    elif words[:1] == ["story"] and len(words) <= 2:
        fresh = time.strftime("A%Y%m%d%H%M%S-") + secrets.token_hex(3)
        tell_story(words[1] if len(words) == 2 else fresh)
    elif words[:1] == ["settle"] and len(words) == 2:
        tell_settlement(words[1])
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)

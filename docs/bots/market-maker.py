# A market maker over REST and SSE, with nothing but Python's standard library: market-maker.py [SYMBOL] [URL]
import json, os, signal, sys, threading, time, urllib.error, urllib.request

symbol, base = (sys.argv[1:] + ["VELTR", "http://localhost:8080"][len(sys.argv) - 1:])[:2]
SIZE = 10  # of a quote
TARGET = 100  # the inventory that it holds
LIMIT = 50  # how far from it before it hedges
QUOTE_EVERY = 0.5
SILENCE_MAX = 30  # two heartbeats

changed = threading.Condition()
account = {"seq": 0, "position": 0, "orders": {}}  # as the private stream has it
quote, quoted_at = {}, 0.0  # the best prices; none while they may be old
stopping = threading.Event()


def request(method, path, body=None):
    """Asks until it is answered. An order that is sent again under its clientOrderId has no second effect."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    while True:
        data = None if body is None else json.dumps(body).encode()
        try:
            sent = urllib.request.Request(base + path, data, headers, method=method)
            with urllib.request.urlopen(sent, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                return None  # a reject, or an order that has ended meanwhile
            time.sleep(float(error.headers.get("retry-after") or 1))
        except (OSError, ValueError):
            time.sleep(1)  # no answer, or half of one: it may have been carried out or not


def stream(path, handle):
    """Reads a stream for good: after each loss from the last position."""
    last = ""
    while True:
        try:
            headers = {"authorization": f"Bearer {token}", "last-event-id": last}
            lines = urllib.request.urlopen(urllib.request.Request(base + path, headers=headers), timeout=SILENCE_MAX)
            for line in lines:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    last = value
                elif name == "event":
                    event = value
                elif name == "data":
                    with changed:
                        handle(event, json.loads(value))
                        changed.notify_all()
        except (OSError, ValueError):
            pass
        handle("lost", {})
        time.sleep(1)


def on_account(event, data):
    if event == "snapshot":
        held = [one["size"] for one in data["positions"] if one["symbol"] == symbol]
        account["position"] = held[0] if held else 0
        account["orders"] = {order["orderId"]: order for order in data["orders"]}
    elif event == "position" and data["symbol"] == symbol:
        account["position"] = data["size"]
    elif event == "execution" and data["orderStatus"] in ("new", "partiallyFilled"):
        account["orders"][data["orderId"]] = data
    elif event == "execution":
        account["orders"].pop(data["orderId"], None)
    account["seq"] = data.get("seq", account["seq"])


def on_quote(event, data):
    global quote, quoted_at
    if event in ("quote", "lost"):
        quote = data
    if event in ("quote", "heartbeat"):
        quoted_at = time.monotonic()


def caught_up(seq):
    """Waits until the private stream has brought this event."""
    with changed:
        changed.wait_for(lambda: account["seq"] >= seq)


def command(method, path, body):
    answer = request(method, path, body)
    if answer:
        caught_up(answer["seq"])


def place(**terms):
    command("POST", "/v1/orders", {"clientOrderId": next_id(), "symbol": symbol, **terms})


def next_id(run=hex(int(time.time() * 1000))[2:], count=iter(range(1, 1 << 60))):
    return f"{run}-{next(count)}"


def make_market(best):
    excess = account["position"] - TARGET
    if abs(excess) > LIMIT:
        side = "sell" if excess > 0 else "buy"
        place(side=side, orderType="market", size=abs(excess), timeInForce="IOC")
        return
    for side, price in (("buy", best["bid"]), ("sell", best["ask"])):
        order = next((order for order in list(account["orders"].values()) if order["side"] == side), None)
        if order is None:
            place(side=side, orderType="limit", size=SIZE, price=price, postOnly=True)
        elif order["price"] != price:
            command("PATCH", f"/v1/orders/{order['orderId']}", {"clientOrderId": next_id(), "price": price})


token = ""
token = os.environ.get("PAPERTAPE_TOKEN") or request("POST", "/v1/accounts", {})["token"]
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: stopping.set())
for path, handle in (
    ("/v1/account/stream", on_account),
    (f"/v1/stream?symbols={symbol}&events=quote&maxHz=5", on_quote),
):
    threading.Thread(target=stream, args=(path, handle), daemon=True).start()
caught_up(1)
while not stopping.wait(QUOTE_EVERY):
    # If we crash, our quotes are canceled after ten seconds.
    request("POST", "/v1/orders/cancel-all-after", {"timeoutMs": 10_000})
    best = quote
    if time.monotonic() - quoted_at < SILENCE_MAX and best.get("bid") and best.get("ask"):
        make_market(best)
request("DELETE", "/v1/orders")
caught_up(request("GET", "/v1/account")["seq"])
print(json.dumps({"position": account["position"], "orders": len(account["orders"])}))

# Prints the trades of binary messages, one in hexadecimal a line of the input. Standard library only.
import json, struct, sys

instruments = []

def trades(message):
    global instruments
    assert message[0] == 1, f"version {message[0]}"
    at, base = 2 + message[1], None
    while at < len(message):
        kind = message[at]
        if kind in (1, 2):  # table, json
            (length,) = struct.unpack_from("<I", message, at + 1)
            at += 5 + length
            if kind == 1: instruments = json.loads(message[at - length : at])["instruments"]
            continue
        flags, number = struct.unpack_from("<BH", message, at + 1)
        if flags & 2:  # the stamp is whole: 48, 48 and 64 bits
            seq, seq_high, time, time_high, ts = struct.unpack_from("<IHIHQ", message, at + 4)
            base = seq, time, ts = seq + (seq_high << 32), time + (time_high << 32), ts
            at += 24
        else:
            seq, time, ts = (a + b for a, b in zip(base, struct.unpack_from("<HHI", message, at + 4)))
            at += 12
        one = instruments[number]
        if kind == 4:
            trade_id, ticks, lots = struct.unpack_from("<IiI", message, at)
            price, size = ticks * one["tickUnits"] / 10_000, lots * one["lotSize"]
            side = "sell" if flags & 8 else "buy"
            yield dict(seq=seq, ts=ts, time=time, symbol=one["symbol"], tradeId=trade_id, price=price, size=size, aggressor=side)
        if kind == 5:
            (count,) = struct.unpack_from("<H", message, at + 12)
            at += count * (8 if flags & 64 else 4)
        at += {3: 16, 4: 12, 5: 14}[kind] + (2 if flags & 4 else 0)

for text in sys.stdin:
    for trade in trades(bytes.fromhex(text)): print(json.dumps(trade), flush=True)

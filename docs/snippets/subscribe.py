# The same in Python, with nothing but its standard library.
import json, sys, time, urllib.request

base, last = (sys.argv[1:] or ["http://localhost:8080"])[0], ""
while True:
    try:
        for line in urllib.request.urlopen(f"{base}/v1/stream?events=trade&mode=raw&last={last}"):
            name, _, value = line.decode().strip().partition(": ")
            if name == "id": last = value
            elif name == "event": event = value
            elif name == "data" and event == "trade": print(json.loads(value), flush=True)
    except OSError: pass
    time.sleep(1)

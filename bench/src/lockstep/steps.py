"""Measures steps a second with the Python package, for lockstep.ts: steps.py ROUNDS SECONDS NODE SIMULATOR ECHO.

The contenders take turns in each round, each for SECONDS. Prints a JSON object: by contender, the steps a second and the
processor time of a step (client and server) of each round, and by way to begin an episode how long one takes.
"""

import json
import os
import subprocess
import sys
import time

from papertape import Connection, Market, step_all

ROUNDS, SECONDS = int(sys.argv[1]), float(sys.argv[2])
NODE, SIMULATOR, ECHO = sys.argv[3:]
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
# As one of the two ticks of a market; long enough that no episode ends while it is measured.
TERMS = {"preset": "large-tick", "duration": "300d", "margin": True}
FORKS = 16
STEPS_AT_ONCE = 100
EPISODES = 100


class Server:
    """A process with the session of a client, and its processor time."""

    def __init__(self, *command):
        self.process = subprocess.Popen([NODE, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        descriptor = self.process.stdin.fileno()
        self.connection = Connection(self.process.stdout, lambda data: os.write(descriptor, data), self.process.kill)

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / CLOCK_TICKS


def measure(server, steps):
    """`steps` does some steps and returns how many."""
    count = 0
    processor = server.processor_seconds() + time.process_time()
    started = time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        count += steps()
    elapsed = time.perf_counter() - started
    processor = server.processor_seconds() + time.process_time() - processor
    return count / elapsed, processor / count * 1e6


def stepping(market, by):
    def steps():
        for _ in range(STEPS_AT_ONCE):
            market.step(by=by)
        return STEPS_AT_ONCE

    return steps


def quoting(market, by):
    """Each step replaces a quote at the best bid."""

    def steps():
        for _ in range(STEPS_AT_ONCE):
            observation = market.observation
            if observation.open_orders:
                market.cancel_all()
            bid = observation.book.bid
            if bid is not None:
                market.buy(100, bid, postOnly=True)
            market.step(by=by)
        return STEPS_AT_ONCE

    return steps


def together(markets, by):
    def steps():
        for _ in range(STEPS_AT_ONCE // 10):
            step_all(markets, by=by)
        return len(markets) * (STEPS_AT_ONCE // 10)

    return steps


def beginnings(market, begin):
    started = time.perf_counter()
    for seed in range(EPISODES):
        begin(seed)
    return (time.perf_counter() - started) / EPISODES * 1e3


simulator = Server(SIMULATOR, "serve")
market = Market(7, connection=simulator.connection, **TERMS)
opened = market.observation.answer
stepped = market.step(by=10).answer
echo = Server(ECHO, json.dumps(opened), json.dumps(stepped))
echo_market = Market(7, connection=echo.connection)
forks = [market.fork(seed=seed) for seed in range(FORKS)]
echo_markets = [Market(7, connection=echo.connection) for _ in range(FORKS)]

contenders = {
    "10 ms": (simulator, stepping(market, 10)),
    "echo": (echo, stepping(echo_market, 10)),
    "100 ms": (simulator, stepping(market, 100)),
    "1 s": (simulator, stepping(market, 1_000)),
    "10 ms, a quote replaced": (simulator, quoting(market, 10)),
    f"10 ms, {FORKS} forks at once": (simulator, together(forks, 10)),
    f"echo, {FORKS} at once": (echo, together(echo_markets, 10)),
}
rounds = {name: [] for name in contenders}
for _, steps in contenders.values():
    steps()
for _ in range(ROUNDS):
    for name, (server, steps) in contenders.items():
        rounds[name].append(measure(server, steps))

checkpoint = market.save()
long_market = Market(7, connection=simulator.connection, **{**TERMS, "warm_up": "5m"})
long_checkpoint = long_market.save()
episodes = {
    "reset, 10 s of warm-up": beginnings(market, market.reset),
    "reset, 5 minutes": beginnings(long_market, long_market.reset),
    "restore with a seed, after 5 minutes": beginnings(
        long_market, lambda seed: long_market.restore(long_checkpoint, seed=seed)
    ),
}
print(json.dumps({"rounds": rounds, "episodeMs": episodes}))
echo.connection.close()
simulator.connection.close()

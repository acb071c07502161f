"""The package against a real papertape-sim, which PAPERTAPE_SIM or the PATH names."""

import os
import socket
import subprocess
import sys
import unittest
from unittest import mock

from papertape import Connection, LockstepError, Market, PapertapeError, step_all
from papertape.connection import find_program

TERMS = {"preset": "large-tick", "duration": "5m", "margin": True}


def trade(market, steps=20):
    """A few orders that depend on what is seen; returns the answers."""
    answers = []
    for step in range(steps):
        book = market.observation.book
        if step % 3 == 0 and book.bid is not None:
            market.buy(100, book.bid)
        if step % 3 == 1:
            market.sell(100)
        if step % 5 == 4:
            market.cancel_all()
        answers.append(market.step(by=500).answer)
    return answers


class MarketTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = Connection.start()
        cls.addClassCleanup(cls.connection.close)

    def open(self, seed=7, **terms):
        market = Market(seed, connection=self.connection, **{**TERMS, **terms})
        self.addCleanup(market.close)
        return market

    def test_steps_until_and_by(self):
        market = self.open()
        self.assertEqual(market.observation.time, market.start_time + 10_000)
        self.assertEqual(market.step("09:30:30").time, market.start_time + 30_000)
        self.assertEqual(market.step(market.start_time + 31_000.5).time, market.start_time + 31_000.5)
        self.assertEqual(market.step(by=0.25).time, market.start_time + 31_000.75)
        self.assertEqual(market.step(by="1s").time, market.start_time + 32_000.75)
        observation = market.step("1h")
        self.assertEqual((observation.time, observation.done), (market.end_time, True))
        with self.assertRaisesRegex(LockstepError, "episode-over: .*reset it") as refused:
            market.step(by=1)
        self.assertEqual(refused.exception.code, "episode-over")
        with self.assertRaises(ValueError):
            market.step()
        with self.assertRaises(ValueError):
            market.step(1, by=1)

    def test_orders_and_observations(self):
        market = self.open(levels=2, symbols=2, events=["trade"])
        book = market.observation.book
        self.assertLess(book.bid2, book.bid)
        self.assertLess(book.bid, book.ask)
        self.assertEqual(market.observation.mid, (book.bid + book.ask) / 2)
        bought = market.buy(100)
        resting = market.buy(50, book.bid2, postOnly=True)
        seen = market.step(by=0)
        self.assertEqual(seen.position, 100)
        self.assertEqual(seen.book_of(market.symbols[0]), seen.book)
        self.assertAlmostEqual(seen.equity, seen.cash + 100 * seen.book.last, 4)
        fills = [each for each in seen.executions if each["clientOrderId"] == bought and each["lastSize"] > 0]
        self.assertEqual(sum(fill["lastSize"] for fill in fills), 100)
        (order,) = seen.open_orders
        self.assertEqual((order.client_order_id, order.side, order.leaves_size), (resting, "buy", 50))
        self.assertGreater(order.ahead_size, 0)
        self.assertEqual(seen.events[0]["data"]["aggressor"], "buy")
        replaced = market.replace(resting, size=40)
        market.cancel("none")
        seen = market.step(by=0)
        self.assertEqual(seen.open_orders[0].client_order_id, replaced)
        self.assertEqual([(each["order"], each["code"]) for each in seen.rejects], [(1, "unknown-order")])
        market.cancel(replaced)
        market.sell(300, symbol=market.symbols[1])
        seen = market.step(by=0)
        self.assertEqual(seen.open_orders, [])
        self.assertEqual(seen.book_of(market.symbols[1]).position, -300)

    def test_the_same_seed_and_actions_give_the_same_episode(self):
        first, second = self.open(11), self.open(12)
        answers = trade(first)
        self.assertNotEqual(trade(second), answers)
        second.reset(11)
        self.assertEqual(trade(second), answers)
        first.reset(11)
        self.assertEqual(trade(first), answers)

    def test_checkpoints_and_forks(self):
        market = self.open(13)
        trade(market, 10)
        market.buy(100)
        checkpoint = market.save()
        fork = market.fork()
        answers = trade(market)
        self.assertEqual(trade(fork), answers)
        fork.close()
        for _ in range(2):
            market.restore(checkpoint)
            self.assertEqual(trade(market), answers)
        other = market.fork(checkpoint, seed=14)
        self.assertEqual(other.seed, 14)
        different = trade(other)
        self.assertNotEqual(different, answers)
        market.restore(checkpoint, seed=14)
        self.assertEqual(trade(market), different)
        other.close()
        market.drop(checkpoint)
        with self.assertRaisesRegex(LockstepError, "unknown-checkpoint"):
            market.restore(checkpoint)

    def test_several_markets_at_once(self):
        markets = [self.open(seed) for seed in (1, 2, 3)]
        alone = self.open(2)
        for market in (markets[1], alone):
            market.buy(100)
        together = step_all(markets, by=1_000)
        self.assertEqual(together[1].answer, alone.step(by=1_000).answer)
        self.assertEqual([market.observation for market in markets], together)
        markets[1].buy(0)
        with self.assertRaisesRegex(LockstepError, "bad-order"):
            step_all(markets, by=1_000)
        self.assertEqual([market.observation.time - market.start_time for market in markets], [12_000, 11_000, 12_000])
        # More than a pipe holds, in requests and in answers.
        many = [markets[0]] * 3_000
        self.assertEqual(step_all(many, by=1)[-1].time, markets[0].start_time + 15_000)

    def test_refused_requests_change_nothing(self):
        market, undisturbed = self.open(15), self.open(15)
        with self.assertRaisesRegex(LockstepError, r"bad-order: orders\[0\]: order.place: size"):
            market.buy(0)
            market.step(by=1)
        with self.assertRaisesRegex(LockstepError, "bad-request: step: by"):
            market.step(by=-1)
        with self.assertRaisesRegex(LockstepError, "did you mean halt"):
            self.open(1, scenario="hlat")
        self.assertEqual(market.step(by=100).answer, undisturbed.step(by=100).answer)


class ConnectionTest(unittest.TestCase):
    def test_a_market_of_its_own_ends_its_simulator(self):
        with Market(1, **TERMS) as market:
            fork = market.fork()
            fork.step(by=1)
        self.assertTrue(fork.connection.closed)
        with self.assertRaisesRegex(PapertapeError, "the connection is closed"):
            fork.step(by=1)

    def test_a_socket(self):
        server = subprocess.Popen([*find_program(), "serve", "--port", "0"], stdout=subprocess.PIPE)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        address = server.stdout.readline().decode().split()[1]
        connection = Connection.connect(address)
        self.addCleanup(connection.close)
        with Market(7, connection=connection, **TERMS) as remote, Market(7, **TERMS) as own:
            self.assertEqual(trade(remote), trade(own))

    def test_a_simulator_that_ends(self):
        program = f'{sys.executable} -c "input()"'
        with self.assertRaisesRegex(PapertapeError, "papertape-sim has ended|connection to papertape-sim is lost"):
            Market(1, program=program)

    def test_nothing_to_start_or_to_connect_to(self):
        with mock.patch.dict(os.environ, {"PATH": "", "PAPERTAPE_SIM": ""}):
            with self.assertRaisesRegex(PapertapeError, "set PAPERTAPE_SIM"):
                Market(1)
        with self.assertRaisesRegex(PapertapeError, "cannot start /nowhere/papertape-sim"):
            Market(1, program="/nowhere/papertape-sim")
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with self.assertRaisesRegex(PapertapeError, "nothing listens at 127.0.0.1:"):
                Connection.connect(f"127.0.0.1:{unused.getsockname()[1]}")


if __name__ == "__main__":
    unittest.main()

"""The Gymnasium environment, and the error without gymnasium."""

import importlib
import sys
import unittest
from unittest import mock

try:
    import gymnasium
except ImportError:
    gymnasium = None


class MissingTest(unittest.TestCase):
    def test_the_import_says_what_to_install(self):
        with mock.patch.dict(sys.modules, {"gymnasium": None}):
            sys.modules.pop("papertape.environment", None)
            with self.assertRaisesRegex(ImportError, "pip install gymnasium"):
                importlib.import_module("papertape.environment")


@unittest.skipIf(gymnasium is None, "gymnasium is not installed")
class EnvironmentTest(unittest.TestCase):
    def make(self, **terms):
        from papertape.environment import MarketEnv

        env = MarketEnv(duration="40s", **terms)
        self.addCleanup(env.close)
        return env

    def play(self, env, seed):
        features, _ = env.reset(seed=seed)
        env.action_space.seed(seed)
        history = [features.tolist()]
        done = False
        while not done:
            features, reward, done, truncated, info = env.step(env.action_space.sample())
            self.assertFalse(truncated)
            history.append([features.tolist(), reward, info["observation"].answer])
        return history

    def test_it_passes_the_checks_of_gymnasium(self):
        from gymnasium.utils.env_checker import check_env

        check_env(self.make(), skip_render_check=True)

    def test_the_same_seed_gives_the_same_episode(self):
        env = self.make()
        first = self.play(env, 3)
        self.assertEqual(len(first), 31)
        self.assertNotEqual(self.play(env, 4), first)
        self.assertEqual(self.play(env, 3), first)

    def test_rewards_add_up_to_what_was_earned(self):
        env = self.make(position_max=300)
        env.reset(seed=5)
        start = env.worth(env.market.observation)
        earned, done, positions = 0.0, False, set()
        while not done:
            _, reward, done, _, info = env.step([1, 1])
            earned += reward
            positions.add(info["observation"].position)
        self.assertAlmostEqual(earned, env.worth(env.market.observation) - start, 4)
        self.assertGreater(len(positions), 1, "it never traded")
        self.assertLessEqual(max(map(abs, positions)), 300)


if __name__ == "__main__":
    unittest.main()

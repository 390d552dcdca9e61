"""What the tests of the console share: one chromedriver for all, one console for each class of tests."""

import atexit
import unittest
from pathlib import Path

from console import Console
from webdriver import Browser, ChromeDriver

_drivers = []


def driver():
    if not _drivers:
        _drivers.append(ChromeDriver())
        atexit.register(_drivers[0].close)
    return _drivers[0]


class ConsoleTest(unittest.TestCase):
    """A console on `logs` for each test; nothing that one test does is seen by the next."""

    # Show all that was found.
    maxDiff = None
    logs = {}
    # Whether a `margay watch` follows the logs while they are looked at.
    follows = False
    # Called with the console before it serves: what people have done with the issues.
    prepare = None
    listen = "127.0.0.1:0"

    def setUp(self):
        self.console = Console(self.logs, follows=self.follows, prepare=self.prepare, listen=self.listen)
        self.addCleanup(self.console.close)

    def browser(self, **options):
        browser = Browser(driver(), **options)
        self.addCleanup(browser.close)
        return browser

    @staticmethod
    def listed(browser):
        """Ids of the issues in the list that is open."""
        return browser.run(
            "return Array.from(document.querySelectorAll('.issues tbody tr')).map((row) => row.dataset.id)"
        )

    @staticmethod
    def script(name):
        return (Path(__file__).parent / name).read_text()

    def assert_clean(self, browser, page=""):
        """No script failed, the policy refused nothing, and nothing was asked of another host."""
        self.assertEqual(browser.faults(), [], page)
        own = self.console.address + "/"
        self.assertEqual([each for each in browser.requests() if not each.startswith(own)], [], page)

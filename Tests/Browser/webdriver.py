"""A client of the W3C WebDriver protocol (JSON over HTTP), as far as the tests of the console need it.

https://www.w3.org/TR/webdriver2/ describes the protocol; `goog/cdp/execute` is chromedriver's way to the DevTools
protocol of Chromium, which can do what WebDriver cannot: emulate colours, a phone's width, no JavaScript.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
START_TRIES_MAX = 5
START_SECONDS_MAX = 30
FACT_SECONDS_MAX = 30
POLL_SECONDS = 0.05
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "ArrowDown": "\ue015", "ArrowUp": "\ue013"}


class WebDriverError(Exception):
    """What chromedriver refused, by its own name for it."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message.splitlines()[0] if message else ''}")
        self.code = code


def wait_for(what, fact, seconds=FACT_SECONDS_MAX):
    """The first true value of `fact()`; fails with `what` after `seconds`. A page that changes meanwhile is no fault."""
    deadline = time.monotonic() + seconds
    last = None
    while True:
        try:
            last = fact()
            if last:
                return last
        except WebDriverError as error:
            if error.code not in ("stale element reference", "no such element", "javascript error"):
                raise
            last = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}; last: {last!r}")
        time.sleep(POLL_SECONDS)


class ChromeDriver:
    """A running chromedriver."""

    def __init__(self, program="chromedriver"):
        # What Chromium leaves behind goes with this folder.
        self.folder = tempfile.mkdtemp(prefix="margay-chromium.")
        # Port 0: it takes a port that is free on IPv4, says which, and ends where the same one is not free on IPv6.
        for _ in range(START_TRIES_MAX):
            self.process = subprocess.Popen(
                [program, "--port=0"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=dict(os.environ, TMPDIR=self.folder),
            )
            for line in self.process.stdout:
                found = re.search(r"started successfully on port (\d+)", line)
                if found:
                    self.port = int(found.group(1))
                    return
            self.process.wait(START_SECONDS_MAX)
            self.process.stdout.close()
        raise AssertionError("chromedriver ended without a port")

    def close(self):
        self.process.terminate()
        self.process.wait(START_SECONDS_MAX)
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            data = None if method != "POST" else json.dumps(body or {})
            connection.request(method, path, data, {"Content-Type": "application/json; charset=utf-8"})
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(answer, dict) and "error" in answer and "stacktrace" in answer:
            raise WebDriverError(answer["error"], answer.get("message", ""))
        return answer


class Element:
    """One element of a page."""

    def __init__(self, browser, identifier):
        self.browser = browser
        self.identifier = identifier

    def _call(self, method, path, body=None):
        return self.browser.call(method, f"/element/{self.identifier}/{path}", body)

    def click(self):
        self._call("POST", "click")

    def type(self, text):
        self._call("POST", "value", {"text": text})

    def clear(self):
        self._call("POST", "clear")

    @property
    def text(self):
        return self._call("GET", "text")

    def attribute(self, name):
        return self._call("GET", f"attribute/{name}")

    def value(self):
        return self._call("GET", "property/value")

    def is_shown(self):
        return self._call("GET", "displayed")

    def is_checked(self):
        return self._call("GET", "selected")


class Browser:
    """A headless Chromium with a fresh profile. `reports` collects what went wrong in its pages."""

    # Runs in every page before its own scripts: what the page's policy refused and what its scripts threw.
    WATCH = """
        window.__margayReports = [];
        document.addEventListener('securitypolicyviolation', (event) => window.__margayReports.push(
            'policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
        window.addEventListener('error', (event) => window.__margayReports.push('error: ' + event.message), true);
        window.addEventListener('unhandledrejection', (event) =>
            window.__margayReports.push('rejected: ' + event.reason));
    """

    def __init__(self, driver, width=1280, height=900, scripts=True):
        options = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en"]
        options += [f"--window-size={width},{height}", "--force-device-scale-factor=1", "--hide-scrollbars"]
        chrome = {"args": options}
        if os.environ.get("CHROMIUM"):
            chrome["binary"] = os.environ["CHROMIUM"]
        if not scripts:
            chrome["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        answer = driver.call(
            "POST",
            "/session",
            {
                "capabilities": {
                    "alwaysMatch": {
                        "browserName": "chrome",
                        "goog:chromeOptions": chrome,
                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                    }
                }
            },
        )
        self.driver = driver
        self.path = "/session/" + answer["sessionId"]
        self.requested = []
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source=Browser.WATCH)
        # Of the page, not of the window round it, which cannot be as narrow as a phone.
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def call(self, method, path, body=None):
        return self.driver.call(method, self.path + path, body)

    def close(self):
        self.call("DELETE", "")

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def go(self, address):
        self.call("POST", "/url", {"url": address})

    @property
    def address(self):
        return self.call("GET", "/url")

    @property
    def title(self):
        return self.call("GET", "/title")

    @property
    def source(self):
        return self.call("GET", "/source")

    def all(self, selector):
        found = self.call("POST", "/elements", {"using": "css selector", "value": selector})
        return [Element(self, each[ELEMENT]) for each in found]

    def one(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return Element(self, found[ELEMENT])

    def text(self, selector):
        return self.one(selector).text

    def run(self, script, *values):
        """What the body of a function returns in the page."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(values)})

    def press(self, *keys):
        """Keys for the page, wherever its focus is: characters, and names of `KEYS`."""
        actions = []
        for key in keys:
            value = KEYS.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def colours(self, scheme):
        """`light` or `dark`, as the system would say it."""
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def forget_cookies(self):
        self.call("DELETE", "/cookie")

    def picture(self):
        """The window as PNG, in base 64."""
        return self.call("GET", "/screenshot")

    def faults(self):
        """What went wrong in the page that is open, and in the log of the browser since this was asked last."""
        page = self.run("return window.__margayReports || [];")
        log = [f"{entry['level']}: {entry['message']}" for entry in self._log("browser")]
        return page + log

    def requests(self):
        """The addresses that were asked for since this was asked last."""
        found = []
        for entry in self._log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                found.append(message["params"]["request"]["url"])
        return found

    def _log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})

"""Every page: what hostile logs do to it (nothing), and whether everybody can use it."""

import unittest

from cases import ConsoleTest
from console import stamp
from webdriver import WebDriverError, wait_for

HOSTILE = [
    "<script>window.hostile=1</script>",
    '"><img src=x onerror=window.hostile=2>',
    "' onmouseover='window.hostile=3' autofocus onfocus='window.hostile=4",
    "see javascript:window.hostile=5 or <a href=javascript:window.hostile=6>here</a>",
    "{{mustache}} {{{body}}} {{>layout}} {{#rows}}",
    "</pre></code></title></textarea><svg onload=window.hostile=7>",
    "<!-- --!> <![CDATA[ <iframe src=https://evil.example/> <link rel=stylesheet href=//evil.example/x.css>",
    "\u202egnp.exe\u202c \u2066turned\u2069 \u200f\u061c marks",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example/\x07link\x1b]8;;\x07 \x07\x08\x7f",
    "&lt;b&gt; &amp; &#60;script&#62; \u0022\u0301>quote",
    "=HYPERLINK(\"https://evil.example\") @import url(//evil.example)",
]


def hostile_log():
    log = b""
    for number, text in enumerate(HOSTILE):
        word = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda".split()[number]
        log += f"2026-11-22T10:{number:02}:00Z ERROR {word}: {text}\n".encode()
    log += b"2026-11-22T10:30:00Z ERROR nul: \x00 in \x00 the middle\n"
    log += b"2026-11-22T10:31:00Z ERROR invalid: \xff\xfe \xc3( \xed\xa0\x80 \xf5 bytes\n"
    log += b"2026-11-22T10:32:00Z ERROR long: " + b"<b>" * 350_000 + b"\n"
    log += b"2026-11-22T10:33:00Z ERROR marks: a" + "\u0300".encode() * 5_000 + b"\n"
    # A record of several lines, with frames to fold.
    log += b"2026-11-22T10:34:00Z ERROR trace: <script>window.hostile=8</script>\n"
    log += b"java.lang.IllegalStateException: <b>\n"
    log += b"\tat com.example.<script>.Shop.<init>(Shop.java:4)\n" + b"\tat java.base/java.lang.A.b(C.java:1)\n" * 8
    request = '"GET /<script>window.hostile=9</script> HTTP/1.1"'
    log += (f'{stamp(60)} [error] 8#8: *7 upstream timed out (110: Connection timed out) while connecting to upstream,'
            f' client: 198.51.100.67, server: <i>x</i>, request: {request}, host: "\'><u>"\n').encode()
    return log


HOSTILE_NAME = "a'\"><img src=x onerror=window.hostile=10>{{x}}.log"


def hostile_moves(console):
    """Notes, titles, views: what people write is no more trusted than what logs say."""
    text = "<img src=x onerror=window.hostile=11>\"'{{{body}}}"
    issues = [line.split()[0] for line in console.margay("issues", "--all").splitlines()]
    console.margay("note", issues[0], text)
    console.margay("assign", issues[1], "<b>dana")
    console.margay("ignore", issues[2], "--reason", text)
    console.margay("views", "save", "<b>view", 'severity:>=clear "<b>"')


class Hostile(ConsoleTest):
    logs = {"hostile.log": hostile_log(), HOSTILE_NAME: b"2026-11-22T11:00:00Z ERROR named: file\n"}
    prepare = staticmethod(hostile_moves)

    def test_what_logs_say_is_text_on_every_page(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=severity%3A%3E%3Dclear")
        issues = self.listed(browser)
        self.assertGreaterEqual(len(issues), len(HOSTILE))
        pages = ["/", "/issues", "/issues?q=%3Cscript%3E%22%27%7B%7Bx", "/issues?q=%22%3Cimg%20src%3Dx%22", "/inbox",
                 "/sources", "/sources?q=%22%3E%3Cimg%3E", "/packs", "/packs/core", "/packs/%3Cb%3E", "/reports",
                 "/reports?kind=week", "/reports?kind=app", "/audit", "/settings", "/help", "/i/%3Cscript%3E",
                 "/nowhere/%3Cb%3E"]
        pages += [f"/i/{issue}?context=yes" for issue in issues] + [f"/i/{issue}/draft" for issue in issues]
        shown = ""
        for page in pages:
            browser.go(self.console.address + page)
            shown += self.assert_harmless(browser, page)
        for text in ["<script>window.hostile=1</script>", '"><img src=x onerror=window.hostile=2>', "{{{body}}}",
                     "</pre></code></title></textarea><svg onload=window.hostile=7>",
                     "&lt;b&gt; &amp; &#60;script&#62;",
                     "com.example.<script>.Shop", "more bytes", "GET /<script>window.hostile=9</script>"]:
            self.assertIn(text, shown)

    def test_the_inbox_goes_through_all_of_it(self):
        browser = self.browser()
        browser.go(self.console.address + "/inbox")
        left = int(browser.text("#left"))
        self.assertGreaterEqual(left, len(HOSTILE))
        while left > 0:
            self.assert_harmless(browser, browser.title)
            browser.one("button[value=acknowledge]").click()
            left -= 1
            wait_for("the next one", lambda: browser.title == "Inbox · Margay" or browser.text("#left") == str(left))

    def test_files_of_a_list_or_an_issue_run_nothing(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        issues = self.listed(browser)
        for issue in issues:
            for form in ["text", "json"]:
                browser.go(self.console.address + f"/i/{issue}?format={form}")
                self.assertIn(browser.run("return document.contentType"), ["text/plain", "application/json"])
                self.assertIsNone(browser.run("return window.hostile || null"))

    def assert_harmless(self, browser, page):
        """The text of the page, of which nothing ran, became an element, or turned the reading direction."""
        try:
            found = browser.run(
                "return {ran: window.hostile || null,"
                " foreign: document.querySelectorAll('img, iframe, script:not([src^=\"/assets/\"]),"
                " link:not([href^=\"/assets/\"]),"
                " main b:not([class]), main u, svg:not([class]), object, embed').length,"
                " handlers: Array.from(document.querySelectorAll('*')).filter((each) =>"
                "   Array.from(each.attributes).some((one) => /^on/i.test(one.name))).length,"
                " focus: document.activeElement.tagName, width: document.documentElement.scrollWidth,"
                " text: document.body.textContent, title: document.title}"
            )
        except WebDriverError as error:
            self.fail(f"{page}: {error}")
        self.assertIsNone(found["ran"], page)
        self.assertEqual(found["foreign"], 0, page)
        self.assertEqual(found["handlers"], 0, page)
        self.assertLessEqual(found["width"], 1280, page)
        turning = [f"{ord(each):x}" for each in found["text"] + found["title"]
                   if ord(each) in range(0x202A, 0x202F) or ord(each) in range(0x2066, 0x206A)
                   or ord(each) in (0x200E, 0x200F, 0x061C) or (ord(each) < 32 and each not in "\n\t") or ord(each) == 127]
        self.assertEqual(turning, [], page)
        faults = [each for each in browser.faults() if "status of 40" not in each]
        self.assertEqual(faults, [], page)
        own = self.console.address + "/"
        self.assertEqual([each for each in browser.requests() if not each.startswith(own)], [], page)
        return found["text"]


def pages_of(console):
    [first, *_] = [line.split()[0] for line in console.margay("issues", "--all").splitlines()]
    [unknown, *_] = [line.split()[0] for line in console.margay("issues", "pack:core").splitlines()]
    return ["/", "/inbox", "/issues", "/issues?q=is%3Abad", "/issues?q=nothing%20like%20it", f"/i/{first}",
            f"/i/{first}?context=yes&span=7d", f"/i/{first}/draft", f"/i/{unknown}/draft", f"/i/{unknown}", "/sources", "/packs", "/packs/nginx", "/packs/core", "/reports",
            "/reports?kind=week", "/audit", "/settings", "/help", "/api", "/api/listIssues", "/api/moveIssue", "/api/moveIssues?try=yes",
            "/nowhere"]


SAMPLES = {
    "error.log": "".join(
        f"{stamp(ago)} [error] 812#812: *7 {message}, client: 198.51.100.67, server: shop.example.com\n"
        for ago, message in [
            (80000, "upstream timed out (110: Connection timed out) while reading response header from upstream"),
            (9000, "connect() failed (111: Connection refused) while connecting to upstream"),
            (4000, 'open() "/srv/www/missing.html" failed (2: No such file or directory)'),
            (300, "upstream timed out (110: Connection timed out) while reading response header from upstream"),
        ]
    ),
    "shop.log": "2026-11-22T09:00:00.000Z ERROR [payment] order=O-100232 Payment gateway cardgate does not answer\n"
    + "2026-11-22T09:00:00.500Z ERROR [stock] The scales in the cellar do not answer\n"
    + "2026-11-22T09:00:01.000Z FATAL [stock] " + "A-very-long-word-without-any-break-in-it" * 12 + "\n",
}


def some_history(console):
    issues = [line.split()[0] for line in console.margay("issues", "--all").splitlines()]
    console.margay("note", issues[0], "Asked the network people.")
    console.margay("ack", issues[0])
    console.margay("assign", issues[1], "dana")
    console.margay("views", "save", "Gateways", "pack:nginx")


class Everybody(ConsoleTest):
    logs = SAMPLES
    prepare = staticmethod(some_history)

    def test_names_order_headings_and_contrast_in_light_and_dark(self):
        browser = self.browser()
        script = self.script("accessibility.js")
        found = []
        for scheme in ["light", "dark"]:
            browser.colours(scheme)
            for page in pages_of(self.console):
                browser.go(self.console.address + page)
                found += [f"{scheme} {page}: {fault}" for fault in browser.run(script)]
                faults = [each for each in browser.faults() if "status of 40" not in each]
                found += [f"{page}: {fault}" for fault in faults]
        own = self.console.address + "/"
        found += [each for each in browser.requests() if not each.startswith(own)]
        self.assertEqual(found, [])

    def test_opened_menus_and_a_chosen_row_are_as_good(self):
        browser = self.browser()
        script = self.script("accessibility.js")
        for scheme in ["light", "dark"]:
            browser.colours(scheme)
            browser.go(self.console.address + pages_of(self.console)[5])
            for menu in browser.all("details summary"):
                menu.click()
                self.assertEqual(browser.run(script), [], f"{scheme}: {menu.text}")
            browser.go(self.console.address + "/issues")
            browser.press("j", "x")
            self.assertEqual(browser.run(script), [], scheme)

    def test_a_phone_shows_all_of_it_without_scrolling_sideways(self):
        browser = self.browser(width=360, height=740)
        script = self.script("accessibility.js")
        found = []
        for page in pages_of(self.console):
            browser.go(self.console.address + page)
            found += [f"{page}: {fault}" for fault in browser.run(script)]
        self.assertEqual(found, [])
        browser.go(self.console.address + "/issues")
        self.assertFalse(browser.one(".bulk button").is_shown())
        browser.one("input[name=issue]").click()
        self.assertTrue(browser.one(".bulk button").is_shown())
        browser.go(self.console.address + "/inbox")
        left = int(browser.text("#left"))
        browser.one("button[value=acknowledge]").click()
        wait_for("judged by a finger", lambda: browser.text("#left") == str(left - 1))

    def test_colours_follow_the_system_until_somebody_chooses(self):
        browser = self.browser()
        page = "return getComputedStyle(document.body).backgroundColor"
        browser.colours("light")
        browser.go(self.console.address + "/settings")
        light = browser.run(page)
        browser.colours("dark")
        dark = browser.run(page)
        self.assertNotEqual(light, dark)
        for theme, system, wanted in [("light", "dark", light), ("dark", "light", dark), ("system", "dark", dark)]:
            browser.colours(system)
            browser.one(f"input[name=theme][value={theme}]").click()
            browser.one("form.settings button").click()
            wait_for("saved", lambda: browser.one("html").attribute("data-theme") == theme)
            self.assertEqual(browser.run(page), wanted, theme)


if __name__ == "__main__":
    unittest.main()

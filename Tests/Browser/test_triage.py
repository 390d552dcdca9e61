"""What a person does with issues, in a real browser."""

import unittest

from cases import ConsoleTest
from console import stamp
from webdriver import wait_for


def nginx(message, seconds_ago=60):
    return f"{stamp(seconds_ago)} [error] 812#812: *7 {message}, client: 198.51.100.67, server: shop.example.com\n"


REFUSED = "connect() failed (111: Connection refused) while connecting to upstream"
TIMED_OUT = "upstream timed out (110: Connection timed out) while reading response header from upstream"
MISSING = 'open() "/srv/www/missing.html" failed (2: No such file or directory)'
RESET = "recv() failed (104: Connection reset by peer) while reading response header from upstream"
LOG = nginx(REFUSED, 3000) * 3 + nginx(TIMED_OUT, 2000) * 2 + nginx(RESET, 900)


class Keyboard(ConsoleTest):
    logs = {"error.log": LOG}

    def test_inbox_to_resolved_by_keys_alone(self):
        browser = self.browser()
        browser.go(self.console.address + "/")
        browser.press("g", "n")
        wait_for("the inbox", lambda: browser.title.startswith("Inbox"))
        left = int(browser.text("#left"))
        self.assertEqual(left, 3)
        identifier = browser.text(".head .id")
        browser.press("5", "a")
        wait_for("one less is left", lambda: browser.text("#left") == str(left - 1))
        self.assertIn(f"{identifier} graded critical, acknowledged", browser.text(".said"))
        browser.press("g", "i")
        wait_for("the list", lambda: browser.title.startswith("Issues"))
        browser.press("/")
        wait_for("the search", lambda: browser.run("return document.activeElement.id") == "top-search")
        browser.press(*"state:acknowledged", "Enter")
        wait_for("one row", lambda: len(browser.all(".issues tbody tr")) == 1)
        browser.press("j", "Enter")
        wait_for("the issue", lambda: browser.text(".head .id") == identifier)
        browser.press("r")
        wait_for("resolved", lambda: browser.text(".head .state") == "resolved")
        browser.press("u")
        wait_for("undone", lambda: browser.text(".head .state") == "acknowledged")
        browser.press("n")
        wait_for("the note", lambda: browser.run("return document.activeElement.id") == "note")
        browser.press(*"the switch was rebooted", "Tab", "Enter")
        wait_for("the note is kept", lambda: "the switch was rebooted" in browser.text("blockquote"))
        self.assert_clean(browser)

    def test_every_control_is_reached_by_tab_in_the_order_of_the_page(self):
        browser = self.browser()
        script = self.script("focus.js")
        for path in ["/", "/inbox", "/issues", "/help", "/settings"]:
            browser.go(self.console.address + path)
            controls = browser.run(
                "return Array.from(document.querySelectorAll('a[href], button, input:not([type=hidden]), select,"
                " textarea, summary')).filter((each) => each.checkVisibility()"
                " && !(each.type === 'radio' && !each.checked)).length"
            )
            places = []
            for _ in range(controls):
                browser.press("Tab")
                focus = browser.run(script)
                self.assertTrue(focus, f"{path}: the focus left the page after {len(places)} of {controls}")
                self.assertTrue(focus["hasRing"], f"{path}: no ring round {focus['name']}")
                self.assertTrue(focus["isSeen"], f"{path}: out of sight: {focus['name']}")
                places.append(focus["place"])
            self.assertEqual(places, sorted(set(places)), path)

    def test_single_keys_can_be_turned_off(self):
        browser = self.browser()
        browser.go(self.console.address + "/settings")
        browser.one("input[name=keys]").click()
        browser.one("form.settings button").click()
        wait_for("saved", lambda: "saved" in browser.text(".said"))
        browser.go(self.console.address + "/issues")
        browser.press("j", "x", "a", "g", "n")
        self.assertEqual(browser.title, "Issues · Margay")
        self.assertEqual(browser.all(".issues tr.at"), [])
        self.assertFalse(any(box.is_checked() for box in browser.all("input[name=issue]")))
        # The keyboard still does it all, as in any page.
        browser.one("input[name=issue]").type(" ")
        self.assertTrue(browser.one("input[name=issue]").is_checked())


class Bulk(ConsoleTest):
    logs = {"error.log": LOG}

    def test_chosen_issues_are_counted_moved_and_taken_back(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        boxes = browser.all("input[name=issue]")
        self.assertEqual(len(boxes), 3)
        boxes[0].click()
        self.assertEqual(browser.text("#chosen"), "1 chosen:")
        browser.press("*")
        wait_for("all are chosen", lambda: browser.text("#chosen") == "3 chosen:")
        boxes[1].click()
        self.assertEqual(browser.text("#chosen"), "2 chosen:")
        browser.one(".bulk button[value=clear]").click()
        wait_for("moved", lambda: "2 issues cleared" in browser.text(".said"))
        self.assertEqual(len(browser.all(".issues tbody tr")), 1)
        browser.one(".said button").click()
        wait_for("taken back", lambda: len(browser.all(".issues tbody tr")) == 3)
        self.assertIn("undone on 2 issues", browser.text(".said"))
        self.assert_clean(browser)

    def test_nothing_chosen_changes_nothing(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        browser.one(".bulk button[value=clear]").click()
        wait_for("said so", lambda: "no issue was chosen" in browser.text(".said"))
        self.assertEqual(len(browser.all(".issues tbody tr")), 3)


class BulkOfMany(ConsoleTest):
    # More issues than a page shows: each has other words.
    logs = {
        "app.log": "".join(
            f"2026-11-22T10:00:00Z ERROR {first}: the {first} of the {second} {what}\n"
            for first in ("cable", "valve", "rotor", "bridge", "lamp", "door")
            for second in ("roof", "cellar", "garden", "kitchen", "stable", "tower")
            for what in ("burns", "is gone", "does not answer", "was sold by mistake")
        )
    }

    def test_all_that_a_query_finds_are_moved_after_their_exact_number_was_shown(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        total = int(browser.text("#total"))
        self.assertGreater(total, 100)
        browser.one("input[name=all]").click()
        browser.one(".bulk button[value=ack]").click()
        wait_for("the question", lambda: browser.text("h1") == f"Acknowledge: {total} issues")
        self.assertEqual(browser.text("form button.main"), f"Acknowledge {total} issues")
        browser.one("form button.main").click()
        wait_for("moved", lambda: f"{total} issues acknowledged" in browser.text(".said"))
        browser.one(".said button").click()
        wait_for("taken back", lambda: f"undone on {total} issues" in browser.text(".said"))
        self.assertEqual(browser.text("#total"), str(total))


class Live(ConsoleTest):
    logs = {"error.log": LOG}
    follows = True

    def test_new_lines_are_counted_in_place_and_new_issues_announced(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=pack:nginx")
        wait_for("live", lambda: browser.text("#live-word") == "live")
        wait_for("all three are there", lambda: len(self.rows(browser)) == 3 or browser.go(browser.address))
        wait_for("live again", lambda: browser.text("#live-word") == "live")
        before = self.rows(browser)
        # The last of the list comes again, twice: by its time it would be the first.
        self.console.write("error.log", nginx(REFUSED, 0) * 2)
        oldest = [row for row in before if row["count"] == "3"][0]["id"]
        wait_for("its count", lambda: {row["id"]: row["count"] for row in self.rows(browser)}[oldest] == "5")
        self.assertEqual([row["id"] for row in self.rows(browser)], [row["id"] for row in before])
        self.console.write("error.log", nginx(MISSING, 0))
        wait_for("it is announced", lambda: browser.text("#fresh") == "1 new – show")
        self.assertEqual([row["id"] for row in self.rows(browser)], [row["id"] for row in before])
        self.assertEqual(browser.text("#total"), "4")
        browser.one("#fresh").click()
        wait_for("four rows", lambda: len(self.rows(browser)) == 4)
        self.assert_clean(browser)

    def rows(self, browser):
        return browser.run(
            "return Array.from(document.querySelectorAll('.issues tbody tr')).map((row) =>"
            " ({id: row.dataset.id, count: row.cells[4].textContent}))"
        )


class NoScripts(ConsoleTest):
    logs = {"error.log": LOG}

    def test_everything_is_done_without_javascript(self):
        browser = self.browser(scripts=False)
        browser.go(self.console.address + "/inbox")
        identifier = browser.text(".head .id")
        browser.one("input[name=severity][value=critical]").click()
        browser.one("button[value=spiking]").click()
        wait_for("judged", lambda: f"{identifier} graded critical, ignored" in browser.text(".said"))
        browser.go(self.console.address + f"/i/{identifier}")
        for move, state in [("reopen", "open"), ("ack", "acknowledged"), ("unack", "open"), ("resolve", "resolved"),
                            ("reopen", "open"), ("clear", "cleared")]:
            browser.one(f".moves button[value={move}]").click()
            wait_for(state, lambda: browser.text(".head .state") == state)
        menus = [
            ("Ignore …", "#until", "4h", lambda: browser.text(".head .state") == "ignored"),
            ("Assign …", "#owner", "dana", lambda: "dana" in browser.text(".head .line")),
            ("Note …", "#note", "seen by hand", lambda: "seen by hand" in browser.text("blockquote")),
            ("More …", "#title", "Gateway is away", lambda: browser.text("h1") == "Gateway is away"),
            ("More …", "#reference", "INC-7", lambda: "INC-7" in browser.text(".head .line")),
        ]
        for summary, field, text, is_done in menus:
            [menu] = [each for each in browser.all(".menu summary") if each.text == summary]
            menu.click()
            browser.one(field).clear()
            browser.one(field).type(text)
            browser.one(f".menu form:has({field}) button").click()
            wait_for(summary, is_done)
        browser.go(self.console.address + "/issues")
        browser.one("input[name=issue]").click()
        browser.one(".bulk button[value=ack]").click()
        wait_for("one is acknowledged", lambda: "acknowledged" in browser.text(".said"))
        browser.one(".said button").click()
        wait_for("undone", lambda: "undone" in browser.text(".said"))
        browser.one("#query").type("is:inbox")
        browser.one("form.query button").click()
        wait_for("searched", lambda: browser.one("#query").value() == "is:inbox")
        browser.one("#query").type(" pack:nginx")
        browser.one("form.query button").click()
        wait_for("searched", lambda: browser.one("#query").value() == "is:inbox pack:nginx")
        browser.one("#view-name").type("Gateway")
        browser.one(".save button").click()
        wait_for("saved", lambda: "view Gateway saved" in browser.text(".said"))
        [view] = [each for each in browser.all(".views li a") if each.text.startswith("Gateway")]
        self.assertEqual(view.attribute("aria-current"), "true")
        browser.go(self.console.address + "/settings")
        browser.one("input[name=theme][value=dark]").click()
        browser.one("form.settings button").click()
        wait_for("dark", lambda: browser.one("html").attribute("data-theme") == "dark")


class Queries(ConsoleTest):
    logs = {"error.log": LOG}

    def test_a_fault_is_shown_with_its_caret_and_the_query_can_be_mended(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=severity%3A%3E%3Dbad%20pack%3Anginx")
        fault = browser.text(".fault")
        lines = fault.splitlines()
        caret = next(line for line in lines if "^" in line)
        query = lines[lines.index(caret) - 1]
        self.assertTrue(query[caret.index("^"):].startswith("bad"), fault)
        self.assertEqual(browser.one("#query").value(), "severity:>=bad pack:nginx")
        self.assertEqual(browser.one("#query").attribute("aria-invalid"), "true")

    def test_words_of_the_query_language_are_suggested(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        field = browser.one("#query")
        for typed, wanted in [
            ("sev", "severity:"), ("severity:>=ma", "severity:>=major"), ("is:new pack:ng", "is:new pack:nginx"),
            ("(state:op", "(state:open"), ("-is:kn", "-is:known"), ("has:no", "has:note"), ("node:we", "node:web-1"),
        ]:
            field.clear()
            field.type(typed)
            suggested = browser.run(
                "return Array.from(document.querySelectorAll('#query-words option')).map((each) => each.value)"
            )
            self.assertIn(wanted, suggested, typed)

    def test_a_view_is_saved_counted_and_removed(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=pack%3Anginx%20count%3A%3E1")
        browser.one("#view-name").type("Often")
        browser.one(".save button").click()
        wait_for("saved", lambda: "view Often saved" in browser.text(".said"))
        [view] = [each for each in browser.all(".views li a") if each.text.startswith("Often")]
        self.assertEqual(view.text.split(), ["Often", "2"])
        other = self.browser()
        other.go(self.console.address + "/issues")
        self.assertIn("Often", [each.text.split()[0] for each in other.all(".views li a")])
        browser.one(".save button.quiet").click()
        wait_for("removed", lambda: "view Often removed" in browser.text(".said"))
        self.assertNotIn("Often", browser.text(".views"))


if __name__ == "__main__":
    unittest.main()

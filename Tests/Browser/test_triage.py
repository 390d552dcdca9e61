"""What a person does with one issue after the other."""

import unittest
import urllib.request

from cases import ConsoleTest
from loglines import LOG, MISSING, REFUSED, nginx
from webdriver import wait_for


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

    def test_a_paused_page_stands_still_and_catches_up(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=pack:nginx")
        wait_for("all three are there", lambda: len(self.rows(browser)) == 3 or browser.go(browser.address))
        wait_for("live", lambda: browser.text("#live-word") == "live")
        browser.press(".")
        self.assertEqual(browser.text("#live-word"), "paused")
        self.assertIn("paused", browser.run("return document.querySelector('#live-said').textContent"))
        before = self.rows(browser)
        other = self.browser()
        other.go(self.console.address + "/issues?q=pack:nginx")
        wait_for("the other is live", lambda: other.text("#live-word") == "live")
        self.console.write("error.log", nginx(MISSING, 0))
        wait_for("the other is told", lambda: other.text("#fresh") == "1 new – show")
        self.assertEqual(self.rows(browser), before)
        self.assertEqual(browser.text("#total"), "3")
        browser.one("#live").click()
        wait_for("it caught up", lambda: browser.text("#fresh") == "1 new – show")
        self.assertEqual(browser.text("#total"), "4")
        self.assert_clean(browser)

    def rows(self, browser):
        return browser.run(
            "return Array.from(document.querySelectorAll('.issues tbody tr')).map((row) =>"
            " ({id: row.dataset.id, count: row.querySelector('.n').textContent}))"
        )


class Draft(ConsoleTest):
    logs = {
        "valves.log": "".join(
            f"2026-11-22T10:00:{second:02}Z ERROR valve {place} does not close, pressure {second} kPa\n"
            for second, place in [(1, "north"), (2, "north"), (3, "north")]
        )
        + "2026-11-22T10:01:00Z ERROR rotor stands still\n" + nginx(REFUSED)
    }

    def test_a_pattern_is_drafted_from_the_inbox_for_what_no_pack_knows(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=valve")
        browser.press("j", "Enter")
        wait_for("the issue", lambda: browser.all(".head .id"))
        identifier = browser.text(".head .id")
        browser.press("p")
        wait_for("the draft", lambda: browser.text("h1") == f"A pattern for {identifier}")
        drafted = browser.text(".added")
        self.assertIn("does not close", drafted)
        self.assertIn("tests:", drafted)
        folder = self.console.folder / "drafted"
        folder.mkdir()
        with urllib.request.urlopen(self.console.address + f"/i/{identifier}/draft?format=yaml") as answer:
            (folder / "valves.yaml").write_bytes(answer.read())
        self.console.margay("packs", "lint", str(folder / "valves.yaml"))
        self.console.margay("packs", "test", str(folder / "valves.yaml"))
        self.assert_clean(browser)

    def test_a_pattern_is_named_and_added_to_the_local_pack(self):
        # With and without scripts.
        for scripts, query in [(True, "valve"), (False, "rotor")]:
            browser = self.browser(scripts=scripts)
            browser.go(self.console.address + f"/issues?q={query}")
            identifier = browser.text(".issues code")
            browser.go(self.console.address + f"/i/{identifier}/draft")
            pack = self.console.local / "valves.yaml"
            before = pack.read_text() if pack.exists() else None
            for name, text in [("draft-name", f"{query}-stuck"), ("draft-title", "It {nothing}")]:
                browser.one(f"#{name}").clear()
                browser.one(f"#{name}").type(text)
            browser.one("button[value=add]").click()
            wait_for("the refusal", lambda: "nothing" in browser.text("[role=alert]"))
            self.assertEqual(pack.read_text() if pack.exists() else None, before)
            browser.one("#draft-title").clear()
            browser.one("#draft-title").type("It is stuck")
            browser.one("#draft-severity option[value=critical]").click()
            browser.one("button[value=show]").click()
            wait_for("the change", lambda: f"id: valves.{query}-stuck" in browser.text(".added"))
            self.assertIn("severity: critical", browser.text(".added"))
            self.assertEqual(pack.read_text() if pack.exists() else None, before)
            browser.one("button[value=add]").click()
            wait_for("said so", lambda: f"valves.{query}-stuck was added" in browser.text(".said"))
            self.assertIn("title: 'It is stuck'", pack.read_text())
            browser.go(self.console.address + f"/i/{identifier}/draft")
            self.assertIn(f"valves.{query}-stuck has such lines already", browser.text("main"))
            browser.go(self.console.address + "/audit")
            self.assertIn(f"pattern-add → valves.{query}-stuck", " ".join(browser.text(".audit tbody tr").split()))
        self.console.margay("packs", "lint", "--strict", str(pack))
        self.console.margay("packs", "test", str(pack))
        self.assert_clean(self.browser())

    def test_what_a_pack_knows_needs_no_pattern(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=pack:nginx")
        identifier = browser.text(".issues code")
        browser.go(self.console.address + f"/i/{identifier}/draft")
        self.assertIn("knows such lines already", browser.text("main"))
        self.assertEqual(browser.all(".added"), [])


class Similar(ConsoleTest):
    logs = {
        "gates.log": "".join(
            f"2026-11-22T10:00:0{number}Z ERROR the gate {place} of the dock is not locked\n"
            for number, place in enumerate(["north", "south", "lower"])
        )
        + "2026-11-22T10:01:00Z ERROR rotor stands still\n"
    }

    def test_issues_that_read_alike_are_named_and_can_be_made_one(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=gate")
        found = self.listed(browser)
        if len(found) < 2:
            self.skipTest("they are one issue already")
        first, second = found[:2]
        browser.go(self.console.address + f"/i/{first}")
        self.assertIn(second, " ".join(each.attribute("href") for each in browser.all("section[aria-labelledby=similar-head] a")))
        self.assertNotIn("rotor", browser.text("section[aria-labelledby=similar-head]"))
        [menu] = [each for each in browser.all(".menu summary") if each.text == "More …"]
        menu.click()
        browser.one("#into").type(second)
        browser.one(".menu form:has(#into) button").click()
        wait_for("merged", lambda: f"Part of {second}" in browser.text(".head"))
        browser.one(".said button").click()
        wait_for("undone", lambda: "Part of" not in browser.text(".head"))


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


if __name__ == "__main__":
    unittest.main()

"""The list of issues: choosing, columns, queries, views."""

import unittest

from cases import ConsoleTest
from loglines import LOG
from webdriver import wait_for


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

    def test_a_range_is_chosen_by_shift(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        browser.press("j", "x", "j", "j", "X")
        wait_for("all of them", lambda: browser.text("#chosen") == "3 chosen:")
        browser.run(
            "const boxes = document.querySelectorAll('input[name=issue]');"
            " for (const [place, shiftKey] of [[0, false], [2, true]])"
            " boxes[place].dispatchEvent(new MouseEvent('click', {shiftKey, bubbles: true}))"
        )
        # The one between was not touched.
        self.assertEqual(
            [box.is_checked() for box in browser.all("input[name=issue]")], [False, False, False])
        self.assert_clean(browser)

    def test_nothing_chosen_changes_nothing(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        browser.one(".bulk button[value=clear]").click()
        wait_for("said so", lambda: "no issue was chosen" in browser.text(".said"))
        self.assertEqual(len(browser.all(".issues tbody tr")), 3)


class BulkOfMany(ConsoleTest):
    # More issues than a page shows: no two have a word in common, else they would be one family.
    logs = {
        "app.log": "".join(
            "2026-11-22T10:00:00Z ERROR " + " ".join(one + other + end for end in ("ro", "mun", "teg", "sil")) + "\n"
            for one in ("ka", "lo", "mi", "nu", "pe", "qua", "ri", "so", "tu", "ve", "wo", "xa")
            for other in ("bo", "ghi", "ju", "ke", "ly", "mo", "ny", "pu", "sto", "tri")
        )
    }

    def test_all_that_a_query_finds_are_moved_after_their_exact_number_was_shown(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues")
        total = int(browser.text("#total"))
        self.assertGreater(total, 100)
        browser.one("input[name=all]").click()
        browser.one(".bulk button[value=ack]").click()
        wait_for("the question", lambda: browser.text("h1") == f"Acknowledge {total} issues?")
        self.assertEqual(browser.text("form button.main"), f"Acknowledge {total} issues")
        browser.one("form button.main").click()
        wait_for("moved", lambda: f"{total} issues acknowledged" in browser.text(".said"))
        browser.one(".said button").click()
        wait_for("taken back", lambda: f"undone on {total} issues" in browser.text(".said"))
        self.assertEqual(browser.text("#total"), str(total))


class Columns(ConsoleTest):
    logs = {"error.log": LOG}

    def test_columns_are_chosen_kept_and_sorted_by(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=pack:nginx")
        self.assertEqual(self.heads(browser), ["Severity", "Issue", "24 hours", "Events", "First", "Last ↓", "Owner"])
        browser.one(".columnmenu summary").click()
        for name in ["picture", "owner", "pack", "nodes"]:
            browser.one(f".columnmenu input[value={name}]").click()
        browser.one(".columnmenu button").click()
        wanted = ["Severity", "Issue", "Events", "First", "Last ↓", "Nodes", "Pack"]
        wait_for("the columns", lambda: self.heads(browser) == wanted)
        self.assertEqual(browser.one("#query").value(), "pack:nginx")
        cells = [each.text for each in browser.all(".issues tbody tr:first-child td")]
        self.assertEqual(cells[-2:], ["web-1", "nginx"])
        browser.go(self.console.address + "/issues")
        self.assertEqual(self.heads(browser), wanted)
        [events] = [each for each in browser.all(".issues th a") if each.text == "Events"]
        events.click()
        wait_for("sorted", lambda: "Events ↓" in self.heads(browser))
        counts = [int(each.text) for each in browser.all(".issues .n")]
        self.assertEqual(counts, [3, 2, 1])
        self.assert_clean(browser)

    def heads(self, browser):
        return [each.text for each in browser.all(".issues th")][1:]


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

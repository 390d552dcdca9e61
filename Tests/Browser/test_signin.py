"""Who comes in, and how: the first admin, signing in and out, roles, tokens. With scripts and without."""

import sqlite3
import unittest
import urllib.error
import urllib.request
from contextlib import closing

from cases import ConsoleTest
from loglines import LOG
from webdriver import wait_for

PASSWORD = "correct horse battery"


def people(console):
    """One of each role, named after it."""
    for role in ["admin", "responder", "viewer"]:
        console.margay("user", "add", role, "--role", role, "--password-stdin", typed=PASSWORD + "\n")


class People(ConsoleTest):
    logs = {"error.log": LOG}

    def sign_in(self, browser, name, password=PASSWORD):
        """Fills the form in and sends it; what comes of it is for the test to see."""
        field = browser.one("#name")
        field.clear()
        field.type(name)
        browser.one("#password").type(password)
        browser.one("main button").click()

    def signed_in(self, name, **options):
        browser = self.browser(**options)
        browser.go(self.console.address + "/login")
        self.sign_in(browser, name)
        wait_for("the dashboard", lambda: name in browser.text(".me"))
        return browser

    def assert_sound(self, browser, page, leads=True):
        """Nothing failed or was refused, and everybody can use it, in light and dark. Where nobody has signed in yet, the
        page leads nowhere else."""
        wanted = [] if leads else ["no navigation landmark"]
        for scheme in ["light", "dark"]:
            browser.colours(scheme)
            self.assertEqual(browser.run(self.script("accessibility.js")), wanted, f"{scheme} {page}")
        self.assertEqual([each for each in browser.faults() if "status of 4" not in each], [], page)
        own = self.console.address + "/"
        self.assertEqual([each for each in browser.requests() if not each.startswith(own)], [], page)

    def answer(self, path, token=None):
        """The status of a request of a program."""
        request = urllib.request.Request(self.console.address + path)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


class FirstStart(People):
    # Others can reach it: it is not opened without somebody who can sign in.
    listen = "0.0.0.0:0"

    def first_admin(self, scripts):
        browser = self.browser(scripts=scripts)
        browser.go(self.console.address + "/")
        self.assertIn("/login", browser.address)
        self.assertIn("no users yet", browser.text("main"))
        self.assertEqual(browser.all("main form"), [])
        link = self.console.setup_link()
        browser.go(link)
        if scripts:
            self.assert_sound(browser, "/setup", leads=False)
        browser.one("#name").type("ada")
        browser.one("#password").type(PASSWORD)
        browser.one("#again").type(PASSWORD + "!")
        browser.one("main button").click()
        wait_for("the fault", lambda: "not the same" in browser.text("[role=alert]"))
        browser.one("#password").type(PASSWORD)
        browser.one("#again").type(PASSWORD)
        browser.one("main button").click()
        wait_for("where one signs in", lambda: "ada is the first admin" in browser.text(".said"))
        self.sign_in(browser, "ada")
        wait_for("the dashboard", lambda: "ada" in browser.text(".me"))
        self.assertIn("admin", browser.text(".me"))
        # Good once.
        browser.go(link)
        self.assertIn("not good", browser.text("h1"))
        browser.go(self.console.address + "/settings/users")
        self.assertIn("ada", browser.text("main tbody"))
        return browser

    def test_the_link_makes_the_first_admin_who_signs_in_and_adds_another(self):
        browser = self.first_admin(scripts=True)
        self.assert_sound(browser, "/settings/users")
        browser.one("#name").type("vera")
        browser.one("#password").type(PASSWORD)
        browser.one("button[value=add]").click()
        wait_for("added", lambda: "vera added" in browser.text(".said"))
        other = self.browser()
        other.go(self.console.address + "/login")
        self.sign_in(other, "vera")
        wait_for("in", lambda: "viewer" in other.text(".me"))

    def test_the_same_without_scripts(self):
        self.first_admin(scripts=False)


class SigningIn(People):
    prepare = staticmethod(people)

    def test_a_wrong_password_is_said_and_after_five_one_has_to_wait(self):
        browser = self.browser()
        browser.go(self.console.address + "/issues?q=is%3Ainbox")
        wait_for("where one signs in", lambda: "/login?next=" in browser.address)
        self.assertEqual(browser.all("nav"), [])
        self.assert_sound(browser, "/login", leads=False)
        self.sign_in(browser, "viewer")
        wait_for("where one was going", lambda: browser.address.endswith("/issues?q=is:inbox"))
        other = self.browser()
        other.go(self.console.address + "/login")
        said = []
        # Five are free; the first wait may be over before the next is typed, the later ones are not.
        while len(said) < 12 and not (said and "Too many tries" in said[-1]):
            before = other.one("html").identifier
            self.sign_in(other, "admin", "a wrong one, again")
            wait_for("another page", lambda before=before: other.one("html").identifier != before)
            said.append(other.text("[role=alert]"))
            self.assertEqual(other.one("#name").value(), "admin")
            self.assertEqual(other.one("#password").value(), "")
        self.assertEqual(said[:5], ["The name or the password is wrong."] * 5)
        self.assertIn("Too many tries. Wait", said[-1])
        self.assert_sound(other, "/login, wait", leads=False)

    def test_signing_out_ends_it_here_and_everywhere(self):
        for scripts in [True, False]:
            here, there = self.signed_in("viewer", scripts=scripts), self.signed_in("viewer")
            here.one(".out button").click()
            wait_for("signed out", lambda: "/login" in here.address)
            here.go(self.console.address + "/issues")
            self.assertIn("/login", here.address)
            there.go(self.console.address + "/settings")
            self.assertIn("this", there.text("main"))
            self.sign_in(here, "viewer")
            wait_for("in again", lambda: "viewer" in here.text(".me"))
            there.go(self.console.address + "/settings")
            there.one("form:has([name=all]) button").click()
            wait_for("signed out everywhere", lambda: "/login" in there.address)
            here.go(self.console.address + "/")
            self.assertIn("/login", here.address)

    def test_a_session_that_was_not_used_for_long_is_over(self):
        browser = self.signed_in("viewer")
        with closing(sqlite3.connect(self.console.store, timeout=10)) as store, store:
            store.execute("UPDATE session SET last_seen = last_seen - 12 * 3600 * 1000000, created = created - 1")
        browser.go(self.console.address + "/audit")
        self.assertIn("/login?next=", browser.address)
        self.sign_in(browser, "viewer")
        wait_for("where one was", lambda: browser.address.endswith("/audit"))

    def test_a_viewer_looks_and_is_offered_nothing_to_change(self):
        for scripts in [True, False]:
            browser = self.signed_in("viewer", scripts=scripts)
            browser.go(self.console.address + "/issues")
            issue = browser.one(".issues tbody tr").attribute("data-id")
            changing = ("return Array.from(document.querySelectorAll('main form[method=post]'))"
                        ".map((form) => form.getAttribute('action')).filter((each) => each !== '/columns')")
            for page in ["/", "/inbox", "/issues", f"/i/{issue}", "/sources", "/packs", "/audit", "/api"]:
                browser.go(self.console.address + page)
                self.assertEqual(browser.run(changing), [], page)
                if scripts:
                    self.assert_clean(browser, page)
            browser.go(f"{self.console.address}/i/{issue}")
            browser.press("a")
            self.assertEqual(browser.text(".head .state"), "open")
            browser.go(self.console.address + "/settings/users")
            self.assertIn("This takes the role admin", browser.text("main"))
        responder = self.signed_in("responder")
        responder.go(f"{self.console.address}/i/{issue}")
        responder.press("a")
        wait_for("acknowledged", lambda: responder.text(".head .state") == "acknowledged")
        self.assertIn("responder", responder.text("main"))

    def test_a_token_is_shown_once_and_good_until_it_is_removed(self):
        for scripts in [True, False]:
            browser = self.signed_in("responder", scripts=scripts)
            browser.go(self.console.address + "/settings/tokens")
            browser.one("#name").type("grafana")
            browser.one("button[value=add]").click()
            token = wait_for("the token", lambda: browser.text("code.secret"))
            self.assertTrue(token.startswith("mgy_"))
            self.assertEqual(self.answer("/api/v1/issues", token), 200)
            self.assertEqual(self.answer("/api/v1/users", token), 403)
            self.assertEqual(self.answer("/api/v1/issues"), 401)
            if scripts:
                self.assert_sound(browser, "/settings/tokens")
            browser.go(self.console.address + "/settings/tokens")
            self.assertNotIn(token, browser.source)
            self.assertIn("grafana", browser.text("main tbody"))
            browser.one("button[value=remove]").click()
            wait_for("removed", lambda: "grafana removed" in browser.text(".said"))
            self.assertEqual(self.answer("/api/v1/issues", token), 401)

    def test_every_page_of_people_is_for_everybody(self):
        browser = self.signed_in("admin")
        for page in ["/settings", "/settings/users", "/settings/tokens", "/settings/configuration", "/settings/store",
                     "/api", "/api/addToken"]:
            browser.go(self.console.address + page)
            self.assert_sound(browser, page)
        phone = self.signed_in("admin", width=360, height=740)
        for page in ["/settings/users", "/settings/tokens", "/settings", "/api", "/api/addToken"]:
            phone.go(self.console.address + page)
            self.assertEqual(phone.run(self.script("accessibility.js")), [], page)
        browser.go(self.console.address + "/settings")
        browser.one("input[name=theme][value=dark]").click()
        browser.one("form.settings button").click()
        wait_for("dark", lambda: browser.one("html").attribute("data-theme") == "dark")
        # The choice is the browser's: it stays when one leaves.
        browser.one(".out button").click()
        wait_for("signed out", lambda: "/login" in browser.address)
        self.assertEqual(browser.one("html").attribute("data-theme"), "dark")


class Calls(People):
    def test_a_call_is_filled_in_copied_and_opened(self):
        for scripts in [True, False]:
            browser = self.browser(scripts=scripts)
            browser.go(self.console.address + "/help")
            browser.one("footer a[href='/api']").click()
            wait_for("the page of the API", lambda: browser.title.startswith("API"))
            browser.one("a[href='/api/listIssues']").click()
            wait_for("the call", lambda: browser.all("#field-q"))
            browser.one("#field-q").type("pack:nginx \"it's\"")
            browser.one("#field-limit").type("5")
            browser.one("main form button").click()
            wait_for("filled in", lambda: "limit=5" in browser.text("#command"))
            address = f"{self.console.address}/api/v1/issues?q=pack:nginx%20%22it%27s%22&limit=5"
            self.assertIn(f"curl -s '{address}'", browser.text("#command"))
            if scripts:
                self.assert_sound(browser, "/api/listIssues")
                browser.devtools("Browser.grantPermissions",
                                 permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
                browser.one("[data-copy]").click()
                wait_for("copied", lambda: browser.text("[data-copy]") == "copied")
                self.assertEqual(browser.run("return navigator.clipboard.readText()"), browser.text("#command"))
            browser.one(f"a[href='{address[len(self.console.address):]}']").click()
            wait_for("the answer", lambda: '"issues":' in browser.source)


if __name__ == "__main__":
    unittest.main()

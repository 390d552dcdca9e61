"""Pictures of the console for the documentation: sample logs of the last three days, some work done on their issues.

    screenshots.py FOLDER
"""

import base64
import re
import sys
import time
from pathlib import Path

from console import ROOT, Console
from picture import small
from webdriver import Browser, ChromeDriver, wait_for

HOUR = 3_600
# Samples, and when they happened: hours before now at which each was written to its log.
SAMPLES = {
    "application/nginx-error.log": [70, 45, 21, 20, 12, 9, 5, 3, 2.2, 1.1, 0.6, 0.3],
    "application/java.log": [50, 27, 18, 6, 2],
    "application/spring-boot.log": [33, 17.5, 4.2, 0.9],
    "business/shop.log": [62, 40, 23, 15, 8, 4, 1.5, 0.4],
    "hardware/syslog.log": [30, 5.5],
    "network/cisco-switch.log": [66, 42, 19, 11, 7, 2.7],
    "operating-system/syslog.log": [48, 22, 14, 3.4],
    "operational/cron.log": [71, 47, 23.5],
    "security/sshd.log": [16, 13, 10, 6.5, 4.4, 1.8, 0.8],
    "application/postgresql.log": [29, 7.5, 0.5],
}
# What their logs are called in the pictures.
LOGS = {
    "application/nginx-error.log": "nginx/error.log",
    "application/java.log": "app/orders.log",
    "application/spring-boot.log": "app/shop-web.log",
    "application/postgresql.log": "postgresql/postgresql-15-main.log",
    "business/shop.log": "app/shop.log",
    "hardware/syslog.log": "kern.log",
    "network/cisco-switch.log": "remote/switch-3.log",
    "security/sshd.log": "auth.log",
}
ISO = re.compile(rb"(\d{4})([-/])(\d\d)[-/](\d\d)([T ])(\d\d):(\d\d):(\d\d)")
BSD = re.compile(rb"(?<![A-Za-z])([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def seconds_of(line):
    """The time in a line of a sample (those without a year are of 2026), and where it stands."""
    found = ISO.search(line)
    if found:
        return time.mktime((*(int(found.group(place)) for place in (1, 3, 4, 6, 7, 8)), 0, 0, -1)), found
    found = BSD.search(line)
    if found and found.group(1).decode() in MONTHS:
        month = MONTHS.index(found.group(1).decode()) + 1
        return time.mktime((2026, month, *(int(found.group(place)) for place in (2, 3, 4, 5)), 0, 0, -1)), found
    return None, None


def moved(line, shift):
    """The line with its time that many seconds later."""
    seconds, found = seconds_of(line)
    if found is None:
        return line
    new = time.localtime(seconds + shift)
    if found.re is ISO:
        mark, between = found.group(2).decode(), found.group(5).decode()
        text = time.strftime(f"%Y{mark}%m{mark}%d{between}%H:%M:%S", new)
    else:
        text = f"{MONTHS[new.tm_mon - 1]} {new.tm_mday:2} {time.strftime('%H:%M:%S', new)}"
    return line[: found.start()] + text.encode() + line[found.end() :]


def log_of(sample, hours):
    lines = (ROOT / "samples" / sample).read_bytes().splitlines(keepends=True)
    times = [seconds for seconds in (seconds_of(line)[0] for line in lines) if seconds]
    text = b""
    for ago in sorted(hours, reverse=True):
        shift = time.time() - ago * HOUR - max(times)
        text += b"".join(moved(line, shift) for line in lines)
    return text


def history(console):
    """What people have done by now."""
    def ids(query, number):
        return [line.split()[0] for line in console.margay("issues", query).splitlines()][:number]

    nginx = ids("pack:nginx severity:>=major sort:count", 8)
    console.margay("ack", nginx[0])
    console.margay("note", nginx[0], "The payment gateway is slow since the change of Tuesday; asked them.")
    console.margay("assign", nginx[1], "dana")
    console.margay("assign", ids("pack:shop", 1)[0], "lee")
    console.margay("ignore", *ids("pack:sshd", 2), "--reason", "the usual visitors")
    console.margay("resolve", *ids("pack:java sort:+severity", 2))
    console.margay("clear", *ids("pack:cron", 2), codes=(0, 1, 64))
    console.margay("views", "save", "Payments", "pack:shop OR pack:nginx severity:>=major")
    console.margay("views", "save", "First seen today", "first:<24h")


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    logs = {LOGS.get(sample, sample.split("/")[1]): log_of(sample, hours) for sample, hours in SAMPLES.items()}
    driver = ChromeDriver()
    packs = [path.stem for path in (ROOT / "patterns").glob("*.yaml")]
    # A path that is fit to be seen.
    console = Console(logs, follows=True, packs=packs, folder="/tmp/web-1")
    try:
        wait_for("all is read", lambda: is_read(console), 240)
        history(console)
        take(driver, console, folder)
    finally:
        console.close()
        driver.close()


def is_read(console):
    written = sum(path.stat().st_size for path in console.logs.rglob("*.log"))
    read = re.findall(r'"offset" ?: ?(\d+)', console.margay("sources", "--format", "json"))
    return sum(map(int, read)) == written


def take(driver, console, folder):
    def issue(query):
        return console.margay("issues", query).split()[0]

    pages = {
        "dashboard": "/",
        "issues": "/issues",
        "issue": f"/i/{issue('pack:nginx state:acknowledged')}",
        "trace": f"/i/{issue('PSQLException orders_number_key')}#sample",
        "inbox": "/inbox",
        "draft": f"/i/{issue('pack:core pattern:core.error sort:count')}/draft",
        "packs": "/packs",
        "sources": "/sources",
        "reports": "/reports?kind=week",
        "settings": "/settings",
    }
    wide = Browser(driver, width=1280, height=860)
    for name, path in pages.items():
        shoot(wide, console.address + path, folder / f"console-{name}.png")
    wide.colours("dark")
    shoot(wide, console.address + "/issues", folder / "console-dark.png")
    wide.close()
    phone = Browser(driver, width=390, height=844)
    for name in ["inbox", "issues"]:
        shoot(phone, console.address + pages[name], folder / f"console-phone-{name}.png")
    phone.close()


def shoot(browser, address, path):
    browser.go(address)
    if browser.all("[data-live]"):
        wait_for("live", lambda: browser.text("#live-word") == "live")
    path.write_bytes(small(base64.b64decode(browser.picture())))
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()

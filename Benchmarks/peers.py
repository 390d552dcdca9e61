#!/usr/bin/env python3
"""The same jobs for `margay watch` and for its peers, as far as they are installed: rsyslog, mtail, tail -F.

How long until a written line is out, what quiet files cost, and how many lines are lost or doubled while a log is rotated
and the program is killed. A program that cannot do a job is left out of it.

  MARGAY=PATH    the program
  FOLLOW_SHORT=1 a tenth of everything, for tests
"""
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from follow import PAGE, SHORT, TICKS, Watch, check, line, wait_until


class Process:
    """A peer that follows `folder/logs`, with its own files beside them."""

    name = ""
    program = ""
    # Whether it goes on where it was after kill -9.
    resumes = False

    def __init__(self, pattern):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="margay-bench."))
        (self.folder / "logs").mkdir()
        self.pattern = str(self.folder / "logs" / pattern)
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder)

    def start(self):
        self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * PAGE / 1e6


class Rsyslog(Process):
    """rsyslog with imfile, which writes every line to one file."""

    name, program, resumes = "rsyslog", "rsyslogd", True

    def command(self):
        configuration = self.folder / "rsyslog.conf"
        configuration.write_text(f'''
global(workDirectory="{self.folder}")
module(load="imfile" mode="inotify")
template(name="plain" type="string" string="%msg%\\n")
input(type="imfile" file="{self.pattern}" tag="bench:" ruleset="out")
ruleset(name="out") {{ action(type="omfile" file="{self.folder}/out" template="plain" flushOnTXEnd="on") }}
''')
        return ["rsyslogd", "-n", "-f", str(configuration), "-i", str(self.folder / "pid")]

    def counted(self):
        out = self.folder / "out"
        return out.read_bytes().count(b"\n") if out.exists() else 0

    def distinct(self):
        out = self.folder / "out"
        return len(set(out.read_bytes().splitlines())) if out.exists() else 0


class Mtail(Process):
    """mtail with one counter."""

    name, program = "mtail", "mtail"

    def command(self):
        (self.folder / "bench.mtail").write_text("counter lines\n/ERROR/ {\n  lines++\n}\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        return ["mtail", "--progs", str(self.folder / "bench.mtail"), "--logs", self.pattern,
                "--address", "127.0.0.1", "--port", str(self.port), "--log_dir", str(self.folder)]

    def counted(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/json", timeout=5) as answer:
                metrics = json.load(answer)
        except OSError:
            return 0
        return sum(value["Value"]["Value"] for metric in metrics if metric["Name"] == "lines"
                   for value in metric.get("LabelValues") or [])

    distinct = None


class Tail(Process):
    """tail -F into a file."""

    name, program = "tail -F", "tail"

    def command(self):
        return ["sh", "-c", f"exec tail -n +1 -F {self.pattern} >{self.folder}/out 2>/dev/null"]

    counted, distinct = Rsyslog.counted, Rsyslog.distinct


class Margay(Watch):
    """`margay watch` with the shipped packs."""

    name, resumes = "margay", True

    def __init__(self, pattern):
        super().__init__(pattern)
        self.pattern = str(self.folder / "logs" / pattern)

    def start(self):
        if self.process.poll() is not None:
            self.spawn()

    def kill(self):
        self.process.kill()
        self.process.wait()

    distinct = None


def present():
    return [Margay] + [peer for peer in (Rsyslog, Mtail, Tail) if shutil.which(peer.program)]


def latency():
    count = 60 if SHORT else 400
    for kind in present():
        if kind is Mtail:
            continue  # Asking it takes longer than what is to be measured.
        with kind("app.log") as peer:
            with open(peer.folder / "logs/app.log", "ab", buffering=0) as log:
                log.write(line(0))
                peer.start()
                wait_until(lambda: peer.counted() >= 1, f"{peer.name} reads the first line")
                taken = []
                for number in range(1, count):
                    began = time.monotonic()
                    log.write(line(number))
                    while peer.counted() <= number:
                        time.sleep(0.0002)
                    taken.append((time.monotonic() - began) * 1000)
                    time.sleep(0.06)
                taken = sorted(taken[40:])  # As in follow.py.
                print(f"{peer.name:8}  line written to line out        median {taken[len(taken) // 2]:6.1f} ms   "
                      f"p99 {taken[len(taken) * 99 // 100]:6.1f} ms")


def quiet_files():
    files, seconds = (200, 3) if SHORT else (2_000, 30)
    for kind in present():
        if kind in (Tail, Margay):
            continue  # tail takes no glob of its own; follow.py has measured margay.
        with kind("*.log") as peer:
            for number in range(files):
                (peer.folder / f"logs/app-{number}.log").write_bytes(line(number))
            peer.start()
            wait_until(lambda: peer.counted() >= files or kind is Mtail, f"{peer.name} reads all files", 120)
            time.sleep(5)
            before = peer.cpu_seconds()
            time.sleep(seconds)
            print(f"{peer.name:8}  {files:,} quiet files              CPU {peer.cpu_seconds() - before:8.2f} s in "
                  f"{seconds} s   resident {peer.memory():5.1f} MB")


def rotations(mode, kills):
    """20,000 lines a second with 10 rotations; with `kills`, as many kill -9 in between."""
    rounds, each = (100, 100) if SHORT else (500, 200)
    for kind in present():
        if kills and not kind.resumes:
            continue
        with kind("app.log") as peer:
            path = peer.folder / "logs/app.log"
            log = open(path, "ab", buffering=0)
            peer.start()
            written, began = 0, time.monotonic()
            for turn in range(rounds):
                log.write(b"".join(b"2026-11-22 10:00:00 ERROR lost job %08d\n" % n for n in range(written, written + each)))
                written += each
                if turn % (rounds // 10) == rounds // 20:
                    if mode == "rename":
                        os.rename(path, f"{path}.{turn}")
                        log.close()
                        log = open(path, "ab", buffering=0)
                    else:
                        shutil.copyfile(path, f"{path}.{turn}")
                        log.truncate(0)
                if kills and turn % (rounds // kills) == rounds // kills - 3:
                    peer.kill()
                    peer.start()
                ahead = began + written / 20_000 - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
            log.close()
            last, since = -1, time.monotonic()
            while time.monotonic() - since < 5 and (last := max(last, peer.counted())) < written:
                count = peer.counted()
                since = time.monotonic() if count > last else since
                time.sleep(0.05)
            counted = peer.counted()
            missing = written - (peer.distinct() if peer.distinct else min(counted, written))
            doubled = counted - (written - missing)
            print(f"{peer.name:8}  {mode}, {kills} kill -9: {written:,} lines written   lost {missing / written:6.1%}   "
                  f"doubled {doubled / written:6.1%}")
            if kind is Margay:
                check(counted, written)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    latency()
    quiet_files()
    for mode in ("rename", "copytruncate"):
        for kills in (0, 5):
            rotations(mode, kills)


if __name__ == "__main__":
    main()

"""A console to test: a store of its own, filled by `margay scan`, or written by `margay watch` while it is looked at."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from webdriver import wait_for

ROOT = Path(__file__).resolve().parents[2]
# The first start of a debug build compiles the packs.
START_SECONDS_MAX = 240
# Few packs: what is tested here is not the packs, and few are compiled in no time.
PACKS = ["core", "nginx", "shop", "java", "php"]


def program():
    path = os.environ.get("MARGAY")
    if not path:
        raise SystemExit("MARGAY names the program to test")
    return str(Path(path).resolve())


class Console:
    """A folder with logs, and a console at `address`. `close()` ends the process and removes the folder."""

    def __init__(self, logs, follows=False, packs=PACKS, prepare=None, folder=None, listen="127.0.0.1:0"):
        if folder:
            self.folder = Path(folder)
            self.folder.mkdir()
        else:
            self.folder = Path(tempfile.mkdtemp(prefix="margay-browser."))
        self.logs = self.folder / "log"
        self.logs.mkdir()
        self.store = self.folder / "margay.db"
        self.process = None
        self.listen = listen
        for name, content in logs.items():
            self.write(name, content)
        patterns = self.folder / "patterns"
        patterns.mkdir()
        for pack in packs:
            shutil.copy(ROOT / "patterns" / f"{pack}.yaml", patterns)
        # Packs that editors may add to from the console.
        self.local = self.folder / "local"
        self.local.mkdir()
        (self.folder / "margay.yaml").write_text(
            f"store: {self.store}\nnode: web-1\nlearning: off\npacks: [{patterns}, {self.local}]\n"
            f"sources:\n  - name: app\n    paths: ['{self.logs}/**']\n    start: beginning\n"
            f"console: {{ listen: '{listen}', local_packs: {self.local} }}\n"
        )
        try:
            self._start(follows, prepare)
        except BaseException:
            self.close()
            raise

    def _start(self, follows, prepare):
        if not follows:
            self.margay("scan", "--store", str(self.store), str(self.logs), codes=(0, 1))
            if prepare:
                prepare(self)
        command = ["watch"] if follows else ["console"]
        self.output = self.folder / "output"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [program(), *command, "--config", str(self.folder / "margay.yaml")],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=self._environment(),
            )
        self.address = wait_for("the console says its address", self._listening, START_SECONDS_MAX)

    def _listening(self):
        said = self.output.read_text(errors="replace")
        if self.process.poll() is not None:
            raise AssertionError(f"margay ended with {self.process.returncode}: {said}")
        found = re.search(r"at http://[^ /]*:(\d+)/", said)
        return found and f"http://127.0.0.1:{found.group(1)}"

    def setup_link(self):
        """The link by which the first admin comes in, as it was printed."""
        found = re.search(r"http://[^ /]*/(setup/\S+)", self.output.read_text(errors="replace"))
        return f"{self.address}/{found.group(1)}"

    def _environment(self):
        return dict(os.environ, NO_COLOR="1", XDG_STATE_HOME=str(self.folder / "state"))

    def margay(self, *arguments, codes=(0,), typed=""):
        """What the program prints for these arguments, with `typed` on its standard input."""
        done = subprocess.run(
            [program(), *arguments, "--config", str(self.folder / "margay.yaml")],
            capture_output=True,
            input=typed.encode(),
            cwd=self.folder,
            env=self._environment(),
            timeout=START_SECONDS_MAX,
            check=False,
        )
        if done.returncode not in codes:
            raise AssertionError(f"margay {arguments} ended with {done.returncode}: {done.stderr.decode()}")
        return done.stdout.decode(errors="replace")

    def write(self, name, content):
        """Appends to a log."""
        data = content if isinstance(content, bytes) else content.encode()
        path = self.logs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as log:
            log.write(data)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def stamp(seconds_ago=0):
    """A time of day as nginx and most logs write it."""
    import time

    return time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(time.time() - seconds_ago))

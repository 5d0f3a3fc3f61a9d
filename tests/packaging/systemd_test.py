#!/usr/bin/env python3
"""The unit as systemd itself runs it: a systemd of its own in a box (systemd_box.sh), and the
project of docs/install.md in it, laid out as that page says.

    systemd_test.py build/dev/bin/sojourn
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SYSTEMD = pathlib.Path("/usr/lib/systemd/systemd")
UNIT = "sojourn@first_trial"
ETC = pathlib.Path("/etc/sojourn")
EVENT = {"email": "ada@example.com", "eventName": "trial_started", "id": "e-1",
         "dataFields": {"plan": "premium", "seats": 5, "namespaceId": "n-1"}}
# What is changed in the box: where the log can be read, and no waiting for what takes long.
CHANGES = """[Service]
StandardError=append:/run/daemon.log
RestartSec=100ms
WatchdogSec=4
"""
MOST_SECONDS = 60  # a bound, not a wait
POLL_SECONDS = 0.05
PROGRAM = None  # set from the command line


def poll(condition):
    until = time.monotonic() + MOST_SECONDS
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


class ControlGroup:
    """One of its own for whatever a box starts, so that boxes do not meet, and none is left."""

    def __init__(self, name):
        hierarchy = pathlib.Path("/sys/fs/cgroup")
        of_systemd = re.search(r"^\d+:name=systemd:(.*)$|^0::(.*)$",
                               pathlib.Path("/proc/self/cgroup").read_text(), re.MULTILINE)
        within = (of_systemd[1] or of_systemd[2] or "").lstrip("/")
        self.path = (hierarchy / "systemd" if of_systemd[1] else hierarchy) / within / name
        self.path.mkdir()

    def enter(self):
        """Between fork and exec."""
        (self.path / "cgroup.procs").write_text("0")

    def remove(self):
        """Once its processes have gone, which the kernel does not wait for."""
        def is_empty():
            for folder, _, _ in os.walk(self.path, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    return False
            return True
        return poll(is_empty)


class Box:
    """A systemd that runs; nothing of it is left when this is closed."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sojourn-box-")
        self.group = ControlGroup(pathlib.Path(self.folder).name)
        words = ["unshare", "--pid", "--mount", "--net", "--uts", "--ipc", "--cgroup", "--fork",
                 "--kill-child", str(HERE / "systemd_box.sh"), self.folder, PROGRAM]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True,
                                        preexec_fn=self.group.enter)
        self.first = None
        poll(lambda: self.is_up() or self.process.poll() is not None)

    def is_up(self):
        children = subprocess.run(["pgrep", "--parent", str(self.process.pid)], text=True,
                                  stdout=subprocess.PIPE, check=False).stdout.split()
        if not children:
            return False
        self.first = children[0]
        said = self.run("systemctl", "is-system-running").stdout.strip()
        return said in ("running", "degraded")

    def run(self, *words, **options):
        return subprocess.run(["nsenter", "--target", self.first, "--all", "--root", "--wd", *words],
                              text=True, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **options)

    def write(self, path, text, mode="0644"):
        done = self.run("install", "-D", "-m", mode, "/dev/stdin", str(path), input=text)
        if done.returncode != 0:
            raise RuntimeError(done.stdout)

    def read(self, path):
        return self.run("cat", str(path)).stdout

    def close(self):
        self.process.kill()
        said, _ = self.process.communicate()
        self.group.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
        return said


def why_impossible():
    missing = [tool for tool in ("unshare", "nsenter", "pgrep", "ip") if shutil.which(tool) is None]
    if os.geteuid() != 0:
        return "only root can make a box for systemd"
    if missing or not SYSTEMD.exists():
        return f"this machine lacks {', '.join(missing) or 'systemd'}"
    return None


def shown_settings():
    """The sojourn.toml of docs/install.md."""
    text = (ROOT / "docs" / "install.md").read_text()
    [shown] = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return shown


class UnderSystemd(unittest.TestCase):
    def setUp(self):
        why = why_impossible()
        if why:
            self.skipTest(f"not run: {why}")
        try:
            self.box = Box()
        except OSError as error:
            self.skipTest(f"not run: no box can be made here: {error}")
        self.addCleanup(self.box.close)
        if self.box.first is None or not self.box.is_up():
            self.skipTest("not run: no systemd starts in a box here")
        for path in (ROOT / "examples" / "first_trial").glob("*.journey"):
            self.box.write(ETC / "first_trial" / path.name, path.read_text())
        self.box.write(ETC / "first_trial" / "sojourn.toml", shown_settings())
        self.box.run("install", "-d", "-m", "0700", f"{ETC}/first_trial.keys")
        for name in ("intake", "iterable"):
            self.box.write(ETC / "first_trial.keys" / f"{name}.key", f"an-{name}-key\n", "0600")
        self.box.write(f"/etc/systemd/system/{UNIT}.service.d/box.conf", CHANGES)
        self.box.run("systemctl", "daemon-reload")

    def shown(self, name):
        return self.box.run("systemctl", "show", "--value", "-p", name, UNIT).stdout.strip()

    def expect(self, done, wanted=0):
        self.assertEqual(done.returncode, wanted, f"{done.stdout}\n{self.box.read('/run/daemon.log')}")
        return done.stdout

    def track(self):
        said = self.expect(self.box.run(
            "curl", "-sS", "-w", "\n%{http_code}", "http://127.0.0.1:8080/api/events/track",
            "-H", "Api-Key: an-intake-key", "-H", "Content-Type: application/json",
            "-d", json.dumps(EVENT)))
        self.assertEqual(said.split()[-1], "200", said)

    def sojourn(self, *words):
        return self.box.run("sojourn", *words, "--project", f"{ETC}/first_trial")

    def expect_restart(self, count):
        self.assertTrue(poll(lambda: self.shown("NRestarts") == str(count)
                             and self.shown("SubState") == "running"),
                        f"not started again:\n{self.box.read('/run/daemon.log')}")

    def expect_little_power(self, process):
        status = dict(line.split(":\t", 1) for line in
                      self.box.read(f"/proc/{process}/status").splitlines() if ":\t" in line)
        user = self.expect(self.box.run("id", "--user", "sojourn")).strip()
        self.assertEqual(status["Uid"].split(), [user] * 4)
        self.assertEqual(int(status["CapBnd"], 16), 0)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))
        self.assertRegex(self.box.read(f"/proc/{process}/limits"), r"core file size +0 +0")
        key = f"/run/credentials/{UNIT}.service/keys_intake.key"
        nobody = self.box.run("setpriv", "--reuid=nobody", "--clear-groups", "cat", key)
        self.assertIn("Permission denied", nobody.stdout)

    def test_the_daemon_is_started_watched_and_stopped(self):
        self.expect(self.box.run("systemctl", "start", UNIT))
        self.assertEqual(self.shown("StatusText"), "running")
        self.expect_little_power(self.shown("MainPID"))
        self.track()
        self.assertIn("first_trial", self.expect(self.sojourn("status")))

        self.box.run("kill", "-9", self.shown("MainPID"))
        self.expect_restart(1)
        self.assertIn("trial_started", self.expect(self.sojourn("user", "ada@example.com")))

        holder = subprocess.Popen(
            ["nsenter", "--target", self.box.first, "--all", "--root", "--wd", "/usr/bin/python3",
             "-B", "-c", (HERE / "hold_thread.py").read_text(), self.shown("MainPID"), "shard"],
            stdout=subprocess.PIPE, text=True)
        self.assertEqual(holder.stdout.readline(), "held\n")
        self.expect_restart(2)
        holder.stdout.close()
        self.assertEqual(holder.wait(MOST_SECONDS), 0)
        log = [json.loads(line)["event"] for line in self.box.read("/run/daemon.log").splitlines()]
        self.assertEqual([event for event in log if event in ("started", "shard_stands")],
                         ["started", "started", "shard_stands", "started"])
        self.track()

        self.expect(self.box.run("systemctl", "stop", UNIT))
        self.assertEqual((self.shown("Result"), self.shown("SubState")), ("success", "dead"))

    def back_up(self, target):
        return self.box.run("setpriv", "--reuid=sojourn", "--regid=sojourn", "--clear-groups",
                            "sojourn", "backup", "--project", f"{ETC}/first_trial", target)

    def test_a_copy_lies_where_the_unit_lets_the_daemon_write(self):
        self.expect(self.box.run("systemctl", "start", UNIT))
        self.expect(self.back_up("/var/lib/sojourn/first_trial/monday"))
        self.expect(self.box.run("install", "-d", "-m", "0700", "-o", "sojourn", "-g", "sojourn",
                                 "/backups/first_trial"))
        self.assertNotEqual(self.back_up("/backups/first_trial/monday").returncode, 0)
        self.box.write(f"/etc/systemd/system/{UNIT}.service.d/backups.conf",
                       "[Service]\nReadWritePaths=/backups/first_trial\n")
        self.expect(self.box.run("systemctl", "daemon-reload"))
        self.expect(self.box.run("systemctl", "restart", UNIT))
        self.expect(self.back_up("/backups/first_trial/monday"))

    def test_metrics_ask_for_a_key(self):
        self.expect(self.box.run("systemctl", "start", UNIT))
        ask = ("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}",
               "http://127.0.0.1:8080/metrics")
        self.assertEqual(self.box.run(*ask).stdout, "401")
        key = self.expect(self.sojourn("key", "new", "watcher", "--scope", "read")).split()[0]
        self.assertEqual(self.box.run(*ask, "-H", f"Authorization: Bearer {key}").stdout, "200")

    def test_a_start_that_cannot_be_says_why(self):
        self.box.write(ETC / "first_trial" / "sojourn.toml", "project = 1\n")
        self.assertNotEqual(self.box.run("systemctl", "start", UNIT).returncode, 0)
        self.assertIn("sojourn.toml", self.box.read("/run/daemon.log"))


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()

#!/usr/bin/env python3
"""The systemd unit: what systemd says of it, and the real daemon under what it forbids.

    unit_test.py build/dev/bin/sojourn build/dev/bin/uv_test

`uv_test` has what the daemon does with sockets, TLS included: it runs under the filter, too.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

import confined
import unit_file

CURL_TESTS = unit_file.ROOT / "tests" / "curl"
sys.path.insert(0, str(CURL_TESTS))
import calls  # noqa: E402
import documents  # noqa: E402
import place  # noqa: E402

CONFINED = [sys.executable, "-B", str(unit_file.ROOT / "tests" / "packaging" / "confined.py")]
MOST_EXPOSED = 2.0
PROGRAM = SOCKET_TESTS = None  # set from the command line

needs_systemd = unittest.skipIf(unit_file.ANALYZE is None,
                                "not run: this machine has no systemd-analyze")
needs_seccomp = unittest.skipUnless(confined.is_possible(),
                                    "not run: needs x86-64, systemd-analyze and linux-libc-dev")

GREETING = """
event joined {}
message_type account = 1 transactional opt_out
campaign greet = 102 email account
journey greeting {
  owner "lifecycle@example.com"
  enter on joined
  send greet
  wait 1d
}
"""


def analyze(*words):
    return subprocess.run([unit_file.ANALYZE, *words], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Unit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="sojourn-unit-")
        self.addCleanup(self.folder.cleanup)

    def instance(self, text):
        """As it is installed, but for the place of the program."""
        path = pathlib.Path(self.folder.name) / "sojourn@check.service"
        path.write_text(text.replace("/usr/bin/sojourn", PROGRAM))
        return str(path)

    def exposure(self, text):
        said = analyze("security", "--offline=true", "--no-pager", self.instance(text)).stdout
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
        self.assertIsNotNone(level, said)
        return float(level[1])

    @needs_systemd
    def test_says_nothing_that_systemd_does_not_understand(self):
        text = unit_file.UNIT.read_text()
        found = analyze("verify", "--man=no", self.instance(text))
        self.assertEqual((found.returncode, found.stdout), (0, ""))
        wrong = text.replace("ProtectSystem=strict", "ProtectSystem=strictly")
        self.assertIn("strictly", analyze("verify", "--man=no", self.instance(wrong)).stdout)

    @needs_systemd
    def test_exposes_little(self):
        text = unit_file.UNIT.read_text()
        level = self.exposure(text)
        print(f"exposure: {level}, at most {MOST_EXPOSED}")
        self.assertLessEqual(level, MOST_EXPOSED)
        bare = re.sub(r"^(Protect|Private|Restrict|SystemCall|Capability)\w+=.*$", "", text,
                      flags=re.MULTILINE)
        self.assertGreater(self.exposure(bare), MOST_EXPOSED)

    def test_runs_the_command_that_there_is(self):
        run = unit_file.settings(unit_file.UNIT.read_text())["ExecStart"][0].split()
        self.assertEqual(run[:3], ["/usr/bin/sojourn", "run", "--project"])
        help_text = subprocess.run([PROGRAM, "run", "--help"], text=True, check=True,
                                   stdout=subprocess.PIPE).stdout
        self.assertIn("--project", help_text)

    def test_asks_for_life_signs_no_more_often_than_they_come(self):
        source = (unit_file.ROOT / "app" / "life_signs.h").read_text()
        least = int(re.search(r"kLeastWatchdog = base::seconds\((\d+)\)", source)[1])
        watchdog = int(unit_file.settings(unit_file.UNIT.read_text())["WatchdogSec"][0])
        self.assertGreaterEqual(watchdog, 2 * least)


class ConfinedPlace(place.Place):
    """As the unit's user has it: the project can be read, and only the store's folder written. The
    daemon finds Iterable by a name, so that names are looked up, too."""

    def start(self, words):
        if words[1] != "run":
            return super().start(words)
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            for path in (data, *data.iterdir()):
                os.chown(path, confined.NOBODY, confined.NOBODY)
        return super().start([*CONFINED, *words])

    def configured(self, settings, mode):
        own = super().configured(settings, mode)
        own["iterable"]["base_url"] = f"http://localhost:{self.sandbox.port}"
        return own


class UnderTheFilter(unittest.TestCase):
    def ending_of(self, statement):
        script = f"import confined, mmap, os, socket; confined.confine(); {statement}"
        done = subprocess.run([sys.executable, "-B", "-c", script], check=False, text=True,
                              cwd=pathlib.Path(__file__).parent, capture_output=True)
        return done.returncode, done.stdout

    @needs_seccomp
    def test_what_the_unit_forbids_ends_a_program(self):
        self.assertEqual(self.ending_of("print('alive')"), (0, "alive\n"))
        for statement in ("os.setuid(0)", "os.chroot('/')", "os.sched_setaffinity(0, {0})",
                          "mmap.mmap(-1, 4096, prot=7)"):
            self.assertEqual(self.ending_of(statement)[0], -signal.SIGSYS, statement)
        netlink = "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"
        self.assertEqual(self.ending_of(netlink), (1, ""))

    @needs_seccomp
    def test_sockets_and_tls_do_all_that_they_do(self):
        done = subprocess.run([*CONFINED, SOCKET_TESTS, "--gtest_brief=1"], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={"PATH": os.environ["PATH"]})
        self.assertEqual(done.returncode, 0, done.stdout)
        tests = subprocess.run([SOCKET_TESTS, "--gtest_list_tests"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
        self.assertIn("HttpClientTls.", tests)

    def expect_messages(self, where, count):
        self.assertTrue(place.poll(
            lambda: where.of_sandbox("/sandbox/summary")["received"] >= count),
            f"{count} messages do not come:\n{where.daemon.log.read_text()}")

    def join(self, where, who):
        found = where.say("POST", "/api/events/track", {"email": who, "eventName": "joined"})
        self.assertEqual(found.status, 200, found.text)

    @needs_seccomp
    def test_the_daemon_does_all_that_it_does(self):
        settings = documents.settings([unit_file.ROOT / "docs" / "intake.md",
                                       unit_file.ROOT / "docs" / "way_back.md"])
        journeys = {"catalog.journey": place.CATALOG, "greeting.journey": GREETING}
        with ConfinedPlace(PROGRAM, settings, "queue", journeys) as where:
            for call in calls.CALLS:
                where.say(call.method, call.path, call.body)
            self.join(where, "una@example.com")
            self.expect_messages(where, 1)
            for command in (["status"], ["user", "una@example.com"], ["clock"],
                            ["pause", "greeting", "--clock", "run", "--yes"]):
                words = [PROGRAM, *command, "--project", str(where.folder)]
                self.assertEqual(subprocess.run(words, stdout=subprocess.PIPE).returncode, 0, words)
            self.assertEqual(where.say("GET", "/metrics").status, 200)
            killed = where.processes.pop()
            killed.process.kill()
            self.assertEqual(killed.process.wait(), -signal.SIGKILL)
            killed.process.stdout.close()
            where.daemon = where.start([PROGRAM, "run", "--project", str(where.folder)])
            words = [PROGRAM, "resume", "greeting", "--yes", "--project", str(where.folder)]
            self.assertEqual(subprocess.run(words, stdout=subprocess.PIPE).returncode, 0)
            self.join(where, "vera@example.com")
            self.expect_messages(where, 2)


if __name__ == "__main__":
    # systemd takes no path that depends on a folder.
    PROGRAM, SOCKET_TESTS = (str(pathlib.Path(sys.argv.pop(1)).resolve()) for _ in range(2))
    unittest.main()

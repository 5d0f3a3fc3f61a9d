#!/usr/bin/env python3
"""The stock curl program against the real daemon, which speaks to the sandbox: every curl line that
the documents show, as it stands there, and a call for every path of the intake, with each word of
`forward`.

    curl_test.py build/dev/bin/sojourn
"""

import pathlib
import re
import sys
import tomllib
import unittest

import calls
import documents
import place

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTAKE = ROOT / "docs" / "intake.md"
MODES = ("off", "ask", "queue")
PROGRAM = None  # set from the command line

# A line with such a path says of whom it is, and that nobody else is there: it is not tried after
# those above it, but among these people.
THERE = {
    "/api/users/updateEmail": [{"email": "ada@example.com", "dataFields": {"plan": "free"}}],
    "/api/users/merge": [{"userId": "anonymous-7", "preferUserId": True}],
    "/v1/identify": [],
    "/api/users/ada@example.com": [{"email": "ada@example.com"}],
    "/api/users/byUserId/u-1": [{"userId": "u-1", "preferUserId": True}],
}


def shown_settings():
    return documents.settings([INTAKE, ROOT / "docs" / "way_back.md"])


class EachLineOfTheDocuments(unittest.TestCase):
    """Every document from the beginning, line by line, but for those lines that begin anew."""

    def documents(self):
        for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")),
                     *sorted(ROOT.glob("examples/*/README.md"))]:
            shown = list(documents.commands(path, ROOT))
            if shown:
                yield path, shown

    def open(self, path, mode):
        """An example is tried in its own project."""
        if path.parent.parent != ROOT / "examples":
            return place.Place(PROGRAM, shown_settings(), mode)
        own = documents.merged(tomllib.loads((path.parent / "sojourn.toml").read_text()),
                               documents.settings([path]))
        journeys = {file.name: file.read_text() for file in path.parent.glob("*.journey")}
        return place.Place(PROGRAM, own, mode, journeys)

    def try_line(self, where, command):
        found = where.shell(command.text)
        self.assertIn(found.status, (200, 202), f"{command.text}\n{found.text}")
        members = calls.SEGMENT if "accepted" in found.text else calls.ENVELOPE
        self.assertEqual(set(found.json() or {}), members, found.text)
        self.assertNotIn('"accepted":0', found.text)

    def expect_news(self, where):
        """What nobody has declared, and what was said before, is taken and comes to nothing."""
        found = where.say("GET", "/metrics")
        self.assertEqual(found.status, 200)
        known = (ROOT / "docs" / "running.md").read_text()
        for name in ("sojourn_undeclared_events_total", "sojourn_repeated_events_total"):
            self.assertIn(name, known)
            self.assertNotIn(f"\n{name} ", found.text)  # what is nothing is not listed

    def runs(self, shown):
        """Lines that are tried one after another, and who is there before the first."""
        for command in shown:
            people = next((there for part, there in THERE.items() if part in command.text), None)
            if people is not None or command == shown[0]:
                run = (people or [], [])
                yield run
            run[1].append(command)

    def try_lines(self, path, shown, mode):
        for people, run in list(self.runs(shown)):
            with self.open(path, mode) as where:
                for user in people:
                    self.assertEqual(where.say("POST", "/api/users/update", user).status, 200)
                for command in run:
                    with self.subTest(line=command.where, forward=mode):
                        self.try_line(where, command)
                        self.expect_news(where)

    def test_is_taken(self):
        lines = 0
        for path, shown in self.documents():
            lines += len(shown)
            for mode in MODES:
                self.try_lines(path, shown, mode)
        self.assertGreaterEqual(lines, 20)


class EachPath(unittest.TestCase):
    rows = list(documents.rows(INTAKE, ROOT))

    def row(self, call):
        return next((row for row in self.rows if row.fits(call.method, call.path)), None)

    def wanted(self, call, mode):
        row = self.row(call)
        if call.off:
            return call.off if mode == "off" else call.taken
        if row is None and call.path.startswith("/api/"):
            return 404  # one of Iterable's other paths
        return row.refused if row and row.refused else call.taken

    def expect_taken(self, call, found, mode):
        self.assertEqual(found.status, self.wanted(call, mode), found.text)
        if found.status == 404:
            return
        if not call.members:
            return self.assertEqual(found.text, "Accepted")
        body = found.json()
        self.assertIsNotNone(body, found.text)
        members = call.members if found.status == call.taken else calls.ENVELOPE
        self.assertLessEqual(members, set(body), found.text)
        if "failCount" in members:
            self.assertEqual(body["failCount"], call.failed, found.text)

    def unmet(self, sandbox):
        """What Iterable does not know yet of what was said."""
        for path, fields in calls.PROFILES.items():
            user = sandbox(path).get("user", {}).get("dataFields", {})
            for name, value in fields.items():
                if user.get(name) != value:
                    yield f"{path}: {name} is {user.get(name)}"
        for path, ids in calls.EVENTS.items():
            events = {event.get("id") for event in sandbox(path)["events"]}
            if not ids <= events:
                yield f"{path}: {events}"

    def went_on(self, where):
        """The paths that only Iterable answers, as often as each was called."""
        summary = where.of_sandbox("/sandbox/summary")
        return {of: {line["by"]: line["received"] for line in summary[of]}
                for of in ("calls", "updates")}

    def expect_at_iterable(self, where, mode):
        if mode == "off":
            summary = where.of_sandbox("/sandbox/summary")
            self.assertEqual((summary["events"], summary["updates"], summary["calls"]), ([], [], []))
            return
        place.poll(lambda: not list(self.unmet(where.of_sandbox)))
        self.assertEqual(list(self.unmet(where.of_sandbox)), [])
        passed = [call for call in calls.CALLS if call.off == 404]
        # A question to somebody is kept beside what changes them.
        kept = {"calls": {"workflows/triggerWorkflow 99": 1}, "updates": {}}
        for call in passed:
            kept["calls" if call.members else "updates"][call.path.removeprefix("/api/")] = 1
        found = self.went_on(where)
        self.assertEqual(found["calls"], kept["calls"])
        self.assertLessEqual(kept["updates"].items(), found["updates"].items())

    def try_all(self, mode):
        with place.Place(PROGRAM, shown_settings(), mode) as where:
            for call in calls.CALLS:
                with self.subTest(call=f"{call.method} {call.path}", forward=mode):
                    self.expect_taken(call, where.say(call.method, call.path, call.body), mode)
            self.expect_at_iterable(where, mode)

    def test_is_answered_without_a_forward(self):
        self.try_all("off")

    def test_is_answered_by_iterable(self):
        self.try_all("ask")

    def test_is_answered_and_goes_on_later(self):
        self.try_all("queue")

    def test_of_the_table_is_called(self):
        self.assertGreaterEqual(len(self.rows), 25)
        for row in self.rows:
            called = any(row.fits(call.method, call.path) for call in calls.CALLS)
            self.assertTrue(called, f"{row.where}: nothing calls {row.method} {row.path}")

    def test_that_the_daemon_knows_is_called(self):
        source = (ROOT / "runtime" / "intake_endpoint.cpp").read_text()
        paths = set(re.findall(r'"(/(?:api|v1)/[^"]*[^"/])"', source))
        self.assertGreaterEqual(len(paths), 35)
        for path in paths:
            known = documents.Row("", path, 0, "")
            called = any(known.fits("", call.path) for call in calls.CALLS)
            self.assertTrue(called, f"nothing calls {path}")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()

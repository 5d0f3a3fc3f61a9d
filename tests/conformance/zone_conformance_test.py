#!/usr/bin/env python3
"""Every zone of the machine, over eleven years and every change of its clocks: the program and
Python's zoneinfo have to agree on what the language says of gaps, overlaps, days, weeks, months
and the times that come again.

    zone_conformance_test.py build/dev/bin/zone_answers
    SOJOURN_ZONES_ALL=1 …     more readings and steps, every single day, and changes until 2100

Both read the files of TZDIR, or else of /usr/share/zoneinfo.
"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import unittest
import zoneinfo

import zone_questions
from zone_oracle import DAY, HOUR, MINUTE, SECOND, Change, Clock, date_of, day_number

DIRECTORY = pathlib.Path(os.environ.get("TZDIR") or "/usr/share/zoneinfo")
LONG = os.environ.get("SOJOURN_ZONES_ALL") == "1"
PROGRAM = None  # set from the command line

# Where changes are looked for: a step from one that is asked about leads a year away at most. The
# long form goes on to where files have no changes any more but the rule of their last line.
SPAN = (day_number(2018, 6, 1) * DAY, day_number(2100 if LONG else 2032, 6, 1) * DAY)
SPAN_OF_MISSING_DAYS = (day_number(2010, 6, 1) * DAY, day_number(2013, 6, 1) * DAY)
# Two changes within one stride could be overlooked, but the program would have them: that is a
# difference.
STRIDE = 6 * HOUR if LONG else 3 * DAY

# Where people go whose waits were chosen elsewhere.
OTHERS = ["America/New_York", "Australia/Lord_Howe"]

MAX_DIFFERENCES_SHOWN = 10

# With fewer than these the test has not asked what it is there for.
AT_LEAST = {"names": 400, "clocks that change": 120, "gaps": 2_000, "overlaps": 2_000,
            "gaps of half an hour": 11, "gaps of a day": 2, "questions": 400_000}
KINDS = {"shows": 10_000, "first": 10_000, "exists": 10_000, "changes": 400, "every": 50_000,
         "aim": 100_000, "plus": 50_000, "moved": 10_000}


def names():
    """All of the database. What begins small is no zone but a copy of one, or a folder of
    copies; Factory is the zone of a machine that nobody has set up."""
    found = []
    for path in DIRECTORY.rglob("*"):
        name = path.relative_to(DIRECTORY).as_posix()
        if not name[0].isupper() or name == "Factory" or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(4) == b"TZif":
                found.append(name)
    return sorted(found)


def clock_of(name):
    spans = [SPAN]
    if name in zone_questions.MISSING_DAYS or name in OTHERS:
        spans.insert(0, SPAN_OF_MISSING_DAYS)
    return Clock(name, spans, STRIDE)


class Asked:
    """All questions, in the order in which they are put, and what they were about."""

    def __init__(self):
        self.questions = []  # (zone, Question)
        self.counts = collections.Counter()
        self.kinds = collections.Counter()

    def add(self, name, clock, questions):
        self.questions.append((name, zone_questions.Question(f"zone {name}", "known")))
        self.questions += [(name, question) for question in questions]
        self.counts["names"] += 1
        self.counts["questions"] += len(questions)
        self.kinds.update(question.text.partition(" ")[0] for question in questions)
        changes = [c for c in clock.changes if zone_questions.BEGIN <= c.at < zone_questions.END]
        if name in zone_questions.MISSING_DAYS:
            changes += [c for c in clock.changes if c.after - c.before == DAY]
        self.counts["clocks that change"] += bool(changes)
        self._count_changes(changes)

    def _count_changes(self, changes):
        for change in changes:
            width = change.after - change.before
            self.counts["gaps" if width > 0 else "overlaps"] += 1
            self.counts["gaps of half an hour"] += width == HOUR // 2
            self.counts["gaps of a day"] += width == DAY


def everything():
    asked = Asked()
    others = [clock_of(name) for name in OTHERS]
    clock_of_file = {}
    questions_of_course = {}
    for name in names():
        content = (DIRECTORY / name).read_bytes()
        if content not in clock_of_file or name in zone_questions.MISSING_DAYS:
            clock_of_file[content] = clock_of(name)
        clock = clock_of_file[content]
        # The program is asked of every name; the oracle answers once for clocks that go alike.
        if clock.course not in questions_of_course:
            questions = list(zone_questions.ask(clock, others, SPAN[1], LONG))
            questions_of_course[clock.course] = questions
        asked.add(name, clock, questions_of_course[clock.course])
    return asked


def answers_to(questions):
    text = "".join(f"{question.text}\n" for _, question in questions)
    done = subprocess.run([PROGRAM], input=text, stdout=subprocess.PIPE, text=True, check=True,
                          env={**os.environ, "TZDIR": str(DIRECTORY)})
    return done.stdout.splitlines()


def readable(line):
    """Instants and readings as dates."""
    def date(number):
        day, time = divmod(int(number.group()), DAY)
        clock = f"{time // HOUR:02}:{time // MINUTE % 60:02}:{time % MINUTE / SECOND:06.3f}"
        return f"{date_of(day)}T{clock}"
    return re.sub(r"-?\d{11,}", date, line)


def differences(questions, answers):
    return [(zone, question, answer) for (zone, question), answer in zip(questions, answers)
            if question.answer != answer]


def report(found):
    lines = [f"{len(found)} answers differ; the first of them:"]
    for zone, question, answer in found[:MAX_DIFFERENCES_SHOWN]:
        lines += [f"{zone}: {question.text}", f"  that is   {readable(question.text)}",
                  f"  zoneinfo  {readable(question.answer)}", f"  program   {readable(answer)}"]
    return "\n".join(lines)


class EveryZone(unittest.TestCase):
    def test_is_read_as_the_language_says(self):
        asked = everything()
        print(", ".join(f"{count} {what}" for what, count in asked.counts.items()))
        print("questions:", ", ".join(f"{n} {kind}" for kind, n in sorted(asked.kinds.items())))
        for what, least in AT_LEAST.items():
            self.assertGreaterEqual(asked.counts[what], least, what)
        for kind, least in KINDS.items():
            self.assertGreaterEqual(asked.kinds[kind], least, kind)
        answers = answers_to(asked.questions)
        self.assertEqual(len(asked.questions), len(answers), "a question, an answer")
        found = differences(asked.questions, answers)
        if found:
            self.fail(report(found))

    def test_has_the_names_of_the_database(self):
        listed = [line.split() for line in (DIRECTORY / "tzdata.zi").read_text().splitlines()]
        named = {words[1] for words in listed if words[0] == "Z"}
        named |= {words[2] for words in listed if words[0] == "L"}
        self.assertEqual(set(), named - {"Factory"} - set(names()))


def instant(year, month, day, hour=0, minute=0):
    return day_number(year, month, day) * DAY + hour * HOUR + minute * MINUTE


class TheOracle(unittest.TestCase):
    """What is known without any program."""

    def test_moves_a_reading_in_a_gap_to_its_end(self):
        clock = clock_of("America/New_York")
        self.assertEqual(instant(2026, 3, 8, 7), clock.first(instant(2026, 3, 8, 2, 30)))

    def test_takes_the_first_of_two(self):
        clock = clock_of("America/New_York")
        self.assertEqual(instant(2026, 11, 1, 5, 30), clock.first(instant(2026, 11, 1, 1, 30)))

    def test_knows_the_half_hour_of_lord_howe(self):
        clock = clock_of("Australia/Lord_Howe")
        change = Change(instant(2026, 10, 3, 15, 30), 21 * HOUR // 2, 11 * HOUR)
        self.assertIn(change, clock.changes)
        self.assertEqual(change.at, clock.first(instant(2026, 10, 4, 2, 15)))

    def test_knows_the_day_that_apia_left_out(self):
        clock = clock_of("Pacific/Apia")
        friday = day_number(2011, 12, 30)
        self.assertEqual([True, False, True], [clock.has_day(friday + n) for n in (-1, 0, 1)])
        self.assertEqual(instant(2011, 12, 30, 10), clock.first(friday * DAY + 9 * HOUR))

    def test_has_one_daily_time_on_every_day(self):
        clock = clock_of("Europe/Berlin")
        half_past_two = clock.every(instant(2026, 3, 28, 2), "every", 150, 2)
        self.assertEqual([instant(2026, 3, 29, 1), instant(2026, 3, 30, 0, 30)],
                         [at for at, _ in half_past_two])

    def test_counts_days_by_the_clock_and_hours_as_they_pass(self):
        clock = clock_of("Europe/Berlin")
        noon = instant(2026, 3, 28, 11)
        self.assertEqual(instant(2026, 3, 29, 10), clock.aim(noon, "after", 0, 1, 0, -1)[0])
        self.assertEqual((instant(2026, 3, 29, 11), None),
                         clock.aim(noon, "after", 0, 0, 24 * HOUR, -1))

    def test_goes_to_the_last_day_of_a_shorter_month(self):
        clock = clock_of("Europe/Berlin")
        self.assertEqual(instant(2026, 2, 28, 9),
                         clock.aim(instant(2026, 1, 31, 9), "after", 1, 0, 0, -1)[0])


class ADifference(unittest.TestCase):
    def test_is_found_and_shown_with_dates(self):
        asked = [("Europe/Berlin", zone_questions.Question("first 1774751400000", "1774746000000")),
                 ("Europe/Berlin", zone_questions.Question("exists 3", "1"))]
        found = differences(asked, ["1774746000001", "1"])
        self.assertEqual(1, len(found))
        self.assertIn("that is   first 2026-03-29T02:30:00.000", report(found))
        self.assertIn("program   2026-03-29T01:00:00.001", report(found))


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    zoneinfo.reset_tzpath([str(DIRECTORY)])
    unittest.main()

"""The questions that a clock is asked, each with the answer that the oracle gives.

`ask(clock, …)` yields pairs of a question and its answer, both as zone_answers.cpp has them.
"""

import collections

from zone_oracle import DAY, HOUR, MINUTE, add_months_and_days, date_of, day_number

FIRST_YEAR, LAST_YEAR = 2020, 2030
BEGIN = day_number(FIRST_YEAR, 1, 1) * DAY
END = day_number(LAST_YEAR + 1, 1, 1) * DAY

# Days that clocks left out, in the years before: Samoa and Tokelau crossed the date line.
MISSING_DAYS = {"Pacific/Apia": day_number(2011, 12, 30),
                "Pacific/Fakaofo": day_number(2011, 12, 30)}

NINE = 9 * 60
WORKDAYS, MONDAY = 0b0011111, 0b0000001

Question = collections.namedtuple("Question", "text answer")


def shows(clock, at):
    return Question(f"shows {at}", f"{clock.shows(at)}")


def first(clock, reading):
    return Question(f"first {reading}", f"{clock.first(reading)}")


def exists(clock, day):
    return Question(f"exists {day}", "1" if clock.has_day(day) else "0")


def changes(clock, begin, end):
    found = [c for c in clock.changes if begin < c.at <= end]
    return Question(f"changes {begin} {end}",
                    " ".join(["at"] + [f"{c.at} {c.at + c.after}" for c in found]))


def every(clock, begin, days, minute, count):
    moments = clock.every(begin, days, minute, count)
    return Question(f"every {begin} {days} {minute} {count}",
                    " ".join(["at"] + [f"{at} {reading}" for at, reading in moments]))


def aim(clock, begin, way, months, days, millis, minute=-1):
    due, chosen = clock.aim(begin, way, months, days, millis, minute)
    return Question(f"aim {begin} {way} {months} {days} {millis} {minute}",
                    f"{due} {'-' if chosen is None else chosen}")


def plus(clock, begin, way, months, days, millis):
    due, _ = clock.aim(begin, way, months, days, millis, -1)
    return Question(f"plus {begin} {way} {months} {days} {millis}", f"{due}")


def moved(clock, other, begin, way, months, days, millis, minute=-1):
    due, chosen = clock.aim(begin, way, months, days, millis, minute)
    answer = " ".join(str(d) for d in clock.moved(other, due, chosen))
    return Question(f"moved {other.name} {begin} {way} {months} {days} {millis} {minute}", answer)


class Readings:
    """The readings that a change leaves out, or shows twice."""

    def __init__(self, change):
        self.low = change.at + min(change.before, change.after)
        self.end = change.at + max(change.before, change.after)
        self.width = self.end - self.low
        self.middle = (self.low + self.width // 2) // MINUTE * MINUTE
        self.all = [self.low - 1, self.low, self.middle, self.end - 1, self.end]
        self.day = self.low // DAY
        self.minute = self.middle % DAY // MINUTE


STEPS = [(0, 1), (0, 7), (1, 0)]
MORE_STEPS = STEPS + [(0, 2), (0, 30), (1, 1), (2, 0), (12, 0)]


def ask_about_landing(clock, near, steps):
    """Days, weeks and months that arrive at the change, from both sides."""
    for reading in near.all:
        for months, days in steps:
            for way, sign in (("after", -1), ("before", 1)):
                start = clock.first(add_months_and_days(reading, sign * months, sign * days))
                yield aim(clock, start, way, months, days, 0)
                if reading in (near.low, near.middle):
                    yield plus(clock, start, way, months, days, 0)


def ask_about_leaving(clock, change, near, steps):
    """From instants at the change: a day is what the clock says, 24 hours are 24 hours."""
    half = near.width // 2
    for at in (change.at - half, change.at - 1, change.at, change.at + half):
        yield shows(clock, at)
        for way in ("after", "before"):
            for months, days in steps[1:]:
                yield aim(clock, at, way, months, days, 0)
            yield aim(clock, at, way, 0, 0, DAY)
            yield aim(clock, at, way, 0, 1, 2 * HOUR)
            yield plus(clock, at, way, 0, 1, 90 * MINUTE)
    # Elapsed hours that arrive at the middle of the change.
    yield aim(clock, change.at + half - 24 * HOUR, "after", 0, 0, 24 * HOUR)
    yield aim(clock, change.at - half - 30 * HOUR, "after", 0, 1, 6 * HOUR)


def ask_about_times_of_day(clock, change, near):
    for minute in (NINE, near.minute):
        yield aim(clock, change.at - 26 * HOUR, "after", 0, 1, 0, minute)
        yield aim(clock, change.at - 23 * HOUR, "after", 0, 0, 24 * HOUR, minute)
        yield aim(clock, change.at + 70 * HOUR, "before", 0, 3, 0, minute)
        yield aim(clock, change.at, "after", 0, 0, 0, minute)
        yield aim(clock, clock.first(near.middle - DAY), "after", 0, 1, 0, minute)
        yield aim(clock, clock.first(near.middle - DAY), "after", 0, 1, HOUR, minute)


def ask_about_series(clock, change, near):
    """Daily, weekly, on workdays and monthly, over the change and from within it."""
    weekday = 1 << (near.day + 3) % 7
    month_day = f"month {date_of(near.day).day}"
    for minute in (near.minute, NINE, 0, 1439):
        yield every(clock, change.at - 3 * DAY, "every", minute, 6)
        yield every(clock, change.at - 10 * DAY, f"week {weekday}", minute, 3)
    yield every(clock, change.at - 3 * DAY, f"week {WORKDAYS}", NINE, 4)
    yield every(clock, change.at, f"week {MONDAY}", NINE, 2)
    yield every(clock, change.at - 20 * DAY, month_day, near.minute, 2)
    yield every(clock, change.at, "month 31", near.minute, 2)
    half = near.width // 2
    for at in (change.at - near.width, change.at - half, change.at - 1, change.at,
               change.at + half):
        yield every(clock, at, "every", near.minute, 2)
    for day in range(near.day - 1, near.day + 3):
        yield exists(clock, day)


def ask_about_moves(clock, change, near, others):
    """A wait that was chosen at one clock, for a person who goes on by another."""
    for other in others:
        yield moved(clock, other, change.at - 26 * HOUR, "after", 0, 1, 0, near.minute)
        yield moved(clock, other, clock.first(near.middle - 7 * DAY), "after", 0, 7, 0)
        # It arrives at the second of two equal readings.
        yield moved(clock, other, change.at + near.width // 2 - 25 * HOUR, "after", 0, 1, HOUR)
        yield moved(clock, other, change.at - HOUR, "after", 0, 0, DAY)


def ask_about_change(clock, change, others, long):
    near = Readings(change)
    steps = MORE_STEPS if long else STEPS
    for reading in near.all:
        yield first(clock, reading)
    yield from ask_about_landing(clock, near, steps)
    yield from ask_about_leaving(clock, change, near, steps)
    yield from ask_about_times_of_day(clock, change, near)
    yield from ask_about_series(clock, change, near)
    yield from ask_about_moves(clock, change, near, others)
    if long:
        for reading in range(near.low - HOUR, near.end + HOUR, 5 * MINUTE):
            yield first(clock, reading)
            yield aim(clock, clock.first(reading - DAY), "after", 0, 1, 0)


def ask_about_year(clock, year):
    """What has nothing to do with changes: the ends of months, and the next nine o'clock."""
    for month, months in ((1, 1), (3, 1), (8, 1), (10, 4)):
        last = clock.first(day_number(year, month, 31) * DAY + 10 * HOUR)
        yield aim(clock, last, "after", months, 0, 0)
        yield aim(clock, last, "before", months, 0, 0, NINE)
    middle = clock.first(day_number(year, 5, 20) * DAY + NINE * MINUTE)
    for at in (middle - 1, middle, middle + 1):
        yield shows(clock, at)
        yield every(clock, at, "every", NINE, 1)
        yield every(clock, at, f"week {MONDAY}", NINE, 1)
    yield every(clock, middle, "month 31", NINE, 3)
    if year % 4 == 0:
        leap = clock.first(day_number(year, 2, 29) * DAY + 12 * HOUR)
        yield aim(clock, leap, "after", 12, 0, 0)
        yield aim(clock, leap, "before", 12, 0, 0)


def ask_about_all_years(clock, last, long):
    yield changes(clock, BEGIN, last)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        yield from ask_about_year(clock, year)
    yield every(clock, BEGIN, f"week {MONDAY}", NINE, (END - BEGIN) // (7 * DAY))
    if long:
        for minute in (0, 150, NINE, 1439):
            yield every(clock, BEGIN, "every", minute, (END - BEGIN) // DAY)


def ask_about_missing_day(clock, day, others, long):
    change, = (c for c in clock.changes if abs(c.at - day * DAY) < 2 * DAY)
    yield changes(clock, (day - 20) * DAY, (day + 20) * DAY)
    yield from ask_about_change(clock, change, others, long)
    for begin in range(day * DAY - 2 * DAY, day * DAY + 2 * DAY, 5 * HOUR):
        for minute in (-1, 0, NINE, 1439):
            for days in (1, 2, 3):
                yield aim(clock, begin, "after", 0, days, 0, minute)
                yield aim(clock, begin + 2 * DAY, "before", 0, days, 0, minute)
        # 30 December 2011 was to be a Friday.
        for days in ("every", f"week {1 << (day + 3) % 7}", f"week {WORKDAYS}", "month 30"):
            yield every(clock, begin, days, NINE, 3)


def ask(clock, others, last, long):
    """All that is asked of a clock whose changes are known until `last`."""
    yield from ask_about_all_years(clock, last, long)
    for change in clock.changes:
        if BEGIN <= change.at < END:
            yield from ask_about_change(clock, change, others, long)
    if clock.name in MISSING_DAYS:
        yield from ask_about_missing_day(clock, MISSING_DAYS[clock.name], others, long)

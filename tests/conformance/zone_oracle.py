"""What a clock on the wall shows, and what the language says of it, by Python's zoneinfo.

Nothing here is shared with the program. Where the clock changes is found by looking at it day
after day; what a reading means near a change, by writing down the clock minute by minute.

Instants are milliseconds since 1970 in UTC. A reading is the same of a wall clock: what
1970-01-01T00:00 and so many milliseconds would be if no clock were ever changed. Days are counted
from 1970-01-01.
"""

import bisect
import collections
import datetime
import zoneinfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime.date(1970, 1, 1)

# After midnight in UTC; that of some zone lies 26 away at most. Those first that most have.
_HOURS_OF_A_DAY = sorted(range(-27, 52), key=lambda hour: abs(hour - 11))

# From `at` on the clock shows what it did plus `after` - `before`.
Change = collections.namedtuple("Change", "at before after")


def day_number(year, month, day):
    return (datetime.date(year, month, day) - EPOCH).days


def date_of(day):
    return EPOCH + datetime.timedelta(days=day)


def add_months_and_days(reading, months, days):
    """A day that its month lacks is the last one before it."""
    day, time = divmod(reading, DAY)
    date = date_of(day)
    years, month = divmod(date.month - 1 + months, 12)
    wanted = date.day
    while True:
        try:
            reached = datetime.date(date.year + years, month + 1, wanted)
            break
        except ValueError:
            wanted -= 1
    return ((reached - EPOCH).days + days) * DAY + time


class Walk:
    """The clock near one change, minute by minute."""

    def __init__(self, clock, change):
        reach = max(2 * HOUR, abs(change.after - change.before)) + HOUR
        self.begin = change.at - reach
        self.minutes = [(at, clock.shows(at))
                        for at in range(self.begin, change.at + reach + MINUTE, MINUTE)]
        self.first_shown = self.minutes[0][1]
        self.last_shown = self.minutes[-1][1]
        self.instants = {}
        for at, shown in self.minutes:
            self.instants.setdefault(shown, at)

    def has(self, reading):
        return self.first_shown <= reading < self.last_shown

    def first(self, reading):
        """The first instant at which the clock shows it; if it never does, the first at which
        it is beyond."""
        rest = reading % MINUTE
        if reading - rest in self.instants:
            return self.instants[reading - rest] + rest
        return next(at for at, shown in self.minutes if shown > reading)


class Clock:
    """The clock of a zone. Changes are looked for in `spans`, pairs of instants; what is asked
    has to lie in them. Clocks of the same `course` show the same there."""

    def __init__(self, name, spans, stride):
        self.name = name
        self.zone = zoneinfo.ZoneInfo.no_cache(name)
        self.changes = [c for begin, end in spans for c in self._changes(begin, end, stride)]
        self.change_instants = [change.at for change in self.changes]
        self.course = self.offset(spans[0][0]), *self.changes
        for one, other in zip(self.changes, self.changes[1:]):
            # A walk goes 25 hours to either side at most.
            if other.at - one.at < 3 * DAY:
                raise AssertionError(f"{name}: two changes within three days, a walk sees one")
        self.walks = {}
        self.days = {}

    def offset(self, at):
        offset = datetime.datetime.fromtimestamp(at // SECOND, self.zone).utcoffset()
        return (offset.days * 86_400 + offset.seconds) * SECOND

    def shows(self, at):
        return at + self.offset(at)

    def _changes(self, begin, end, stride):
        low, before = begin, self.offset(begin)
        while low < end:
            high = min(low + stride, end)
            after = self.offset(high)
            if after != before:
                yield self._change(low, high)
            low, before = high, after

    def _change(self, low, high):
        before, after = self.offset(low), self.offset(high)
        while high - low > SECOND:
            middle = (low + high) // 2 // SECOND * SECOND
            if self.offset(middle) == before:
                low = middle
            else:
                high = middle
        if high % MINUTE != 0 or (after - before) % MINUTE != 0:
            raise AssertionError(f"{self.name}: a change that is not on a minute")
        return Change(high, before, after)

    def _walks_near(self, reading):
        begin = bisect.bisect_left(self.change_instants, reading - 3 * DAY)
        end = bisect.bisect_right(self.change_instants, reading + 3 * DAY)
        for index in range(begin, end):
            if index not in self.walks:
                self.walks[index] = Walk(self, self.changes[index])
            yield self.walks[index]

    def first(self, reading):
        """The instant that a reading means: a gap's end, the first of two."""
        for walk in self._walks_near(reading):
            if walk.has(reading):
                return walk.first(reading)
        at = reading - self.offset(reading)
        at = reading - self.offset(at)
        if self.shows(at) != reading:
            raise AssertionError(f"{self.name}: {reading} is near a change that was not found")
        return at

    def has_day(self, day):
        """Whether the clock ever shows it."""
        if day not in self.days:
            self.days[day] = any(self.shows(day * DAY + hour * HOUR) // DAY == day
                                 for hour in _HOURS_OF_A_DAY)
        return self.days[day]

    def aim(self, begin, way, months, days, millis, minute):
        """`wait D at 09:00`, `3d before at 09:00`: when, and the reading that was chosen."""
        sign = {"after": 1, "before": -1}[way]
        chosen, due = None, begin
        if months or days:
            chosen = add_months_and_days(self.shows(begin), sign * months, sign * days)
            due = self.first(chosen)
        if millis:
            due += sign * millis
            chosen = None if chosen is None else self.shows(due)
        if minute >= 0:
            day = (self.shows(due) if chosen is None else chosen) // DAY
            if not self.has_day(day):
                day = self.shows(due) // DAY
            chosen = day * DAY + minute * MINUTE
            due = self.first(chosen)
        return due, chosen

    def every(self, begin, days, minute, count):
        """Once on every day that the clock shows and the rule has, later than `begin`."""
        kind, *number = days.split()
        per_day = {"every": 1, "week": 7, "month": 62}[kind]
        today = self.shows(begin) // DAY
        number = int(number[0]) if number else 0
        moments = []
        for day in range(today - 2, today + per_day * (count + 1) + 3):
            if _falls_on(kind, number, day) and self.has_day(day):
                reading = day * DAY + minute * MINUTE
                moments.append((self.first(reading), reading))
        later = sorted(moment for moment in moments if moment[0] > begin)
        return later[:count]

    def moved(self, other, due, chosen):
        """Where a wait is due once the person has moved to another clock, and back again: what
        was chosen is kept, and a clock that shows it then is left alone."""
        dues = [due]
        for clock in (other, self):
            if chosen is not None and clock.shows(due) != chosen:
                due = clock.first(chosen)
            dues.append(due)
        return dues


def _falls_on(kind, number, day):
    if kind == "every":
        return True
    if kind == "month":
        return date_of(day).day == number
    return bool(number & 1 << (day + 3) % 7)  # day 0 was a Thursday

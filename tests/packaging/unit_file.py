"""What the systemd unit says, as far as the tests ask: its settings, and the system calls that its
filter lets through, by the sets of the installed systemd."""

import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNIT = ROOT / "packaging" / "systemd" / "sojourn@.service"
ANALYZE = shutil.which("systemd-analyze")


def settings(text):
    """Every value of each setting, in the order of the file."""
    found = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def known_sets():
    """The members of each set (`@file-system`); some are sets themselves."""
    text = subprocess.run([ANALYZE, "syscall-filter", "--no-pager"], text=True, check=True,
                          capture_output=True).stdout
    sets, name = {}, None
    for line in text.splitlines():
        if line.startswith("@"):
            name = line.strip()
            sets[name] = []
        elif name and line.startswith("    ") and not line.strip().startswith("#"):
            sets[name].append(line.strip())
    return sets


def expand(word, sets):
    if not word.startswith("@"):
        return {word}
    return set().union(*(expand(member, sets) for member in sets[word]))


def allowed_calls(text):
    """Names. The first line says what is let through, one with a `~` takes away."""
    sets, allowed = known_sets(), set()
    for line in settings(text)["SystemCallFilter"]:
        calls = set().union(*(expand(word, sets) for word in line.removeprefix("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    # A filter of systemd's always has these.
    return allowed | expand("@default", sets)

"""What the documents show: their curl lines, their settings, and the table of paths."""

import dataclasses
import re
import tomllib

# Whoever reads a document puts their own address here.
PLACES = ("https://HOST", "http://127.0.0.1:8080")


@dataclasses.dataclass(frozen=True)
class Command:
    text: str  # for a shell; the daemon is at $URL, its key in $KEY
    where: str  # "docs/intake.md:27"


def blocks(text, language):
    """The fenced blocks of a language: the line that each begins at, and its text."""
    pattern = rf"^```{language}\n(.*?)^```$"
    for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        yield text.count("\n", 0, match.start()) + 2, match.group(1)


def is_whole(command):
    """Whether no quote is open and no line goes on; bodies have no quotes of a shell in them."""
    return command.count("'") % 2 == 0 and not command.endswith("\\")


def commands(path, root):
    """The curl lines of a document that speak to the daemon."""
    text = path.read_text()
    for first_line, block in blocks(text, "sh"):
        pending, began = "", 0
        for number, line in enumerate(block.splitlines(), first_line):
            if not pending and not line.startswith("curl "):
                continue
            began = began if pending else number
            pending = f"{pending}\n{line}" if pending else line
            if not is_whole(pending):
                continue
            for place in PLACES:
                pending = pending.replace(place, "$URL")
            if "$URL/" in pending:
                yield Command(pending, f"{path.relative_to(root)}:{began}")
            pending = ""
        if pending:
            raise ValueError(f"{path}:{began}: a curl line that does not end")


def merged(into, more):
    for name, value in more.items():
        if isinstance(value, dict):
            merged(into.setdefault(name, {}), value)
        else:
            into[name] = value
    return into


def settings(paths):
    """All settings that the documents show, as one table."""
    out = {}
    for path in paths:
        for _, block in blocks(path.read_text(), "toml"):
            merged(out, tomllib.loads(block))
    return out


@dataclasses.dataclass(frozen=True)
class Row:
    method: str
    path: str  # "/api/users/{email}"; what stands for a name matches any
    refused: int  # the status that the row begins with; 0: the call is taken
    where: str

    def fits(self, method, path):
        parts = re.split(r"(\{[^/}]*\}|NAME|…)", self.path)
        names = {"…": ".+"}
        pattern = "".join(names.get(part, "[^/]+") if place % 2 else re.escape(part)
                          for place, part in enumerate(parts))
        return method == self.method and re.fullmatch(pattern, path) is not None


def rows(path, root):
    """The table of a document whose first column has paths: "`POST /a/b`, `c`" are /a/b and /a/c, and
    a further "`…/d/e`" is /a/d/e."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("| `") or len(cells) != 2:
            continue
        method, folder = "", ""
        status = re.match(r"(\d{3})\b", cells[1])
        for name in re.findall(r"`([^`]+)`", cells[0]):
            found = re.fullmatch(r"(?:([A-Z]+) )?(/\S+|(?:…/)?[\w/{}]+)", name)
            if not found:
                break
            method, shown = found.group(1) or method, found.group(2)
            folder = folder if not shown.startswith("/") else shown.rsplit("/", 1)[0]
            whole = shown if shown.startswith("/") else f"{folder}/{shown.removeprefix('…/')}"
            yield Row(method, whole, int(status.group(1)) if status else 0,
                      f"{path.relative_to(root)}:{number}")

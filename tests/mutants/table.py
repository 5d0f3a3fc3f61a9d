"""The table of mutants in docs/testing.md: read, and written."""

import mutant_list

PAGE = mutant_list.ROOT / "docs/testing.md"
BEGIN, END = "<!-- mutants: written by `./dev mutants --table` -->\n", "<!-- end of mutants -->\n"


def by_whom(verdict):
    if verdict is None:
        return "not run yet"
    return f"{verdict.by}: {verdict.said}" if verdict.word == "killed" else verdict.word


def _cell(text):
    return text.replace("|", "\\|")


def _construct(mutant):
    # What is quoted from a sentence has its own marks.
    is_plain = "`" not in mutant.construct and "**" not in mutant.construct
    return _cell(f"`{mutant.construct}`" if is_plain else mutant.construct)


def lines(mutants, verdicts):
    """In the order of the reference."""
    constructs = mutant_list.constructs()
    place_of = {construct: place for place, construct in enumerate(constructs)}
    rows = sorted(zip(mutants, verdicts), key=lambda row: (
        place_of[mutant_list.meant_by(row[0], constructs)[0]], row[0].name))
    yield "| Construct | Mutant | What it means with it | Killed by |"
    yield "|---|---|---|---|"
    for mutant, verdict in rows:
        yield (f"| {_construct(mutant)} | {mutant.name} | {_cell(mutant.says)} | "
               f"{_cell(by_whom(verdict))} |")


def write(mutants, verdicts):
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n" + "\n".join(lines(mutants, verdicts)) + "\n\n" + END + after)


def names():
    """The mutants that the page has."""
    rows = PAGE.read_text().partition(BEGIN)[2].partition(END)[0].split("\n")
    return [row.split(" | ")[1] for row in rows if row.startswith("| ")][1:]

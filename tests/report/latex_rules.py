"""What TeX asks of tables."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"(?<!\\)[%#$&_^~]")


def assert_sound(latex: str) -> None:
    """Environments are closed, as many cells in each line as columns, nothing special as text."""
    for part in latex.split("\n\\begin{table}"):
        found = re.findall(r"\\(begin|end)\{(\w+)\}", part if part.startswith("\\begin") else "\\begin{table}" + part)
        assert found == [("begin", "table"), ("begin", "tabular"), ("end", "tabular"), ("end", "table")]
        layout = re.search(r"\\begin\{tabular\}\{([lr]+)\}", part)
        assert layout is not None
        lines = rows_of(part)
        assert {len(re.findall(r"(?<!\\)&", line)) for line in lines} == {len(layout[1]) - 1}
        assert all(line.endswith(r"\\") for line in lines)
        plain = [re.sub(r"\$\\?[\w<>-]+\$", "", line).replace(" & ", " ") for line in lines]
        assert [line for line in plain if SPECIAL.search(line)] == []
    assert latex.isascii()


def rows_of(latex: str) -> list[str]:
    body = latex.split(r"\toprule")[1].split(r"\bottomrule")[0].replace(r"\midrule", "")
    return [line for line in body.splitlines() if line.strip()]

"""Tables as CSV, Markdown and LaTeX, the latter by rules that TeX holds tables to."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from benchmark.report.latex import latex_table, latex_text
from benchmark.report.material import SuiteMaterial
from benchmark.report.report_table import ReportTable, shown_table
from benchmark.report.rows import runs_table
from benchmark.report.tables import summary_table

from .latex_rules import assert_sound, rows_of
from .synthetic import row, spec


def table(**others: object) -> ReportTable:
    raw = pd.DataFrame({"method": ["a_b", "c"], "error_percent": [0.1 + 0.2, None]})
    lines = [{"Method": "a_b", "Error (%)": "8 → 0.3 [0.1, 2]"}, {"Method": "c", "Error (%)": "-"}]
    settings: dict[str, object] = {"note": "A note.", "remarks": ("One.", "Two.")} | others
    return ReportTable("errors", "Errors of `a_b`", raw, shown_table(lines, ["Method", "Error (%)"]), **settings)  # type: ignore[arg-type]


def test_programs_get_every_digit_and_people_text() -> None:
    files = table().files()
    assert files["errors.csv"] == b"method,error_percent\na_b,0.30000000000000004\nc,\n"
    text = files["errors.md"].decode()
    assert text.startswith("# Errors of `a_b`\n\nA note.\n\n| Method")
    assert text.endswith("| c        | -                |\n\nOne.\n\nTwo.\n")
    assert set(files) == {"errors.csv", "errors.md", "errors.tex"}
    assert set(table(formats=("md",)).files()) == {"errors.md"}


def test_latex_by_hand() -> None:
    assert table().latex().splitlines() == [
        r"\begin{table}[htbp]",
        r"\centering",
        r"\scriptsize",
        r"\setlength{\tabcolsep}{2pt}",
        r"\caption{Errors of \texttt{a\_b}}",
        r"\label{tab:errors}",
        r"\begin{tabular}{lr}",
        r"\toprule",
        r"Method & Error (\%) \\",
        r"\midrule",
        r"a\_b & 8 $\rightarrow$ 0.3 [0.1, 2] \\",
        r"c & - \\",
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50 % of a_b", r"50 \% of a\_b"),
        ("rad²/s⁴", r"rad\textsuperscript{2}/s\textsuperscript{4}"),
        (r"a\b {x} #1 $ & ~ ^", r"a\textbackslash{}b \{x\} \#1 \$ \& \textasciitilde{} \textasciicircum{}"),
        ("< 3, ≥ 2 → ∞", r"$<$ 3, $\geq$ 2 $\rightarrow$ $\infty$"),
        ("use `a_b`, not `c`", r"use \texttt{a\_b}, not \texttt{c}"),
    ],
)
def test_what_latex_reads_otherwise_is_written_out(text: str, latex: str) -> None:
    assert latex_text(text) == latex


def test_what_all_lines_say_is_in_the_caption() -> None:
    lines = [{"Method": name, "Runs": "5", "Error (%)": "1"} for name in "ab"] + [
        {"Method": "c", "Runs": "5", "Error (%)": "2"}
    ]
    latex = latex_table(shown_table(lines, ["Method", "Runs", "Error (%)"]), "Errors", "tab:errors")
    assert r"\caption{Errors. In all lines: Runs: 5.}" in latex
    assert rows_of(latex)[0] == r"Method & Error (\%) \\"


def test_a_long_heading_takes_several_lines() -> None:
    shown = shown_table([{"Cost (residual evaluations)": "1"}], ["Cost (residual evaluations)"])
    assert rows_of(latex_table(shown, "T", "t"))[0] == r"\shortstack{Cost \\ (residual \\ evaluations)} \\"


def test_many_lines_are_in_several_tables_with_one_label_and_one_layout() -> None:
    shown = shown_table([{"Line": str(line), "In": "x" if line == 60 else "1"} for line in range(120)], ["Line", "In"])
    latex = latex_table(shown, "Lines", "tab:lines")
    parts = latex.split(r"\end{table}")[:-1]
    assert sum(len(rows_of(part)) - 1 for part in parts) == 120
    assert len(parts) == 3
    assert latex.count(r"\label") == 1
    assert [r"{Lines (continued)}" in part for part in parts] == [False, True, True]
    assert re.findall(r"\{tabular\}\{(\w+)\}", latex) == ["rl"] * 3


def test_the_summary_in_latex_is_sound() -> None:
    runs = runs_table([row(spec(f"m1_a%b{index}", f"method_{index}")) for index in range(2)])
    summary = summary_table(SuiteMaterial("de_fault", (), runs, (None, None), ()))
    assert_sound(summary.latex())
    assert len(rows_of(summary.latex())) == 3


def test_a_table_without_lines_says_so() -> None:
    empty = ReportTable("none", "None", pd.DataFrame(columns=["x"]), shown_table([], ["X (1)"]))
    assert "No run delivered a result." in empty.markdown()
    assert rows_of(empty.latex()) == [r"X (1) \\"]


def test_headings_that_are_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no headings \['Eror'\]"):
        table(essential=("Eror",))
    with pytest.raises(ValueError, match=r"no columns \['eror'\]"):
        table(sort_by={"Error (%)": "eror"})
    shorter = shown_table([{"Method": "c", "Error (%)": "-"}], ["Method", "Error (%)"])
    with pytest.raises(ValueError, match="1 lines of 2"):
        ReportTable("errors", "E", table().raw, shorter, sort_by={"Error (%)": "error_percent"})


def test_lines_are_sorted_by_numbers_where_there_are_any() -> None:
    sorted_by = table(sort_by={"Error (%)": "error_percent"})
    assert sorted_by.sort_values("Error (%)").tolist()[0] == 0.1 + 0.2
    assert sorted_by.sort_values("Method").tolist() == ["a_b", "c"]

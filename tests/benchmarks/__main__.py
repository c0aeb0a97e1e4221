"""`python -m tests.benchmarks`: measure, print, and on request write the results into the README beside this file."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.databases import SIZES, database
from tests.benchmarks.measures import PARTS, Plan

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurements that were asked for; 0."""
    asked = _parser().parse_args(arguments)
    for size in asked.sizes:
        _say(f"database of {size:,} tasks")
        database(size)
    if asked.only_databases:
        return 0
    plan = Plan(asked.sizes, asked.samples, asked.rounds)
    sections = [_conditions(plan)]
    for part in asked.parts:
        sections.append(PARTS[part](plan, _say))
        print(f"\n{sections[-1]}", flush=True)
    if asked.write:
        write_into(README, "\n".join(sections))
    return 0


def write_into(readme: Path, results: str) -> None:
    """Put the results between the marks of a README."""
    before, _, rest = readme.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{results}\n{END}{after}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART",
                        help=f"what to measure: {', '.join(PARTS)}; everything if none is named")
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES), metavar="N,N,…",
                        help="numbers of tasks (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=60, help="of each key (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="of each start and command (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the results into tests/benchmarks/README.md")
    parser.add_argument("--only-databases", action="store_true", help="make the databases and stop")
    return parser


def _sizes(text: str) -> list[int]:
    return sorted({int(part.replace("_", "")) for part in text.split(",")})


def _conditions(plan: Plan) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("strategy-tracker", "textual", "rich", "typer"))
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before"
    return (
        f"{packages}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}. "
        f"{plan.samples} samples of a key, {plan.rounds} rounds of starts and commands, terminal of 120x36, "
        "times in milliseconds where nothing else is said.\n"
    )


def _say(line: str) -> None:
    print(f"… {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""`tracker init`: the first strategy, without the wizard."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.cli import answers
from tracker.cli.invocation import Invocation
from tracker.cli.parameters import Json, option
from tracker.cli.parsing import example
from tracker.domain.errors import WrongUsage
from tracker.services.strategy import QUESTIONS, FirstStrategy, strategy_first

LARGEST_FILE = 1_000_000
"""Bytes; a file of answers that is larger is something else."""


@example(
    "tracker init --from strategy.toml",
    'tracker init --goal "Content that books calls" --who "Vet clinics, 2-10 staff" --why "Quiet weekdays" \\',
    '    --action "Book a call" --channel email --channel linkedin --owner "Mara Okafor" \\',
    '    --objective "Acquire new clients" --key-result "Signed clients" --unit clients --target 10',
)
def init(
    ctx: typer.Context,
    source: Annotated[str | None, option("--from", "FILE", "Answers in TOML or JSON; - reads standard input.")] = None,
    goal: Annotated[str | None, option("--goal", "TEXT", QUESTIONS["goal"])] = None,
    who: Annotated[str | None, option("--who", "TEXT", QUESTIONS["who"])] = None,
    why: Annotated[str | None, option("--why", "TEXT", QUESTIONS["why"])] = None,
    action: Annotated[str | None, option("--action", "TEXT", QUESTIONS["action"])] = None,
    channel: Annotated[list[str] | None, option("--channel", "NAME", "Through which channel? Again for each.")] = None,
    owner: Annotated[str | None, option("--owner", "NAME", QUESTIONS["owner"])] = None,
    approach: Annotated[str | None, option("--approach", "TEXT", "How, in one sentence?")] = None,
    cycle: Annotated[str | None, option("--cycle", "WORDS", QUESTIONS["cycle"])] = None,
    objective: Annotated[str | None, option("--objective", "TEXT", QUESTIONS["objective"])] = None,
    key_result: Annotated[str | None, option("--key-result", "TEXT", QUESTIONS["key_result"])] = None,
    unit: Annotated[str | None, option("--unit", "TEXT", QUESTIONS["unit"])] = None,
    baseline: Annotated[str | None, option("--baseline", "N", QUESTIONS["baseline"])] = None,
    target: Annotated[str | None, option("--target", "N", QUESTIONS["target"])] = None,
    direction: Annotated[str | None, option(
        "--direction", "WORD", "increase or decrease; else as the target is.")] = None,
    metric_kind: Annotated[str | None, option("--metric-kind", "WORD", "number, percent or currency.")] = None,
    currency: Annotated[str | None, option("--currency", "CODE", "Three letters, with currency.")] = None,
    json: Json = False,
) -> None:
    """Set up the first strategy, from flags, a file, or both (flags win). Every answer can be changed later.

    Nothing given: the wizard asks, where there is a terminal.
    """
    invocation: Invocation = ctx.obj
    given: dict[str, Any] = {
        "goal": goal, "who": who, "why": why, "action": action, "channels": channel, "owner": owner,
        "approach": approach, "cycle": cycle, "objective": objective, "key_result": key_result, "unit": unit,
        "baseline": baseline, "target": target, "direction": direction, "metric_kind": metric_kind,
        "currency": currency,
    }
    flags = {name: value for name, value in given.items() if value is not None}
    if source is None and not flags:
        _ask(invocation)
        return
    outcome = strategy_first(invocation.workspace(), first_strategy({**(_file(source) if source else {}), **flags}))
    answers.records_changed(invocation, outcome, as_json=json)
    if not json:
        invocation.output.say('Now the first task: tracker add "What is to be done kr:1"')


def _ask(invocation: Invocation) -> None:
    from tracker.cli.board import open_board

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("There is no terminal to ask in. Give the answers as flags (tracker init --help) or in a file "
                         f"(tracker init --from FILE, TOML or JSON with {', '.join(QUESTIONS)}).")
    open_board(invocation)


def first_strategy(answered: Mapping[str, Any]) -> FirstStrategy:
    """The answers as the service takes them.

    Raises:
        WrongUsage: one is not known, missing, or of the wrong kind.
    """
    known = {field.name: field for field in fields(FirstStrategy)}
    for name in answered:
        if name not in known:
            raise WrongUsage(f"{name!r} is no answer; there are {', '.join(known)}.")
    missing = [name for name, field in known.items()
               if field.default is MISSING and not str(answered.get(name) or "").strip()]
    if missing:
        raise WrongUsage("\n".join(["These answers are missing:", *(f"  {_flag(name)}  {_question(name)}"
                                                                     for name in missing)]))
    return FirstStrategy(**{name: _text(name, value) for name, value in answered.items()})


def _flag(name: str) -> str:
    return "--channel" if name == "channels" else f"--{name.replace('_', '-')}"


def _question(name: str) -> str:
    return QUESTIONS.get(name, "")


def _text(name: str, value: object) -> Any:
    if name == "channels":
        listed = value if isinstance(value, list) else [value]
        return [part.strip() for each in listed for part in str(each).split(",") if part.strip()]
    if isinstance(value, bool | dict | list):
        raise WrongUsage(f"{name} is one text or number, not {value!r}.")
    return str(value)


def _file(name: str) -> dict[str, Any]:
    """The answers in a file.

    Raises:
        WrongUsage: it is neither TOML nor JSON, or holds no answers.
        OSError: it cannot be read.
    """
    raw = sys.stdin.buffer.read(LARGEST_FILE + 1) if name == "-" else _read(Path(name))
    if len(raw) > LARGEST_FILE:
        raise WrongUsage(f"{name} is larger than answers can be ({LARGEST_FILE:,} bytes).")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUsage(f"{name} is no text in UTF-8; save it as UTF-8.") from None
    read = _as_json(name, text) if text.lstrip().startswith(("{", "[")) and not _is_toml(name) else _as_toml(name, text)
    if not isinstance(read, dict):
        raise WrongUsage(f"{name} holds no answers; it needs names and values, like goal = \"…\".")
    return read


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _is_toml(name: str) -> bool:
    return name.lower().endswith(".toml")


def _as_json(name: str, text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise WrongUsage(f"{name} is not whole JSON: {error}. Nothing was set up.") from None


def _as_toml(name: str, text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage(f"{name} is not TOML: {error}. Nothing was set up.") from None


COMMANDS = {"init": init}

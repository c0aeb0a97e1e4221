"""All commands by name, and where each is; a module is loaded when one of its commands is used."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
import typer.main

from tracker.cli.invocation import Invocation
from tracker.cli.parsing import STYLE, WordGroup, command, group

if TYPE_CHECKING:
    from typer._click.core import Command as ClickCommand
    from typer._click.core import Context as ClickContext
    from typer._click.formatting import HelpFormatter


class Entry(NamedTuple):
    """Where a command is, and the line that stands for it in the help."""

    section: str
    module: str
    summary: str
    is_group: bool = False


DAILY, STRATEGY, AROUND = "Every day", "Strategy", "Around it"

COMMANDS: dict[str, Entry] = {
    "add": Entry(DAILY, "add", "Add a task that cites a key result, in one line."),
    "list": Entry(DAILY, "lists", "List tasks, one line each, in the order of the board."),
    "search": Entry(DAILY, "lists", "Find tasks by what their title, contribution, notes and comments say."),
    "show": Entry(DAILY, "show", "Show everything about a task."),
    "why": Entry(DAILY, "show", "Show the key result, objective and strategy a task serves, with their figures."),
    "start": Entry(DAILY, "moves", "Start work on tasks."),
    "review": Entry(DAILY, "moves", "Hand tasks in for review."),
    "done": Entry(DAILY, "moves", "Finish tasks."),
    "move": Entry(DAILY, "moves", "Move tasks to any status that the rules allow."),
    "cancel": Entry(DAILY, "moves", "Cancel tasks, saying why."),
    "block": Entry(DAILY, "moves", "Mark tasks as blocked, saying by what; or take the mark away."),
    "wait": Entry(DAILY, "moves", "Make tasks wait for another one, or stop them waiting."),
    "assign": Entry(DAILY, "giving", "Give tasks to a person, or to nobody."),
    "due": Entry(DAILY, "giving", "Set or clear the due date of tasks."),
    "cite": Entry(DAILY, "giving", "Make tasks cite another key result."),
    "edit": Entry(DAILY, "editing", "Change any fields of tasks."),
    "comment": Entry(DAILY, "editing", "Write a message on a task."),
    "log": Entry(DAILY, "history", "Tell what was changed, of one task or of everything."),
    "undo": Entry(DAILY, "history", "Take back your last change."),
    "redo": Entry(DAILY, "history", "Bring back what was last undone."),
    "idea": Entry(DAILY, "ideas", "Ideas and arrivals: capture, list, promote to a task, drop.", True),
    "checkin": Entry(STRATEGY, "checkin", "Check a key result in: value, confidence, note; alone, whose turn it is."),
    "tree": Entry(STRATEGY, "trees", "Show the strategy from the top down: objectives, key results, first tasks."),
    "strategy": Entry(STRATEGY, "strategies", "The strategy: show, change, add, activate.", True),
    "cycle": Entry(STRATEGY, "cycles", "Cycles: list, add, grade, close, learn.", True),
    "objective": Entry(STRATEGY, "objectives", "Objectives: list, add, change.", True),
    "kr": Entry(STRATEGY, "key_results", "Key results: list, add, change.", True),
    "plan": Entry(STRATEGY, "plan", "Plan back from a goal to the first contact: show, steps, dates.", True),
    "audit": Entry(STRATEGY, "audit", "Find activity without result and intent without work; decide about it."),
    "flow": Entry(STRATEGY, "flow", "Show how work flows: forecast, cycle times, throughput, ageing."),
    "milestone": Entry(STRATEGY, "milestones", "Milestones of a key result: list, add, rename, remove.", True),
    "person": Entry(STRATEGY, "people", "People: list, add, change.", True),
    "channel": Entry(STRATEGY, "channels", "Channels: list, add.", True),
    "calendar": Entry(AROUND, "calendars", "Show by day what is due, published and comes round."),
    "init": Entry(AROUND, "first", "Set up the first strategy from flags or a file, without the wizard."),
    "import": Entry(AROUND, "transfer", "Read tasks or a whole workspace from a JSON or CSV file."),
    "export": Entry(AROUND, "transfer", "Write the workspace as JSON, CSV, calendar days or a one-page plan."),
    "sync": Entry(AROUND, "sync", "Sync assigned tasks with Asana or Wrike: connect, plan, run, resolve.", True),
    "demo": Entry(AROUND, "demo", "Open a living example in a throw-away database."),
    "doctor": Entry(AROUND, "doctor", "Check this installation and database, and say what to do."),
}


class Tree(WordGroup):
    """The program: its commands are known by name and summary, and built when used."""

    def list_commands(self, ctx: ClickContext) -> list[str]:
        """Every command's name, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: ClickContext, cmd_name: str) -> ClickCommand | None:
        """The command of that name, built from its module."""
        if cmd_name not in self.commands and cmd_name in COMMANDS:
            self.commands[cmd_name] = build(cmd_name)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: ClickContext, args: list[str]) -> tuple[str | None, ClickCommand | None, list[str]]:
        """The command that the first word names; a word that is nearly one is told which."""
        if args[0] not in COMMANDS and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS)
            meant = f" Did you mean {' or '.join(near)}?" if near else " tracker --help lists them."
            ctx.fail(f"There is no command {args[0]!r}.{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        """The commands in their sections, from the table alone."""
        for section in (DAILY, STRATEGY, AROUND):
            with formatter.section(section):
                formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()
                                    if entry.section == section])


def build(name: str) -> ClickCommand:
    """The command called `name`. Its module maps its commands' names to functions: COMMANDS, or VERBS of a group."""
    entry = COMMANDS[name]
    module = import_module(f"tracker.cli.{entry.module}")
    if entry.is_group:
        return group(name, entry.summary, module.VERBS, module.ALONE)
    return command(module.COMMANDS[name], name)


def _root(
    db: Annotated[str | None, typer.Option(
        "--db", metavar="FILE|URL", envvar="TRACKER_DB", help="The database to work in.")] = None,
    today: Annotated[str | None, typer.Option(
        "--today", metavar="DATE", envvar="TRACKER_TODAY", help="The day everything is reckoned at.")] = None,
    person: Annotated[str | None, typer.Option(
        "--as", metavar="PERSON", envvar="TRACKER_PERSON", help="Who acts.")] = None,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Keep the why above the work: every task cites a key result.

    `tracker` alone opens the board.
    """


def program() -> ClickCommand:
    """The whole command tree; nothing below it is built yet."""
    app = typer.Typer(
        cls=Tree,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog="\b\nExample:\n  tracker add \"Write the teaser @lena kr:2 due:fri\"",
        **(STYLE | {"add_completion": True}),
    )
    app.callback()(_root)
    return typer.main.get_command(app)


def run(words: Sequence[str], invocation: Invocation | None) -> int:
    """Run the command that `words` name; the exit code."""
    result: Any = program().main(list(words), prog_name="tracker", standalone_mode=False, obj=invocation)
    return result if isinstance(result, int) else 0

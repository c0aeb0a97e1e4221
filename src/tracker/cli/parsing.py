"""Typer's command and group, made to start quickly.

Typer turns every value into its type through Pydantic, whose import costs as much as Typer's own (60 ms), even for a
plain word or an option that was not given. These two classes take words as they are and leave the rest to Typer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
import typer.main
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from tracker.domain.errors import WrongUsage

if TYPE_CHECKING:
    from typer._click.core import Command as ClickCommand
    from typer._click.core import Context as ClickContext
    from typer._click.core import Parameter
    from typer._click.formatting import HelpFormatter

STYLE: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}
"""Plain help: Rich would cost 40 ms, and would read square brackets in what people wrote as markup."""


class LateCoercion:
    """Stands where Typer keeps a parameter's conversion; asks for the real one only when there is work for it."""

    def coerce(self, value: Any, param: Any, ctx: typer.Context) -> Any:
        """`value` as the command wants it."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if param.type_descriptor.annotation in (str, list[str]):
            return value
        param._runtime_param = None
        return param.get_runtime_param().coerce(value, param=param, ctx=ctx)


def _without_pydantic(params: list[Parameter]) -> list[Parameter]:
    for param in params:
        if getattr(param, "_runtime_param", "absent") is None:
            setattr(param, "_runtime_param", LateCoercion())  # noqa: B010 - not a declared attribute of the base class
    return params


class WordCommand(TyperCommand):
    """A command whose words are taken as they are."""

    def get_params(self, ctx: ClickContext) -> list[Parameter]:
        """The parameters, with conversion put off until it is needed."""
        return _without_pydantic(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: ClickContext) -> list[str]:
        """`[OPTIONS] TASK... PERSON`: arguments as their metavar has them."""
        arguments = [param.metavar or param.name for param in self.get_params(ctx) if isinstance(param, TyperArgument)]
        return [self.options_metavar or "", *arguments]

    def format_options(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        """Arguments and options; what an argument is, its words say better than the name of a Python type."""
        params = self.get_params(ctx)
        arguments = [(param.metavar or param.name, param.help or "") for param in params
                     if isinstance(param, TyperArgument)]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl(arguments)
        options = [record for param in params if isinstance(param, TyperOption)
                   and (record := param.get_help_record(ctx)) is not None]
        with formatter.section("Options"):
            formatter.write_dl(options)


class WordGroup(TyperGroup):
    """A group of such commands."""

    def get_params(self, ctx: ClickContext) -> list[Parameter]:
        """The parameters, with conversion put off until it is needed."""
        return _without_pydantic(super().get_params(ctx))


    def format_commands(self, ctx: ClickContext, formatter: HelpFormatter) -> None:
        """The commands with the first paragraph of their help, whole."""
        rows = [(name, " ".join((command.help or "").split("\n\n")[0].split()))
                for name in self.list_commands(ctx) if (command := self.get_command(ctx, name)) is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def example(*lines: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the example that its help ends with."""

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        setattr(function, "example", lines)  # noqa: B010 - functions have no declared attributes
        return function

    return mark


@dataclass(frozen=True, slots=True)
class FieldOption:
    """A field of a record as an option: `--due-on DAY`."""

    metavar: str
    what: str
    many: bool = False
    """Given several times, or with commas between."""


def taking_fields(options: Mapping[str, FieldOption]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each field; it gets those that were given as the dict `fields`."""

    def wrap(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def gathered(**values: Any) -> None:
            fields = {name: given for name in options if (given := values.pop(name)) not in (None, [])}
            function(**values, fields=fields)

        own = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
               for each in inspect.signature(function, eval_str=True).parameters.values() if each.name != "fields"]
        last = [each for each in own if each.name == "json"]
        added = [_option_of(name, each) for name, each in options.items()]
        signature = inspect.Signature([*(each for each in own if each.name != "json"), *added, *last])
        setattr(gathered, "__signature__", signature)  # noqa: B010 - functions have no declared attributes
        gathered.__annotations__ = {each.name: each.annotation for each in signature.parameters.values()}
        return gathered

    return wrap


def _option_of(name: str, field: FieldOption) -> inspect.Parameter:
    option = typer.Option(f"--{name.replace('_', '-')}", metavar=field.metavar, help=field.what)
    kind: Any = list[str] if field.many else str
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option])


def epilog_of(*functions: Callable[..., None]) -> str:
    """The end of a help: the example of a command, line by line, or one line of each of several commands."""
    examples = [getattr(function, "example", ()) for function in functions]
    lines = examples[0] if len(examples) == 1 else [each[0] for each in examples if each]
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def command(function: Callable[..., None], name: str) -> ClickCommand:
    """`function` as a command by itself."""
    app = typer.Typer(**STYLE)
    app.command(name=name, cls=WordCommand, epilog=epilog_of(function))(function)
    return typer.main.get_command(app)


class Verbs(NamedTuple):
    """Several commands under one word of a group."""

    summary: str
    functions: Mapping[str, Callable[..., None]]


def group(
    name: str, summary: str, functions: Mapping[str, Callable[..., None] | Verbs], default: Callable[..., None]
) -> ClickCommand:
    """Several commands under one word; `default` answers the word alone."""
    plain = {verb: function for verb, function in functions.items() if not isinstance(function, Verbs)}
    nested = {verb: verbs for verb, verbs in functions.items() if isinstance(verbs, Verbs)}
    below = [function for verbs in nested.values() for function in verbs.functions.values()]
    app = typer.Typer(cls=WordGroup, name=name, help=summary, invoke_without_command=True,
                      epilog=epilog_of(*plain.values(), *below), **STYLE)

    def alone(
        ctx: typer.Context,
        json: Annotated[bool, typer.Option("--json", help="Write JSON (described in JSON.md).")] = False,
    ) -> None:
        if ctx.invoked_subcommand is None:
            default(ctx, json=json)
        elif json:
            raise WrongUsage(f"Put --json behind {ctx.invoked_subcommand}.")

    app.callback()(alone)
    _add(app, plain)
    for verb, verbs in nested.items():
        inner = typer.Typer(cls=WordGroup, name=verb, help=verbs.summary, no_args_is_help=True,
                            epilog=epilog_of(*verbs.functions.values()), **STYLE)
        _add(inner, verbs.functions)
        app.add_typer(inner)
    return typer.main.get_command(app)


def _add(app: typer.Typer, functions: Mapping[str, Callable[..., None]]) -> None:
    for verb, function in functions.items():
        app.command(name=verb, cls=WordCommand, epilog=epilog_of(function))(function)

"""Questions while connecting, for whoever sits at a terminal; everywhere else options have to say it all."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from tracker.cli.output import Output
from tracker.domain.errors import NotFound, WrongUsage
from tracker.reports.ink import shown
from tracker.services.sync import connecting

if TYPE_CHECKING:
    from tracker.domain.remote import Named

SHOWN = 30
"""Choices that are listed at once; of more, letters are asked for first."""
LEAST_WIDTH = 20
"""Cells that broken lines need beside their margin."""
LONGEST_LINE = 8192
"""Characters of an answer, or of a token on standard input."""


def _broken(text: str, width: int | None) -> list[str]:
    """Lines that fit, as far in as the first."""
    margin = " " * (len(text) - len(text.lstrip()))
    if width is None or len(text) <= width or width < len(margin) + LEAST_WIDTH:
        return [text]
    return textwrap.wrap(text, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False)


class Asking:
    """Asks on a terminal; without one every question is an error that names the option."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self.can_ask = output.is_terminal and sys.stdin.isatty()

    def say(self, text: str) -> None:
        """Tell something, on a terminal broken between words; what others wrote cannot play tricks."""
        for line in _broken(shown(text), self._output.line_width):
            self._output.say(line)

    def line(self, question: str) -> str:
        """An answer.

        Raises:
            typer.Abort: there will be none.
        """
        self._output.talk.write(f"{question} ")
        self._output.talk.flush()
        answer = sys.stdin.readline(LONGEST_LINE)
        if not answer:
            raise typer.Abort
        return answer.strip()

    def agrees(self, question: str, *, otherwise: bool) -> bool:
        """Yes or no; Enter is `otherwise`, which is the answer without a terminal too."""
        if not self.can_ask:
            return otherwise
        while True:
            answer = self.line(f"{question} ({'Y/n' if otherwise else 'y/N'})").casefold()
            if answer in ("", "y", "yes", "n", "no"):
                return otherwise if not answer else answer.startswith("y")

    def choice(self, found: Sequence[Named], words: str | None, what: str) -> Named:
        """One of them: the one that `words` mean, the only one, or the one that is chosen by number or words.

        Raises:
            NotFound, WrongUsage: it is not there; nothing was said and nobody can be asked.
        """
        if words is not None:
            return connecting.choose(found, words, what)
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotFound(f"There is no {what} that this token may see; make one there, or use another token.")
        if not self.can_ask:
            raise WrongUsage(f"Name the {what} with --{what}: {connecting.listed(found)}.")
        return self._chosen(found, what)

    def _chosen(self, found: Sequence[Named], what: str) -> Named:
        offered = self._offer(found)
        while True:
            words = self.line(f"Which {what}? Number or name:")
            if words.isascii() and words.isdigit() and 1 <= int(words[:6]) <= len(offered):
                return offered[int(words[:6]) - 1]
            try:
                return connecting.choose(found, words, what)
            except NotFound:
                self.say(f"There is no {what} like that.")
            except WrongUsage:
                offered = self._offer([each for each in found if words.casefold() in each.name.casefold()])

    def _offer(self, found: Sequence[Named]) -> Sequence[Named]:
        for number, each in enumerate(found[:SHOWN], 1):
            self.say(f"  {number:2}  {each.name}")
        if len(found) > SHOWN:
            self.say(f"  and {len(found) - SHOWN:,} more; letters of a name find them")
        return found[:SHOWN]


def token_of(asking: Asking, variables: Sequence[str], help_words: str, *, from_stdin: bool) -> tuple[str, str | None]:
    """The token, and the environment variable that it came from; None when it has to be kept.

    Raises:
        WrongUsage: there is none, and nobody can be asked.
    """
    if from_stdin:
        return (_typed() if sys.stdin.isatty() else sys.stdin.readline(LONGEST_LINE).strip()), None
    for variable in variables:
        if token := os.environ.get(variable):
            return token.strip(), variable
    if not asking.can_ask:
        raise WrongUsage("There is no token. Pipe it in with --token-stdin, or put it into the environment as "
                         f"{variables[0]}. {help_words}")
    asking.say(help_words)
    return _typed(), None


def fresh_token(asking: Asking, variable: str, help_words: str, *, from_stdin: bool) -> str:
    """A token that somebody gives now, whatever the environment holds.

    Raises:
        WrongUsage: nobody can be asked.
    """
    if from_stdin and not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST_LINE).strip()
    if not asking.can_ask:
        raise WrongUsage(f"Pipe the token in with --token-stdin, or put it into the environment as {variable}.")
    asking.say(help_words)
    return _typed()


def _typed() -> str:
    from getpass import getpass  # imported here: only a person at a terminal needs it

    try:
        return getpass("Token (it is not shown): ").strip()
    except EOFError:
        raise typer.Abort from None



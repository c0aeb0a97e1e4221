"""Kinds of columns and their checks: what a database does not hold by its types, it holds by a CHECK."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DefaultClause,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

OPEN = "'backlog','assigned','doing','review'"
STARTED = "'doing','review','done'"
OWNED = "'assigned','doing','review','done'"


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept exactly: NUMERIC in PostgreSQL, its text in SQLite, which has no exact decimal of its own."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TEXT where the database has no exact decimal, NUMERIC elsewhere."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """The plain text of the number for SQLite (no exponent), the number itself elsewhere."""
        if value is None:
            return None
        return format(Decimal(str(value)), "f") if dialect.name == "sqlite" else Decimal(str(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The exact number."""
        return None if value is None else Decimal(str(value))


def exact(*, nullable: bool, default: Decimal | None = None) -> Any:
    """A field for an exact decimal."""
    column: Column[Decimal] = Column(ExactDecimal, nullable=nullable)
    return Field(sa_column=column) if default is None and not nullable else Field(default=default, sa_column=column)


def is_number(name: str) -> str:
    """The SQL of an exact decimal as a number that can be compared."""
    return f"CAST({name} AS NUMERIC)"


def one_of(name: str, words: str) -> CheckConstraint:
    """The column holds one of `words` (quoted, with commas)."""
    return CheckConstraint(f"{name} IN ({words})", name=f"{name}_is_known")


def flag(name: str) -> list[CheckConstraint]:
    """The column holds 0 or 1."""
    return [CheckConstraint(f"{name} IN (0,1)", name=f"{name}_is_a_flag")]


def real_dates(*names: str) -> list[CheckConstraint]:
    """The columns hold days of the years 1 to 9999, which is what Python knows."""
    # SQLite: plain date(x) IS x accepts 31 November; '+0 days' makes it normalise. It also knows years before 1.
    # PostgreSQL's DATE is a real day but goes on past 9999 and knows infinity.
    return [
        check
        for name in names
        for check in (
            CheckConstraint(
                f"date(\"{name}\",'+0 days') IS \"{name}\" AND \"{name}\" >= '0001-01-01'", name=f"{name}_is_a_day"
            ).ddl_if(dialect="sqlite"),
            CheckConstraint(
                f"\"{name}\" BETWEEN '0001-01-01' AND '9999-12-31'", name=f"{name}_is_a_day"
            ).ddl_if(dialect="postgresql"),
        )
    ]


def partial(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows that `condition` (SQL) holds for."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


def references(columns: str, table: str, target: str = "id", *, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """The columns (names with commas) name a row of `table`."""
    names = columns.split(",")
    targets = [f"{table}.{column}" for column in target.split(",")]
    return ForeignKeyConstraint(names, targets, ondelete=ondelete, onupdate="CASCADE")


def complete_tables(models: Iterable[type[SQLModel]]) -> None:
    """Repeat in the database what the classes say of defaults and types, so that plain SQL is held to it as well."""
    for model in models:
        table = SQLModel.metadata.tables[str(model.__tablename__)]
        _repeat_defaults(model, table)
        for column in list(table.columns):
            if column.computed is None:
                _hold_type(table, column)


def _repeat_defaults(model: type[SQLModel], table: Table) -> None:
    for name, about in model.model_fields.items():
        column = table.c[name]
        if column.primary_key or column.computed is not None or column.server_default is not None:
            continue
        if about.default_factory is list:
            column.server_default = DefaultClause("[]")
        elif isinstance(about.default, str | int | Decimal):
            column.server_default = DefaultClause(str(about.default))


def _hold_type(table: Table, column: Column[Any]) -> None:
    """SQLite takes any value in any column, and PostgreSQL's NUMERIC takes NaN: refuse both."""
    name = f'"{column.name}"'
    of_type = column.type
    if isinstance(of_type, Date) or (isinstance(of_type, Integer) and column.primary_key and column.name == "number"):
        return  # has a check of its own; is SQLite's row id, which is an integer anyway
    if isinstance(of_type, ExactDecimal):
        # an optional minus, digits, at most one point: what Decimal() reads, without exponents
        digits = (
            f"typeof({name}) IN ('text','null') AND {name} GLOB '*[0-9]*' AND {name} NOT GLOB '*[^-0-9.]*' "
            f"AND {name} NOT GLOB '*.*.*' AND {name} NOT GLOB '?*-*'"
        )
        _check(table, f"{column.name}_is_a_number", digits, "sqlite")
        _check(table, f"{column.name}_is_a_number", f"{name} NOT IN ('NaN','Infinity','-Infinity')", "postgresql")
    elif isinstance(of_type, Integer):
        _check(table, f"{column.name}_is_a_whole_number", f"typeof({name}) IN ('integer','null')", "sqlite")
    elif isinstance(of_type, Numeric):
        # up to a million hours: a bound that infinity does not pass
        finite = f"typeof({name}) IN ('integer','real','null') AND {name} <= 1000000"
        _check(table, f"{column.name}_is_a_number", finite, "sqlite")
        _check(table, f"{column.name}_is_a_number", f"{name} <= 1000000", "postgresql")
    elif isinstance(of_type, JSON):
        # json_valid() may not stand in a schema that is not trusted, so SQLite looks at the brackets only
        brackets = f"typeof({name}) IN ('text','null') AND {name} GLOB '[[{{]*[]}}]'"
        _check(table, f"{column.name}_is_a_list_or_object", brackets, "sqlite")
        _check(table, f"{column.name}_is_a_list_or_object", f"json_typeof({name}) IN ('array','object')", "postgresql")
    elif not column.foreign_keys and f"{column.name}_is_known" not in {check.name for check in table.constraints}:
        # what refers to a text or is one of some words is text by that
        _check(table, f"{column.name}_is_text", f"typeof({name}) IN ('text','null')", "sqlite")


def _check(table: Table, name: str, sql: str, dialect: str) -> None:
    table.append_constraint(CheckConstraint(sql, name=name).ddl_if(dialect=dialect))



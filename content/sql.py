"""Raw SQL: a time limit for the statements of a block, and fast reads past the ORM in PostgreSQL's binary form."""

import contextlib
import datetime
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, Generic, TypeVar

import psycopg
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, OperationalError, connection, models, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from content.errors import QueryTooSlow

Row = TypeVar("Row", bound=models.Model)
SET_TIMEOUT = """
    SELECT told, set_config('statement_timeout',
        CASE WHEN told::interval > interval '0' AND told::interval < %s * interval '1 ms' THEN told ELSE %s END, true)
    FROM (SELECT current_setting('statement_timeout') AS told) AS before
"""


@contextlib.contextmanager
def time_limit(milliseconds: int) -> Iterator[None]:
    """Run a block in a transaction whose statements take at most `milliseconds` each.

    A lower limit that the session or a block around it has stays; it returns afterwards. Raises QueryTooSlow.
    """
    is_nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SET_TIMEOUT, [milliseconds, str(milliseconds)])
            (before, _now) = cursor.fetchone()
            yield
            if is_nested:  # otherwise it ends with the transaction
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            message = _("The search took too long. Use rarer words, or narrow it with a filter.")
            raise QueryTooSlow("search_too_slow", message) from error
        raise


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is of one moment. Inside an open transaction its isolation level applies instead."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def set_in_transaction(name: str, value: str) -> None:
    """Set a parameter of the session until the transaction ends, or the savepoint is undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def fetch_prepared(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row that a prepared statement finds, None without one. See `execute_prepared`."""
    row: tuple[Any, ...] | None = _run_prepared(statement, parameters, lambda cursor: cursor.fetchone())
    return row


def execute_prepared(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> int:
    """Run a prepared statement. Returns how many rows it wrote. Raises Django's database errors.

    For statements that thousands of requests send with other parameters: PostgreSQL parses one once in each connection,
    and after a few times has one plan for all parameters; to plan a join of four tables takes it four times as long as
    to run it. Not for statements whose best plan depends on the parameters. Behind PgBouncer (DATABASE_DIRECT_URL)
    nothing is prepared, and all else is the same.
    """
    return int(_run_prepared(statement, parameters, lambda cursor: cursor.rowcount))


def _run_prepared(statement: str, parameters: Any, result: Callable[[Any], Any]) -> Any:
    connection.ensure_connection()
    if not (connection.queries_logged or settings.DATABASE_DIRECT):  # Django's log cannot show what is prepared
        try:
            return _run_in_prepared_cursor(statement, parameters, result)
        except NotSupportedError:
            # a migration changed the type of a column: PostgreSQL refuses the plan from before it
            if connection.in_atomic_block:
                raise
            connection.connection.close()  # the pool takes no closed one back
            connection.close()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return result(cursor)


def _run_in_prepared_cursor(statement: str, parameters: Any, result: Callable[[Any], Any]) -> Any:
    connection.validate_no_broken_transaction()
    session = connection.connection
    session.prepare_threshold = 0
    try:
        with connection.wrap_database_errors, psycopg.Cursor(session) as cursor:
            if not connection.execute_wrappers:  # Django's own cursor takes as long as all else here
                cursor.execute(statement, parameters)
            else:
                connection.make_cursor(cursor).execute(statement, parameters)  # type: ignore[arg-type]
            return result(cursor)
    finally:
        session.prepare_threshold = None  # else psycopg stores the last hundred statements of Django, values too


def fetch_rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows. Bytes arrive without being decoded from text, which is much faster.

    Raises Django's database errors. Django does not see these statements: neither assertNumQueries nor a query log.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


class ModelColumns(Generic[Row]):
    """Some columns of a model, all if none is named, in a statement of our own, and instances of what it returned.

    For statements that each of thousands of requests needs: the ORM takes longer to write one of four tables anew, each
    time the same, than PostgreSQL to answer it. `sql` are the columns with the alias of their table. Fields that are
    not named are deferred, as `only` defers them.
    """

    def __init__(self, model: type[Row], alias: str, *names: str) -> None:
        fields = [each for each in model._meta.concrete_fields if not names or each.attname in names]
        if names and len(fields) != len(names):
            raise ValueError(f"{model.__name__} lacks one of {names}")
        self._model, self._names = model, frozenset(each.attname for each in fields)
        converters = [(place, getattr(each, "from_db_value", None)) for place, each in enumerate(fields)]
        self._converters = [(place, convert) for place, convert in converters if convert]
        self._count = len(fields)
        self.sql = ", ".join(f'{alias}."{each.column}"' for each in fields)

    def instance(self, values: Iterator[Any]) -> Row:
        """The instance made of the next values of a row."""
        own = list(islice(values, self._count))
        for place, convert in self._converters:
            own[place] = convert(own[place], None, connection)
        return self._model.from_db(DEFAULT_DB_ALIAS, self._names, own)


class PreparedByKey(Generic[Row]):
    """Finds the row with a key among those of a queryset, by one prepared statement that the ORM writes once.

    `rows` is called at the first use; it must give the same rows whenever it is called: no time, no language. `names`
    are the columns that are read; all others are deferred.
    """

    _ANY_KEY = "\N{REPLACEMENT CHARACTER}"

    def __init__(self, rows: Callable[[], QuerySet[Row]], *names: str) -> None:
        self._rows, self._names = rows, names

    @functools.cached_property
    def _compiled(self) -> tuple[type[Row], str, list[Any]]:
        rows = self._rows().order_by().filter(key=self._ANY_KEY)
        names = [field.attname for field in rows.model._meta.concrete_fields if field.attname in self._names]
        assert sorted(names) == sorted(self._names), self._names  # noqa: S101 - from_db takes them in this order
        statement, parameters = rows.values_list(*names).query.sql_with_params()
        return rows.model, statement, list(parameters)

    def get(self, key: str) -> Row | None:
        """The row, or None."""
        found = fetch_prepared(self.statement, self.parameters(key))
        return None if found is None else self.instance(found)

    @property
    def statement(self) -> str:
        """The statement, which finds one row at most. Its columns have the names of the model's."""
        return self._compiled[1]

    def parameters(self, key: str) -> list[Any]:
        """The parameters of the statement for a key."""
        return [key if each == self._ANY_KEY else each for each in self._compiled[2]]

    def instance(self, values: Sequence[Any]) -> Row:
        """The instance made of the values of one row of the statement."""
        return self._compiled[0].from_db(DEFAULT_DB_ALIAS, self._names, values)

    def __len__(self) -> int:
        """How many columns the statement has."""
        return len(self._names)


def state_of_tables(*tables: type[models.Model]) -> str:
    """A text that is another one after any change of these tables, and never comes back.

    It has the transaction and the place of each row's last version. One statement; for tables of some hundred rows.
    """
    names = (connection.ops.quote_name(each._meta.db_table) for each in tables)
    hashes = ", ".join(
        f"(SELECT md5(string_agg(t.xmin || ' ' || t.ctid, ',' ORDER BY t.id)) FROM {name} t)"  # noqa: S608 (names of tables)
        for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT concat_ws(' ', {hashes})")
        return str(cursor.fetchone()[0])


def state_of_rows(rows: QuerySet[Any, Any]) -> str:
    """A text that is another one when the query finds other rows, in another order or with other values.

    One statement, which sends no rows. Of related rows only what the query itself selects counts.
    """
    try:
        statement, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(r::text, ',')) FROM ({statement}) r", parameters)  # noqa: S608
        return str(cursor.fetchone()[0])


def refresh_planner_statistics(*tables: type[models.Model]) -> None:
    """Let PostgreSQL count these tables anew, from a sample: its plans are made for the sizes that it knows."""
    names = ", ".join(connection.ops.quote_name(each._meta.db_table) for each in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")


def sort_in_waiting_words(index: str) -> None:
    """Sort in what waits in the list of a GIN index with `fastupdate`, each word once for all rows that have it.

    Searches look through that list from end to end, so that none should stay: call it after the rows are written, in
    their transaction. Rows that nobody else sees yet are sorted in too. PostgreSQL lets only the owner of the index do
    so; for anybody else this does nothing, and autovacuum sorts them in later.
    """
    owned = "SELECT gin_clean_pending_list(oid) FROM pg_class WHERE oid = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(f"{owned} AND pg_has_role(relowner, 'USAGE')", [index])


def array_literal(numbers: Iterable[int]) -> str:
    """Write integers as a PostgreSQL array literal: much faster than letting psycopg adapt a long list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def one_of(ids: Iterable[int]) -> RawSQL:
    """What `column__in=` takes for thousands of primary keys. PostgreSQL weighs each value of a list to make a plan."""
    return RawSQL("SELECT unnest(%s::bigint[])", [array_literal(ids)])


def give_keys(rows: Sequence[models.Model]) -> None:
    """Give new rows of one table their primary keys, in this order, from the sequence of the table."""
    if not rows:
        return
    meta = rows[0]._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(own) FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS own OFFSET 0) AS sequence,"
            " generate_series(1, %s)",  # its name is looked up once
            [connection.ops.quote_name(meta.db_table), meta.pk.column, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def store_numbers(rows: Sequence[models.Model], name: str) -> None:
    """Store one column of numbers of these rows of one table, as `bulk_update` does, in a tenth of its time."""
    if not rows:
        return
    meta, quoted = rows[0]._meta, connection.ops.quote_name
    (of_number,) = (each.column for each in meta.concrete_fields if each.attname == name)
    table, key, column = quoted(meta.db_table), quoted(str(meta.pk.column)), quoted(str(of_number))
    numbers = [array_literal(getattr(row, each) for row in rows) for each in ("pk", name)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = new.number"  # noqa: S608 (names of a table and its columns)
            f" FROM unnest(%s::bigint[], %s::bigint[]) AS new(key, number) WHERE {table}.{key} = new.key",
            numbers,
        )


# fields that hand such values to the database as they are: to ask each of them cost more than all else of a COPY
_PLAIN_FIELDS = {
    models.CharField,
    models.TextField,
    models.PositiveIntegerField,
    models.ForeignKey,
    models.BigAutoField,
    models.BooleanField,
}
_PLAIN_VALUES = {str, int, bool, datetime.date, type(None)}


def _is_plain_day(field: Any) -> bool:
    return type(field) is models.DateField and not (field.auto_now or field.auto_now_add)


def _copied_value(field: Any, row: models.Model) -> Any:
    """The value of a new row as COPY writes it. Raises TypeError for what only the database computes."""
    value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
    if hasattr(value, "as_sql"):
        raise TypeError(f"COPY cannot write an expression; give {field} a value.")
    return value


def _values_of(fields: Sequence[Any]) -> Callable[[models.Model], tuple[Any, ...]]:
    """What gives the values of these fields of a row, as they are."""
    if len(fields) > 1:
        return attrgetter(*(each.attname for each in fields))
    return lambda row: tuple(getattr(row, each.attname) for each in fields)


def copy_rows(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table with COPY, as `bulk_create` does, in half its time.

    Either all or none have keys (`give_keys`); without, the database gives them and the objects do not learn them.
    """
    if not rows:
        return
    meta = rows[0]._meta
    has_keys = rows[0].pk is not None
    written = [each for each in meta.concrete_fields if not each.generated and (has_keys or not each.primary_key)]
    plain = [each for each in written if type(each) in _PLAIN_FIELDS or _is_plain_day(each)]
    others = [each for each in written if each not in plain]
    plain_values = _values_of(plain)
    names = ", ".join(connection.ops.quote_name(str(each.column)) for each in (*plain, *others))
    statement = f"COPY {connection.ops.quote_name(meta.db_table)} ({names}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = plain_values(row)
            if not _PLAIN_VALUES.issuperset(map(type, values)):
                values = tuple(_copied_value(each, row) for each in plain)
            copy.write_row((*values, *(_copied_value(each, row) for each in others)))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias

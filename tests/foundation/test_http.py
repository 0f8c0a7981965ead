"""GET only reads, POST is one transaction, other methods are answered 405."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory

from foundation.http import WriteInReadError, http_methods, only_reads
from townships.models import PolicyDocument

pytestmark = pytest.mark.both

ask = RequestFactory()


def write() -> None:
    PolicyDocument.objects.create(key=f"d{PolicyDocument.objects.count()}", title="意见")


@http_methods("GET", "POST")
def writing(request: HttpRequest, status: int = 200) -> HttpResponse:
    write()
    return HttpResponse(status=status)


@http_methods("GET", "POST")
def failing(request: HttpRequest) -> HttpResponse:
    write()
    raise LookupError


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ('SELECT "x"."update" FROM "x"', True),
        ("(SELECT 1) UNION (SELECT 2)", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("SELECT 1;", True),
        ("SELECT 'DELETE FROM x; --', \"INSERT\"", True),
        ("-- first\nSELECT 1", True),
        ("EXPLAIN SELECT 1", True),
        ('SAVEPOINT "s1"', True),
        ('RELEASE SAVEPOINT "s1"', True),
        ('ROLLBACK TO SAVEPOINT "s1"', True),
        ("INSERT INTO x VALUES (1)", False),
        ("UPDATE x SET a = 1", False),
        ("DELETE FROM x", False),
        ("TRUNCATE x", False),
        ("CREATE TABLE x (a int)", False),
        ("SELECT 1 INTO y", False),
        ("SELECT * FROM x FOR UPDATE", False),
        ("SELECT nextval('x_id_seq')", False),
        ("SELECT 1; DELETE FROM x", False),
        ("/* SELECT */ DELETE FROM x", False),
        ("WITH a AS (INSERT INTO x VALUES (1) RETURNING 1) SELECT * FROM a", False),
        ("with a as (select 1) delete from x", False),
        ("EXPLAIN ANALYZE DELETE FROM x", False),
        ("COMMIT", False),
        ("PRAGMA writable_schema = 1", False),
    ],
)
def test_what_counts_as_reading(sql: str, reads: bool) -> None:
    assert only_reads(sql) is reads


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_get_cannot_write(method: str) -> None:
    with pytest.raises(WriteInReadError):
        writing(ask.generic(method, "/"))
    assert not PolicyDocument.objects.exists()


@pytest.mark.django_db
def test_without_the_decorator_the_same_write_goes_through() -> None:
    vars(writing)["__wrapped__"](ask.get("/"))
    assert PolicyDocument.objects.count() == 1


@pytest.mark.django_db
def test_get_cannot_write_by_raw_sql() -> None:
    @http_methods("GET")
    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("WITH old AS (SELECT 1) DELETE FROM townships_policydocument")
        return HttpResponse()

    write()
    with pytest.raises(WriteInReadError):
        view(ask.get("/"))
    assert PolicyDocument.objects.exists()


@pytest.mark.django_db
def test_get_reads_and_may_set_savepoints() -> None:
    @http_methods("GET")
    def view(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            return HttpResponse(str(PolicyDocument.objects.count()))

    assert b"".join(view(ask.get("/"))) == b"0"


class WritesWhenRendered(SimpleTemplateResponse):
    def resolve_template(self, template: object) -> object:  # type: ignore[override]
        write()
        raise AssertionError("the write went through")


@pytest.mark.django_db
def test_rendering_is_part_of_reading() -> None:
    @http_methods("GET")
    def view(request: HttpRequest) -> HttpResponse:
        return WritesWhenRendered("any.html")

    with pytest.raises(WriteInReadError):
        view(ask.get("/"))


@pytest.mark.django_db
def test_streaming_is_part_of_reading() -> None:
    @http_methods("GET")
    def view(request: HttpRequest) -> HttpResponseBase:
        def chunks() -> Iterator[bytes]:
            yield str(PolicyDocument.objects.count()).encode()
            write()

        return StreamingHttpResponse(chunks())

    body = iter(view(ask.get("/")))
    assert next(body) == b"0"
    write()  # between two chunks the connection is free
    with pytest.raises(WriteInReadError):
        next(body)


@pytest.mark.django_db
def test_a_file_is_sent_as_it_is() -> None:
    @http_methods("GET")
    def view(request: HttpRequest) -> HttpResponseBase:
        return FileResponse(open(__file__, "rb"))  # noqa: PTH123  # the response closes it

    response = view(ask.get("/"))
    assert b"".join(response).startswith(b'"""GET only reads')
    response.close()


@pytest.mark.django_db(transaction=True)
def test_the_guard_ends_with_the_request() -> None:
    with pytest.raises(WriteInReadError):
        writing(ask.get("/"))
    write()


@pytest.mark.django_db
def test_post_saves() -> None:
    assert writing(ask.post("/")).status_code == 200
    assert PolicyDocument.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_failing_post_saves_nothing() -> None:
    with pytest.raises(LookupError):
        failing(ask.post("/"))
    assert not PolicyDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("status", "saved"), [(302, True), (399, True), (400, False), (409, False), (422, False)])
def test_a_post_that_is_told_no_saved_nothing(status: int, saved: bool) -> None:
    assert writing(ask.post("/"), status).status_code == status
    assert PolicyDocument.objects.exists() is saved


@pytest.mark.django_db(transaction=True)
def test_a_post_that_fails_while_rendering_saves_nothing() -> None:
    @http_methods("POST")
    def view(request: HttpRequest) -> HttpResponse:
        return WritesWhenRendered("any.html")

    with pytest.raises(AssertionError):
        view(ask.post("/"))
    assert not PolicyDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_what_was_written_before_a_refusal_stays() -> None:
    view = http_methods("POST", in_transaction=False)(vars(failing)["__wrapped__"])
    with pytest.raises(LookupError):
        view(ask.post("/"))
    assert PolicyDocument.objects.count() == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUATSCH"])
def test_other_methods_are_answered_405(method: str) -> None:
    response = writing(ask.generic(method, "/"))
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_post_only_cannot_be_fetched(method: str) -> None:
    view = http_methods("POST")(vars(writing)["__wrapped__"])
    assert view(ask.generic(method, "/")).status_code == 405


def test_a_view_tells_its_methods() -> None:
    assert vars(writing)["http_methods"] == ("GET", "POST")

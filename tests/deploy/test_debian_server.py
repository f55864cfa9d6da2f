"""What a visitor, a stranger and a search engine get from a server that was set up as deploy/debian says."""

from __future__ import annotations

import gzip
import re
import ssl

import pytest

from .conftest import HOST, Server

pytestmark = pytest.mark.deploy


def test_the_front_page_comes_over_https(server: Server) -> None:
    answer = server.get("/")
    assert answer.status == 200
    assert "<main" in answer.text
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers.get("X-Powered-By") is None
    assert "nginx/" not in (answer.headers["Server"] or "")


def test_plain_http_leads_to_https(server: Server) -> None:
    answer = server.get("/shop/?page=2", tls=False)
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/shop/?page=2"


def test_another_host_name_gets_no_answer(server: Server) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.get("/", host="elsewhere.example.com")


def test_stylesheets_and_scripts_have_hashed_names_and_may_be_kept_for_ever(server: Server) -> None:
    page = server.get("/").text
    files = re.findall(r"(?:href|src)=\"(/static/[^\"]+\.(?:css|js))\"", page)
    assert files
    for file in files:
        answer = server.get(file, Accept_Encoding="gzip")
        assert answer.status == 200, file
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", file), file
        assert "immutable" in answer.headers["Cache-Control"], file
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.body)


def test_pages_are_compressed_on_the_way(server: Server) -> None:
    answer = server.get("/", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<main" in gzip.decompress(answer.body)


def test_an_error_shows_our_page_and_no_code(server: Server) -> None:
    answer = server.get("/no/such/page/")
    assert answer.status == 404
    assert "<main" in answer.text
    for word in ("Traceback", "DEBUG", "urlpatterns", "masthead.urls"):
        assert word not in answer.text


def test_uploaded_pictures_are_served_and_cannot_act_as_pages(server: Server) -> None:
    picture = server.folder / "var" / "media" / "drawing.svg"
    picture.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    answer = server.get("/media/drawing.svg")
    assert answer.status == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/media/../web.sock", "/media/%2e%2e/nginx-main.conf", "/media/documents/secret.pdf"])
def test_nothing_beside_the_pictures_is_served(server: Server, path: str) -> None:
    assert server.get(path).status in {400, 403, 404}


def test_the_basket_works_over_postgres(server: Server) -> None:
    answer = server.get("/basket/")
    assert answer.status == 200
    assert "no-store" in answer.headers["Cache-Control"] or "private" in answer.headers["Cache-Control"]


def test_signing_in_uses_cookies_that_only_https_carries(server: Server) -> None:
    answer = server.get("/account/login/")
    assert answer.status == 200
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    for cookie in cookies:
        assert "secure" in cookie.lower(), cookie
        assert "samesite=lax" in cookie.lower(), cookie


@pytest.mark.parametrize("path", ["/demo/mail/", "/styleguide/"])
def test_the_demo_is_not_there(server: Server, path: str) -> None:
    assert server.get(path).status == 404


def test_a_visitor_cannot_say_that_another_host_was_asked_for(server: Server) -> None:
    answer = server.get("/cms/", X_Forwarded_Host="evil.example.com", X_Forwarded_Proto="http")
    assert answer.status == 302
    assert "evil" not in answer.headers["Location"]


def test_the_worker_is_at_work(server: Server) -> None:
    assert server.worker.poll() is None, server.log()
    assert "Traceback" not in server.log()


def test_the_proxys_log_cuts_addresses_that_are_keys(server: Server) -> None:
    paths = ["account/order/J9P-4R2-K7M", "de/account/order/J9P-4R2-K7M", "checkout/pay/J9P-4R2-K7M", "account/confirm"]
    for path in paths:
        server.get(f"/{path}/akey/")
    server.get("/account/order/J9P-4R2-K7M/akey/INV-1.pdf")
    # Written a moment after the answer.
    assert server.get("/health/live").status == 200 and server.get("/health/live").status == 200
    said = (server.folder / "access.log").read_text(encoding="utf-8")
    assert [path for path in paths if f'"GET /{path}/***" ' not in said] == [] and "akey" not in said


def test_no_log_holds_what_somebody_searched_for(server: Server) -> None:
    """An address beside a query is what the shop's own tables never have."""
    assert server.get("/search/?q=xyzzymug", Referer=f"https://{HOST}/search/?q=xyzzyjug").status == 200
    server.get("/search/?q=xyzzycup", tls=False)
    assert '"GET /search/" 200' in (server.folder / "access.log").read_text(encoding="utf-8")
    assert "xyzzy" not in server.log()

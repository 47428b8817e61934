"""Where the service opens connections to: its database, its broker, its mail server and its sign-in provider, all from
the settings. No address to call is taken from what somebody sends (SSRF).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pandas
import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring", "decisions", "docker")
# What can open a connection, or start a program that can.
CALLS_OUT = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "multiprocessing", "nntplib", "paramiko", "poplib",
    "psycopg", "psycopg2", "pycurl", "redis", "requests", "requests_oauthlib", "smtplib", "socket", "ssl",
    "subprocess", "telnetlib", "urllib", "urllib3", "valkey", "webbrowser", "websockets", "xmlrpc",
}  # fmt: skip
# Names by which other libraries fetch an address that they are given.
FETCHES = {
    "PyJWKClient", "get_requests_session", "create_connection", "open_connection", "urlopen", "urlretrieve",
    "HTTPConnection", "HTTPSConnection", "get_connection", "EmailBackend", "popen", "posix_spawn", "execv", "execve",
    "spawnv",
}  # fmt: skip
# What imports by a name that need not stand in the code as an import.
IMPORTERS = {"import_module", "__import__", "import_string", "find_spec", "load_module", "run_module", "run_path"}
# Modules of those that only take addresses apart, and names that are only errors or states.
HARMLESS = {"urllib.parse", "urllib.error", "http.cookies", "psycopg2.extensions", "psycopg2.errors"}
# Who may, for what, and where the address comes from. ``config/embedded``, the demonstration and its supervisor serve
# developers on their own machine and are no part of a deployment.
ALLOWED = {
    "config/given_servers.py": {"psycopg2", "redis"},  # DATABASE_URL and REDIS_URL, before anything starts
    "config/health.py": {"redis"},  # settings.REDIS_URL
    "partnerships/invitation_mail.py": {"smtplib"},  # errors only; the server is settings.EMAIL_HOST
    "partnerships/sign_in/account_adapter.py": {"smtplib"},  # errors only
    # Errors, and the server is settings.EMAIL_HOST.
    "diagnostics/delivery.py": {"smtplib"},
    "diagnostics/mailing.py": {"smtplib", "get_connection"},
    "diagnostics/reminding.py": {"smtplib", "get_connection"},
    "diagnostics/replying.py": {"smtplib", "get_connection"},
    "decisions/reminding.py": {"smtplib", "get_connection"},
    "decisions/sending.py": {"smtplib", "get_connection"},
    # What OIDC_ISSUER names and what that says of itself, which sign_in/provider.py checks to be the same issuer.
    "partnerships/sign_in/provider.py": {"requests", "get_requests_session"},
    "partnerships/sign_in/provider_adapter.py": {"get_requests_session", "requests"},
    "partnerships/views/account/provider.py": {"requests"},
    "docker/web_answers.py": {"urllib", "urlopen"},  # the container's own health check, of this machine
    "scoring/tasks.py": {"socket"},  # the name of this machine, to say which worker holds a run
}
FOR_DEVELOPERS = (
    "config/embedded/",
    "config/demo.py",
    "config/supervisor.py",
    "config/set_up.py",
    "config/processes.py",
)


def calls_out(tree: ast.AST) -> set[str]:
    """What of ``CALLS_OUT`` and ``FETCHES`` stands anywhere in a file, in whatever form it is imported or named.

    An import by a name that is no constant is given as its text, so that it has to be allowed by itself.
    """
    found = set()
    for one in ast.walk(tree):
        match one:
            case ast.Import(names=names):
                found |= {_top(alias.name) for alias in names}
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found |= {_top(module)} | {_top(f"{module}.{alias.name}") for alias in names}
                found |= {alias.name for alias in names} & FETCHES
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in FETCHES:
                found.add(name)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=given) if name in IMPORTERS:
                constant = given and isinstance(given[0], ast.Constant)
                found.add(_top(str(given[0].value)) if constant else ast.unparse(one))  # type: ignore[attr-defined]
            case ast.Subscript(value=ast.Attribute(attr="modules"), slice=ast.Constant(value=str(name))):
                found.add(_top(name))
    return {one for one in found if one in CALLS_OUT | FETCHES or "(" in one}


def _top(module: str) -> str:
    """The package that a module is of; nothing where all of it is harmless."""
    return "" if module in HARMLESS or ".".join(module.split(".")[:2]) in HARMLESS else module.partition(".")[0]


def files() -> list[tuple[str, Path]]:
    found = [(str(file.relative_to(ROOT)), file) for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
    return [(name, file) for name, file in found if not name.startswith(FOR_DEVELOPERS)]


def test_only_these_modules_can_open_a_connection() -> None:
    assert {name: found for name, file in files() if (found := calls_out(ast.parse(file.read_text())))} == ALLOWED


@pytest.mark.parametrize(
    "code",
    [
        "import requests",
        "import http.client as web",
        "from urllib import request",
        "from urllib.request import urlopen as opened",
        "def later():\n    from urllib3 import PoolManager",
        "import_module('requests').get(address)",
        "importlib.import_module('http.client')",
        "importlib.import_module(name)",
        "__import__('socket')",
        "sys.modules['requests'].get(address)",
        "import_string('smtplib.SMTP')",
        "jwt.PyJWKClient(address)",
        "from jwt import PyJWKClient as Keys",
        "fetch = jwt.PyJWKClient",
        "os.popen(address)",
    ],
)
def test_whatever_opens_a_connection_is_noticed(code: str) -> None:
    assert calls_out(ast.parse(code))


def readings(tree: ast.AST) -> list[str]:
    """What is given to readers that fetch an address in place of a file: pandas' ``read_...``, however it is named."""
    return [
        ast.unparse(one.args[0]) if one.args else ast.unparse(one)
        for one in ast.walk(tree)
        if isinstance(one, ast.Call)
        and (
            (isinstance(one.func, ast.Attribute) and one.func.attr in PANDAS_READS)
            or (isinstance(one.func, ast.Name) and one.func.id in PANDAS_READS - {"read_table"})
        )
    ]


# ``read_table`` by itself is our own, which is given the bytes.
PANDAS_READS = {name for name in dir(pandas) if name.startswith("read_")}


def test_pandas_is_given_what_was_read_and_never_an_address() -> None:
    """Its readers fetch an address that they are given in place of a file."""
    given = [(name, one) for name, file in files() for one in readings(ast.parse(file.read_text()))]
    assert [one for one in given if not one[1].startswith(("io.", "BytesIO", "StringIO"))] == []
    assert (
        readings(ast.parse("pd.read_csv(address); read_html(address); pandas.read_feather(address)")) == ["address"] * 3
    )


def test_nothing_is_run_from_text_or_unpickled() -> None:
    dangerous = {"eval", "exec", "__import__", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "os.system"}
    calls = [
        (name, ast.unparse(one.func))
        for name, file in files()
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.Call) and ast.unparse(one.func) in dangerous
    ]
    assert calls == []

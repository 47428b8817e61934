"""Where the service opens connections to: its database, its broker, its mail server and its sign-in provider, all from
the settings. No address to call is taken from what somebody sends (SSRF).
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "design", "partnerships", "diagnostics", "scoring")
# What can open a connection, or start a program that can.
CALLS_OUT = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "paramiko", "poplib", "psycopg2", "redis", "requests",
    "smtplib", "socket", "ssl", "subprocess", "telnetlib", "urllib", "urllib3", "webbrowser", "xmlrpc",
}  # fmt: skip
# Modules of those that only take addresses apart, and names that are only errors or states.
HARMLESS = {"urllib.parse", "urllib.error", "http.cookies", "psycopg2.extensions", "psycopg2.errors"}
# Who may, for what, and where the address comes from. ``config/embedded``, the demonstration and its supervisor serve
# developers on their own machine and are no part of a deployment.
ALLOWED = {
    "config/given_servers.py": {"psycopg2", "redis"},  # DATABASE_URL and REDIS_URL, before anything starts
    "config/health.py": {"redis"},  # settings.REDIS_URL
    "partnerships/invitation_mail.py": {"smtplib"},  # errors only; the server is settings.EMAIL_HOST
    "partnerships/sign_in/account_adapter.py": {"smtplib"},  # errors only
    "diagnostics/mailing.py": {"smtplib"},  # errors only
    # What OIDC_ISSUER names and what that says of itself, which sign_in/provider.py checks to be the same issuer.
    "partnerships/sign_in/provider.py": {"requests"},
    "partnerships/sign_in/provider_adapter.py": {"requests"},
    "partnerships/views/account/provider.py": {"requests"},
    "scoring/tasks.py": {"socket"},  # the name of this machine, to say which worker holds a run
}
FOR_DEVELOPERS = (
    "config/embedded/",
    "config/demo.py",
    "config/supervisor.py",
    "config/set_up.py",
    "config/processes.py",
)
LOADERS = {
    "read_csv",
    "read_excel",
    "read_html",
    "read_json",
    "read_xml",
    "read_parquet",
    "read_pickle",
    "urlopen",
    "urlretrieve",
}


def imports(file: Path) -> set[str]:
    """The modules of ``CALLS_OUT`` that a file imports, anywhere in it."""
    found = set()
    for one in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in one.names] if isinstance(one, ast.Import) else []
        if isinstance(one, ast.ImportFrom) and one.module and not one.level:
            names = [one.module]
        found |= {name.partition(".")[0] for name in names if name not in HARMLESS} & CALLS_OUT
    return found


def files() -> list[tuple[str, Path]]:
    found = [(str(file.relative_to(ROOT)), file) for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
    return [(name, file) for name, file in found if not name.startswith(FOR_DEVELOPERS)]


def test_only_these_modules_can_open_a_connection() -> None:
    assert {name: found for name, file in files() if (found := imports(file))} == ALLOWED


def test_pandas_is_given_what_was_read_and_never_an_address() -> None:
    """Its readers fetch an address that they are given in place of a file."""
    calls = [
        (name, ast.unparse(one.args[0]))
        for name, file in files()
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in LOADERS
    ]
    assert all(given.startswith(("io.", "BytesIO", "StringIO")) for _, given in calls), calls


def test_nothing_is_run_from_text_or_unpickled() -> None:
    dangerous = {"eval", "exec", "__import__", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load", "os.system"}
    calls = [
        (name, ast.unparse(one.func))
        for name, file in files()
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.Call) and ast.unparse(one.func) in dangerous
    ]
    assert calls == []

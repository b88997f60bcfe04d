"""One browser, one server and one phone on a cable for all tests of the page; each has its own stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fakes.android.device import StandIn
from fakes.android.line import Line
from fakes.android.reverse import Reverse
from fakes.android.server import AdbServer, running_server
from fakes.browser import PHONES_LOCALHOST, Look, Visit, chromium, opened
from fakes.page_on_phone import Served
from fakes.shop import Shop
from playwright.sync_api import Browser, expect

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def page_adb(tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbServer]:
    with running_server(tool, tmp_path_factory.mktemp("adb")) as server:
        yield server


@pytest.fixture(scope="session")
def browser(tool: Callable[[str], str]) -> Iterator[Browser]:
    expect.set_options(timeout=20_000)
    with chromium(tool("chromium")) as browser:
        yield browser


@pytest.fixture(scope="session")
def whole_session(page_adb: AdbServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("served")
    line = Line(page_adb, root)
    phone: StandIn = line.phone(reverse=Reverse(PHONES_LOCALHOST))
    served = Served(Shop(root / "shop"), phone, page_adb.variables)
    (root / "shop").mkdir()
    served.start()
    yield served
    served.stop()
    line.close()
    assert line.unexpected() == []


@pytest.fixture
def served(whole_session: Served) -> Iterator[Served]:
    """The shop with nothing waiting, and its page served."""
    yield whole_session
    whole_session.clear()
    if whole_session.serving is None:
        whole_session.start()


@pytest.fixture(scope="session")
def cookies(browser: Browser, whole_session: Served) -> Any:
    """What a browser keeps that was paired."""
    context = opened(browser, Look())
    page = context.new_page()
    page.goto(whole_session.invitation("--name", "the tests'"))
    expect(page.locator("#empty")).to_be_visible()
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def visit(browser: Browser, served: Served, cookies: Any) -> Iterator[Open]:
    """Open the page on a paired phone. Whatever happens there, nothing is complained of."""
    visits: list[Visit] = []

    def open_page(*, address: str = "/", paired: bool = True, **look: Any) -> Visit:
        context = opened(browser, Look(**look), cookies if paired else None)
        visits.append(Visit(context.new_page(), served.home))
        visits[-1].page.goto(served.home + address)
        return visits[-1]

    yield open_page
    complaints = [complaint for one in visits for complaint in one.complaints()]
    for one in visits:
        one.page.context.close()
    assert complaints == []

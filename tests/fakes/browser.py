"""A phone's browser: the real Chromium as two kinds of phone; what it says, asks and refuses is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

PHONES_LOCALHOST = "127.0.0.2"
"""Where the stand-in phone opens its ports: this computer's own localhost is taken by the page itself."""
LANGUAGES = {"en": "en-US", "pt-BR": "pt-BR"}
Scheme = Literal["light", "dark"]

STUB = """(() => {
  const told = { shared: [], broken: [], sheet: "picked" };
  addEventListener("securitypolicyviolation",
    (event) => told.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
  const digest = async (file) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const hex = async (file) => Array.from(await digest(file),
    (byte) => byte.toString(16).padStart(2, "0")).join("");
  const share = async (data) => {
    if (!navigator.userActivation.isActive) throw new DOMException("no tap", "NotAllowedError");
    const call = { keys: Object.keys(data), can: navigator.canShare(data), files: [] };
    told.shared.push(call);
    for (const file of data.files) {
      call.files.push({ name: file.name, type: file.type, size: file.size, sha256: await hex(file) });
    }
    if (told.sheet !== "picked") throw new DOMException("the sheet was closed", told.sheet);
  };
  Object.defineProperty(window, "told", { value: told });
  if (navigator.canShare) Object.defineProperty(navigator, "share", { value: share });
})();"""
"""Only `share` is made up, for headless Chromium has no sheet to show; `canShare` is its own."""
WITHOUT_SHARE = "delete Navigator.prototype.share; delete Navigator.prototype.canShare;"


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of phone."""

    width: int
    height: int
    agent: str


ANDROID = Profile(
    360,
    740,
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Mobile Safari/537.36",
)
IPHONE = Profile(
    412,
    915,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/26.0 Mobile/15E148 Safari/604.1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How somebody holds and sees it."""

    profile: Profile = ANDROID
    language: str = "en"
    scheme: Scheme = "light"
    still: bool = False
    """Less motion is wanted."""
    shares: bool = True


@dataclass(slots=True)
class Visit:
    """A page in a phone's browser, and what went on behind it."""

    page: Page
    home: str
    said: list[str] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda fault: self.said.append(f"fault: {fault}"))
        self.page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - it sets attributes

    def foreign(self) -> list[str]:
        """What was asked of anybody but us."""
        home = urlsplit(self.home).netloc
        own = {("http", home), ("blob", "")}
        return [
            one.url for one in self.asked if (urlsplit(one.url).scheme, urlsplit(one.url).netloc) not in own
        ]

    def complaints(self) -> list[str]:
        """Everything that was printed, refused or asked elsewhere; there should be nothing."""
        return [*self.said, *self.page.evaluate("told.broken"), *self.foreign()]

    def shared(self) -> list[dict[str, Any]]:
        """Every call of `navigator.share`."""
        calls: list[dict[str, Any]] = self.page.evaluate("told.shared")
        return calls

    def sheet(self, outcome: str) -> None:
        """How the phone's share sheet ends: "picked", or the name of an error."""
        self.page.evaluate("(outcome) => { told.sheet = outcome; }", outcome)

    def focused(self) -> str:
        """The id of the element that has the focus, or what it is."""
        name: str = self.page.evaluate(
            "document.activeElement.id || document.activeElement.getAttribute('aria-label')"
            " || document.activeElement.tagName"
        )
        return name


def share(visit: Visit, outcome: str = "picked") -> None:
    """Tap the button as soon as there is something to share."""
    visit.sheet(outcome)
    expect(visit.page.locator("#share")).to_be_enabled()
    visit.page.locator("#share").tap()


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """The browser, whose localhost is the phone's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--enable-features=WebShare", f"--host-resolver-rules=MAP localhost {PHONES_LOCALHOST}"],
        )
        yield browser
        browser.close()


def opened(browser: Browser, look: Look, cookies: Any = None) -> BrowserContext:
    """A browser profile of its own on such a phone."""
    context = browser.new_context(
        viewport={"width": look.profile.width, "height": look.profile.height},
        user_agent=look.profile.agent,
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale=LANGUAGES[look.language],
        color_scheme=look.scheme,
        reduced_motion="reduce" if look.still else "no-preference",
        storage_state=cookies,
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(15_000)
    context.add_init_script(STUB if look.shares else STUB + WITHOUT_SHARE)
    return context

"""The page of previews in the real Chromium: the apps' bars keep to the margins, and can be switched off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.browser import ANDROID, Look, opened
from fakes.sights import screen_of, shot_of, sight_of
from playwright.sync_api import Browser

from pipeline.model import SafeArea, Sticker
from pipeline.report.preview.page import page_of

LONG = "Um texto que não acaba nunca, com 🥐 e tudo. " * 8
TAP = Sticker("link", "https://wa.me/15551234567", 0.5, 0.7, 0.3, 0.05)
BOXES = """screen => {
  const around = screen.getBoundingClientRect();
  const told = element => {
    const box = element.getBoundingClientRect();
    return [(box.left - around.left) / around.width, (box.top - around.top) / around.height,
      (box.right - around.left) / around.width, (box.bottom - around.top) / around.height];
  };
  const all = query => [...screen.querySelectorAll(query)].map(told);
  return { width: around.width, top: all(".top *"), bottom: all(".bottom *"), sticker: all(".sticker") };
}"""
USUAL = SafeArea(0.06, 0.06, 0.15, 0.2)
MARGINS = (USUAL, SafeArea(0.0, 0.0, 0.05, 0.07), SafeArea(0.1, 0.1, 0.3, 0.35))


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """Every app over one picture, with every kind of margin, with long and with no words."""
    screens = [
        replace(screen_of(platform, caption=caption, stickers=(TAP,)), safe_area=area)
        for area in MARGINS
        for platform in ("whatsapp_status", "instagram_story", "facebook_story")
        for caption in ("", LONG)
    ]
    shot = shot_of(tmp_path / "shot.jpg")
    target = tmp_path / "page.html"
    target.write_text("".join(page_of([sight_of(shots=(shot,), screens=tuple(screens), parts=3)], ())))
    return target


def lies_outside(box: list[float], area: SafeArea) -> bool:
    """Whether a box of a bar is wholly above or below what must stay free, and on the screen; to a pixel."""
    left, top, right, bottom = box
    on_screen = left > -0.002 and right < 1.002 and top > -0.002 and bottom < 1.002
    return on_screen and (bottom <= area.top + 0.002 or top >= 1 - area.bottom - 0.002)


def test_nothing_of_an_apps_bars_enters_the_safe_area(browser: Browser, page_file: Path) -> None:
    context = opened(browser, Look(profile=ANDROID))
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    told: list[dict[str, Any]] = page.locator(".screen").evaluate_all(f"all => all.map({BOXES})")
    areas = [area for area in MARGINS for _ in range(6)]
    assert len(told) == len(areas)
    for screen, area in zip(told, areas, strict=True):
        assert len(screen["top"]) > 5
        assert [box for box in screen["top"] + screen["bottom"] if not lies_outside(box, area)] == []
        assert screen["sticker"] == [pytest.approx([0.35, 0.675, 0.65, 0.725], abs=0.003)]
        assert screen["width"] >= 330  # as wide as the phone, but for its edges
    assert page.evaluate("document.documentElement.scrollWidth") <= ANDROID.width

    assert page.locator(".screen > img").first.is_visible()
    switched = page.locator(".app").first, page.locator(".safe").first
    assert [part.is_visible() for part in switched] == [True, False]
    page.locator("label[for=chrome]").tap()
    page.locator("label[for=safe]").tap()
    assert [part.is_visible() for part in switched] == [False, True]
    context.close()
    assert said == []

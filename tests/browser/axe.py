"""axe-core on a page as it stands, at three widths and in large type; and that nothing must be scrolled sideways at 320 px.

Contrast takes three quarters of the time of axe. It is looked at once for each set of colours: on a desk and on a phone. Neither the step
from 390 to 320 px nor large type changes a colour (tests/test_widths.py holds the style sheets to it); all other rules are asked each time.
"""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1280, 390, 320)
_WIDER_THAN_SCREEN = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room + 1) return [];
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(c => '.' + c).join('');
  return [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 1).map(name).slice(0, 5);
}"""


def violations(page: Page, colours: bool = True) -> list[str]:
    """One line a finding: rule, what it asks for, where."""
    found = []
    if not page.evaluate("() => 'axe' in window"):  # half a megabyte of script: once for a page, not for every look at it
        page.evaluate(AXE_SCRIPT)
    asked = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    for rule in page.evaluate("asked => axe.run(asked).then(results => results.violations)", asked):
        for node in rule["nodes"][:5]:
            found.append(f"{rule['id']}: {rule['help']} at {' '.join(map(str, node['target']))}: {node['html'][:160]}")
    return found


def faults(page: Page, large: bool = True, back: bool = True) -> list[str]:
    """Everything wrong with the page at each width, then in large type. Leaves the page at the width and the type size it had; without
    `back` only the browser, for whoever goes on to another page."""
    before = page.viewport_size
    found: list[str] = []

    def look(name: str, colours: bool) -> None:
        found.extend(f"[{name}] {line}" for line in violations(page, colours))
        if name.endswith("320px"):
            found.extend(f"[{name}] wider than the screen: {what}" for what in page.evaluate(_WIDER_THAN_SCREEN))

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        look(f"{width}px", colours=width != 320)
    if large:
        page.context.add_cookies([{"name": "large", "value": "1", "url": page.url}])
        page.reload()
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            look(f"large type, {width}px", colours=False)
        page.context.clear_cookies(name="large")
        if back:
            page.reload()
    if before:
        page.set_viewport_size(before)
    return found


def axe(page: Page, large: bool = True) -> None:
    found = faults(page, large)
    assert found == [], f"{page.url}\n" + "\n".join(found)

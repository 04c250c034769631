"""The map on a slow phone: Chromium with a sixth of this processor and the line of a 3G network.

Time to interactive is when the page is there, styled and answers: it has no script, so that is
the later of the first paint and the end of parsing. Lines are Chromium's own presets. What the
processor of the page did is printed beside it, because a busy machine slows the clock and not that.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

RUNS = 5
SLOWER = 6  # the house's slow phone against this machine
# Name: milliseconds there and back, and bytes a second down and up.
LINES = {"none": (0, -1), "fast 3G": (150, 200_000), "slow 3G": (400, 50_000)}
PAGES = ("/map/", "/fund/", "/street/?q=ZA1+5AA")
BARS = "Bar: the map interactive within 1 s on a slow phone, 60 kB."
ASKED = """() => {
  const page = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const sent = performance.getEntriesByType('resource').reduce((n, r) => n + r.transferSize, 0);
  return [Math.max(page.domInteractive, paint ? paint.startTime : page.domInteractive),
          page.loadEventEnd, page.transferSize + sent];
}"""


def run() -> None:
    if shutil.which("chromium") is None:
        print("\nA slow phone: skipped, there is no chromium.")
        return
    from tests.e2e.serving import free_port, serving

    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), free_port()) as demo:
        measure(demo.address)


def measure(address: str, pages: tuple[str, ...] = PAGES) -> None:
    """Print a row for each page and line: the median of RUNS visits, each without a cache."""
    from playwright.sync_api import sync_playwright

    print(f"\nA slow phone, processor x{SLOWER}, median of {RUNS} first visits. {BARS}")
    print(f"{'page':<24} {'line':<8} {'interactive ms':>14} {'work ms':>8} {'all ms':>7} {'kB':>6}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for path in pages:
            for line in LINES:
                _row(path, line, [_visit(browser, address + path, line) for _ in range(RUNS)])
        browser.close()


def _row(path: str, line: str, visits: list[tuple[float, ...]]) -> None:
    ready, whole, sent, work = (statistics.median(column) for column in zip(*visits, strict=True))
    shown = f"{ready:>14.0f} {work:>8.0f} {whole:>7.0f} {sent / 1000:>6.1f}"
    print(f"{path:<24} {line:<8} {shown}", flush=True)


def _visit(browser: Any, url: str, line: str) -> tuple[float, ...]:
    """(interactive ms, loaded ms, bytes, ms of work of the page's main thread) of a visit."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    latency, speed = LINES[line]
    tools.send("Network.enable")
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False, "latency": latency,
            "downloadThroughput": speed, "uploadThroughput": speed,
        },
    )  # fmt: skip
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="load", timeout=120_000)
    page.wait_for_timeout(100)
    told = page.evaluate(ASKED)
    metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    context.close()
    return (*told, 1000 * metrics["TaskDuration"])


if __name__ == "__main__":
    measure(sys.argv[1], tuple(sys.argv[2:]) or PAGES)

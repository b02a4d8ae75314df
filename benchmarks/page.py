"""Open a report page in headless Chromium: size, first paint, how long clicks take, what axe finds, what is asked for.

The page of `govtext report` is looked at as it is written. Axe goes through it part by part, each unfolded and with the
others taken out, since it is quadratic in places; then once through the whole page, folded as it opens, without the
rule on colours. Rows of tables that are not displayed are taken out first: they are not there for a reader either.

usage: python benchmarks/page.py FOLDER [--width 1400] [--no-axe]
"""

import argparse
import importlib.util
import json
import shutil
import statistics
import time
from pathlib import Path

from selenium import webdriver

ROUNDS = 5
CLICKS = {
    "language": "#en",
    "unfold keywords": ".kwd summary",
    "unfold a document": "details.doc:last-of-type > summary",
    "sort the largest table": "table.longest th:last-of-type button",
    "an edge of the network": ".net .edge",
    "a node of the network": ".net .node",
    "a number to the text": "table.longest td a[href^='#m']",
    "a mark in the text": "details.doc[open] .text a",
    "contents": "nav a:last-of-type",
}
# From the event to the frame after the one in which it was handled.
CLICK = """
const [selector, done] = arguments;
const found = Array.from(document.querySelectorAll(selector));
const e = found.find((x) => x.getClientRects().length) || found[0];
if (!e) { done(null); return; }
e.scrollIntoView({ block: "center" });
requestAnimationFrame(() => requestAnimationFrame(() => {
  const began = performance.now();
  if (e.click) e.click();
  else e.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now() - began);
    channel.port2.postMessage(0);
  });
}));
"""
PREPARE = """
const rows = (table) => table.querySelectorAll("tbody tr").length;
const tables = Array.from(document.querySelectorAll("table.grid")).sort((a, b) => rows(b) - rows(a));
if (tables.length) tables[0].classList.add("longest");
"""
TAKE_OUT = """
window.parts = Array.from(document.querySelectorAll(".results > section, .reader > details.doc"));
document.querySelectorAll("tbody[hidden]").forEach((e) => e.remove());
window.kept = parts.map((part) => { const c = document.createComment(""); part.replaceWith(c); return c; });
return parts.length;
"""
PUT_BACK = """
const part = parts[arguments[0]];
kept[arguments[0]].replaceWith(part);
part.querySelectorAll("details").forEach((e) => { e.open = true; });
if (part.matches("details")) part.open = true;
"""
WHOLE = """
parts.forEach((part, i) => {
  kept[i].replaceWith(part);
  part.querySelectorAll("details").forEach((e) => { e.open = false; });
});
"""
AXE = """
const [options, done] = arguments;
axe.run(document, { resultTypes: ["violations"], selectors: false, ...options })
  .then((r) => done(r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 200)])));
"""


def browser(width):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    driver.set_script_timeout(1800)
    driver.command_executor.client_config.timeout = 1800
    return driver


def opened(driver, page):
    driver.get("about:blank")
    driver.get(page.resolve().as_uri())
    driver.execute_script(PREPARE)


def timings(driver, page):
    paints, clicks = [], {name: [] for name in CLICKS}
    for _ in range(ROUNDS):
        opened(driver, page)
        time.sleep(2)  # the page is read before it is clicked on
        paints.append(driver.execute_script("return performance.getEntriesByType('paint')[0].startTime"))
        for name, selector in CLICKS.items():
            taken = driver.execute_async_script(CLICK, selector)
            if taken is not None:
                clicks[name].append(taken)
    return paints, clicks


def asked(driver):
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    return sorted(url for url in urls if not url.startswith(("file:", "data:", "about:")))


def violations(driver, page):
    spec = importlib.util.find_spec("axe_playwright_python")
    script = Path(spec.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")
    opened(driver, page)
    driver.execute_script(script)
    found = []
    for number in range(driver.execute_script(TAKE_OUT)):
        driver.execute_script(PUT_BACK, number)
        found += driver.execute_async_script(AXE, {})
        driver.execute_script("parts[arguments[0]].replaceWith(kept[arguments[0]])", number)
    driver.execute_script(WHOLE)
    return found + driver.execute_async_script(AXE, {"rules": {"color-contrast": {"enabled": False}}})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--no-axe", action="store_true")
    given = parser.parse_args()
    page = given.folder / "index.html"
    driver = browser(given.width)
    try:
        paints, clicks = timings(driver, page)
        elements = driver.execute_script("return document.querySelectorAll('*').length")
        print(f"{page.stat().st_size / 1e6:.2f} MB, {elements:,} elements")
        print(f"first paint: median {statistics.median(paints):.0f} ms, at most {max(paints):.0f}")
        for name, taken in clicks.items():
            said = (
                f"median {statistics.median(taken):.0f} ms, at most {max(taken):.0f}" if taken else "not on this page"
            )
            print(f"{name}: {said}")
        print("asked for:", asked(driver) or "nothing")
        if not given.no_axe:
            print("axe:", violations(driver, page) or "no violation")
    finally:
        driver.quit()


if __name__ == "__main__":
    main()

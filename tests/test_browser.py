"""The page in a real browser: what a click, a key and a pointer do, on screens and on paper, with nothing loaded.

Skipped where there is no Chromium with its driver (Debian: chromium, chromium-driver), or no selenium.
"""

import importlib.util
import json
import shutil
import time
from pathlib import Path

import pytest

import govtext as gt
from govtext import plots, report
from govtext.document import Metadata
from govtext.errors import GovtextError

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no Chromium with its driver")

HOSTILE = (
    "一、<script>document.title='gone'</script>]]>{{7*7}}\n<img src=http://evil.example/x onerror=\"document.title='gone'\">"
    "“甲乙”和法治政府3家\u202e反向\x00\x1b[31m。\n三、<a href=javascript:alert(1)>营商环境</a>\n优化营商环境\U00020bb7野家5家，《<i>办法</i>》。\n"
)


def years():
    texts = (
        "一、2023年工作回顾\n过去一年，发电量达到100亿度。\n二、2024年重点工作\n今年要新建学校20所。推进法治政府建设，优化营商环境。",
        "一、2024年工作回顾\n过去一年，发电量达到108亿度，增长8%。新建学校22所。推进法治政府建设，优化营商环境。",
    )
    return [
        gt.parse(text, id=str(year), metadata=Metadata(place="甲市", year=year, genre="政府工作报告"))
        for year, text in zip((2024, 2025), texts, strict=True)
    ]


def page(folder, *documents, failures=()):
    analysis = report.analyse(gt.Corpus(documents, failures), gt.Lexicon.default(), report.Options(), 1, None)
    path = folder / "index.html"
    path.write_text(report.render(analysis), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return page(tmp_path_factory.mktemp("one"), next(iter(gt.reference_corpus())))


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    failure = GovtextError("the file is empty", where="/a/b/空.txt")
    known = Metadata(place="<b>乙市", year=2025, genre="政府工作报告")
    hostile = gt.parse(HOSTILE, id='"><script>', metadata=known)
    return page(tmp_path_factory.mktemp("several"), *years(), hostile, failures=(failure,))


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_script_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture
def at(browser, one, several):
    """Open a page on a screen of some size, and check at the end that it asked for nothing and complained of nothing."""

    def opened(page, width=1400, height=900):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get_log("performance")
        browser.get_log("browser")
        browser.get("about:blank")
        browser.get({"one": one, "several": several}.get(page, page))
        return Screen(browser)

    yield opened
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "about"}, asked
    assert len({url for url in asked if url.startswith("file:")}) <= 1
    assert browser.get_log("browser") == []  # no error, nothing that the policy had to stop


class Screen:
    """What a test does with a page: look, click, press keys."""

    def __init__(self, driver):
        self.driver = driver

    def run(self, code, *values):
        return self.driver.execute_script(code, *values)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def text(self, selector):
        return self.one(selector).text

    def click(self, selector):
        element = self.one(selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        return element

    def jump(self, selector):
        """Click on a link into the text, and wait until what it means is marked."""
        self.run("CSS.highlights.delete('at')")
        self.click(selector)
        self.until("CSS.highlights.has('at')")

    def press(self, key):
        self.driver.switch_to.active_element.send_keys(key)

    def focused(self):
        return self.driver.switch_to.active_element

    def until(self, code, *values):
        for _ in range(100):
            found = self.run(f"return {code}", *values)
            if found:
                return found
            time.sleep(0.03)
        raise AssertionError(code)

    def seen(self, selector):
        """Tell whether the middle of an element stands on the screen and nothing covers it."""
        code = """
        const box = document.querySelector(arguments[0]).getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const top = document.elementFromPoint(x, y);
        return top && (document.querySelector(arguments[0]).contains(top) || top.contains(document.querySelector(arguments[0])));
        """
        return bool(self.run(code, selector))

    def marked(self):
        """The characters that a jump has marked, or an empty string."""
        return self.run(
            "const h = CSS.highlights.get('at'); return h ? Array.from(h, (r) => r.toString()).join('|') : ''"
        )


def key(name):
    from selenium.webdriver.common.keys import Keys

    return getattr(Keys, name)


# --- from a result to the text, and back ------------------------------------------------------------------------------


def test_a_figure_leads_to_its_characters_and_back(at):
    screen = at("one")
    link = screen.one("#f1-3 a")
    wording = link.text
    screen.jump("#f1-3 a")
    assert screen.marked().startswith(wording) or wording in screen.marked()
    place = link.get_attribute("href").split("#")[1]
    assert screen.seen(f"#{place}")
    screen.click(f"#{place}")  # the mark says what it is
    here = screen.text(".here")
    assert "数字" in here
    assert "62" in here
    screen.click(".here a")
    screen.until("document.querySelector('#f1-3').classList.contains('on')")
    assert screen.seen("#f1-3")
    screen.click("button.back")
    assert "到结果" in screen.focused().text


def test_a_keyword_shows_its_contexts_and_leads_to_them(at):
    screen = at("one")
    assert screen.text("#k1-1 .term") == "行政执法"
    screen.click("#k1-1 summary")
    lines = screen.all("#k1-1 .kwic li")
    assert len(lines) == 13
    assert all("行政执法" in line.text for line in lines)
    screen.jump("#k1-1 .kwic li:nth-child(2) a")
    assert screen.marked() == "行政执法"
    mark = screen.focused()
    mark.click()
    assert "1–44" not in screen.text(".here")
    assert "2 / 13" in screen.text(".here")
    screen.click(".here li button:nth-of-type(2)")  # the next place
    assert "3 / 13" in screen.text(".here")
    assert screen.seen(".text a.on")
    screen.press(key("ESCAPE"))


def test_an_edge_shows_its_sentences_and_they_stand_in_the_text(at):
    screen = at("one")
    screen.run(
        "document.querySelectorAll('.net .wide .edge')[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    names = screen.text(".net-panel .net-name").split(" — ")
    marks = {e.text for e in screen.all(".net-panel mark")}
    assert set(names) <= marks
    screen.jump(".net-panel .evidence a")
    assert any(name in screen.marked() for name in names)
    term = next(e for e in screen.all('.text a[href^="#t"]') if e.is_displayed())
    screen.run("arguments[0].scrollIntoView({block: 'center'})", term)
    term.click()
    assert "网络术语" in screen.text(".here")
    screen.click('.here a[href^="#t"]')
    screen.until("document.querySelector('.net .wide.dim')")  # its node and the neighbours stand out
    assert screen.all(".net .wide .node.near")


def test_findings_and_checks_lead_to_the_text(at):
    screen = at("one")
    assert "末位出入 1" in screen.text(".facts")
    screen.jump('.findings a[href^="#m"]')
    assert screen.marked()
    assert screen.all(".outline .code")  # the outline shows the fault at its heading
    screen.jump("#v1-2 a")
    assert screen.marked().endswith("99.7%")


# --- the network ------------------------------------------------------------------------------------------------------


def test_the_network_answers_to_pointer_slider_and_keys(at):
    screen = at("one")
    near = screen.run("return document.querySelector('.net .wide .node').dataset.near.split(' ')")
    screen.run("document.querySelector('.net .wide .node').dispatchEvent(new MouseEvent('mouseenter'))")
    shown = screen.run("return Array.from(document.querySelectorAll('.net .wide .node.near'), (e) => e.dataset.i)")
    assert sorted(shown) == sorted(["0", *near])
    count = int(screen.text(".net-count"))
    screen.run("const s = document.querySelector('.net input'); s.value = 2; s.dispatchEvent(new Event('input'))")
    left = [
        n
        for n in screen.run("return Array.from(document.querySelectorAll('.net .wide line'), (e) => e.dataset.n)")
        if int(n) >= 2
    ]
    assert int(screen.text(".net-count")) == len(left) < count
    screen.run("document.querySelector('.net .wide .node[tabindex=\"0\"]').focus()")
    screen.press(key("ARROW_RIGHT"))
    assert screen.focused().get_attribute("data-i") == "1"
    screen.press(key("ENTER"))
    assert screen.focused().tag_name == "button"
    screen.press(key("ENTER"))
    assert screen.all(".net-panel .evidence li")
    screen.press(key("ESCAPE"))
    assert screen.focused().get_attribute("data-i") == "1"


@pytest.mark.parametrize(
    ("page", "width", "shape"), [("one", 1400, "wide"), ("one", 390, "tall"), ("several", 390, "tall")]
)
def test_labels_of_the_network_do_not_meet_and_are_not_cut(at, page, width, shape):
    screen = at(page, width, 844)
    code = """
    const svg = document.querySelector('.net svg.' + arguments[0]);
    const boxes = Array.from(svg.querySelectorAll('.node:not(.hid) text'), (e) => [e.textContent, e.getBoundingClientRect()]);
    const frame = svg.getBoundingClientRect();
    const meet = [];
    boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
      const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      // A box of text has room above and below the characters: a fifth and a tenth of it.
      if (x > 1 && y - 0.3 * Math.max(p.height, q.height) > 1) meet.push(a + ' ' + b);
    }));
    const out = boxes.filter(([, p]) => p.left < frame.left - 1 || p.right > frame.right + 1).map(([a]) => a);
    return [boxes.length, meet, out, frame.width, document.documentElement.scrollWidth];
    """
    labels, meet, out, drawn, scroll = screen.run(code, shape)
    assert labels > 1
    assert meet == []
    assert out == []
    assert 0 < drawn <= width
    assert scroll <= width  # the page itself does not scroll sideways


# --- tables -----------------------------------------------------------------------------------------------------------


def values(screen, column):
    code = "return Array.from(document.querySelectorAll('#figures-table tbody:not([hidden]) tr'), (r) => r.cells[arguments[0]].textContent.trim())"
    return screen.run(code, column)


def test_the_table_of_figures_is_sorted_and_searched(at):
    screen = at("one")
    before = values(screen, 1)
    assert len(before) == 83
    screen.click("#figures-table thead th:nth-child(2) button")
    rising = [float(value.replace(",", "")) for value in values(screen, 1)]
    assert rising == sorted(rising)
    assert sorted(before) == sorted(values(screen, 1))
    assert screen.one("#figures-table thead th:nth-child(2)").get_attribute("aria-sort") == "ascending"
    screen.click("#figures-table thead th:nth-child(2) button")
    assert [float(value.replace(",", "")) for value in values(screen, 1)] == rising[::-1]
    screen.click(".tools[data-for='figures-table'] input")
    screen.focused().send_keys("规范性文件")
    screen.until("document.querySelectorAll('#figures-table tbody:not([hidden]) tr').length < 83")
    assert values(screen, 0)
    assert all("规范性文件" in row.text for row in screen.all("#figures-table tbody:not([hidden]) tr"))
    screen.one(".tools[data-for='figures-table'] input").clear()
    screen.run(
        "const s = document.querySelector(\".tools[data-for='figures-table'] select\"); s.value = '比率'; s.dispatchEvent(new Event('change'))"
    )
    assert set(values(screen, 3)) == {"比率"}
    # A link to a row that is filtered away shows it all the same.
    screen.run("location.hash = '#f1-3'")
    screen.until("document.querySelector('#f1-3').getClientRects().length")


# --- themes, languages, keys, several documents -----------------------------------------------------------------------


def test_the_strip_tells_what_a_paragraph_is_and_leads_to_it(at):
    screen = at("one")
    screen.run("document.querySelector('.strip a[tabindex=\"0\"]').focus()")
    screen.press(key("ARROW_RIGHT"))
    assert screen.focused().get_attribute("aria-label") == "2"
    assert screen.text(".readout").startswith("2 · ")
    screen.press(key("ENTER"))
    place = screen.until("location.hash")
    assert screen.until("document.querySelector(arguments[0]).getClientRects().length", place)
    assert screen.seen(place)


def test_english_and_chinese(at):
    screen = at("several")
    assert "以下每个结果都连到原文" in screen.text("main")
    assert "文件是空的" in screen.text("#failures + ul")
    assert "the file is empty" not in screen.text("main")
    screen.click("#en + label")
    assert screen.run("return document.documentElement.lang") == "en"
    text = screen.text(".results")
    assert "Every result links to the text" in text
    assert "the file is empty" in text
    assert "摘要" not in text
    assert screen.one("nav").get_attribute("aria-label") == "Contents"
    screen.run("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    shown = screen.run("return getComputedStyle(document.querySelector('#figures-table td.w'), '::after').content")
    assert shown.strip('"') in ("count", "measure", "change")


def test_a_document_of_many_is_unfolded_by_a_link_and_compared(at):
    screen = at("several")
    assert not screen.one("#x2").get_attribute("open")
    screen.jump("#p1 td:nth-child(4) a")  # what the next report says
    screen.until("document.querySelector('#x2').open")
    assert screen.marked() == "22所"
    screen.click("button.back")
    assert "22所" in screen.focused().text
    link = screen.run("return document.querySelector('#g1 td:nth-child(4) a').textContent")
    assert link == "10800000000"


def test_marks_of_a_kind_can_be_put_away(at):
    screen = at("one")
    code = "return getComputedStyle(document.querySelector('.text a[href^=\"#f\"]:not([data-r])')).borderBottomStyle"
    assert screen.run(code) == "solid"
    screen.click(".kinds input[value='f']")
    assert screen.run(code) == "none"


def test_keys_alone_reach_everything(at):
    screen = at("one")
    screen.press(key("TAB"))
    assert screen.focused().get_attribute("href").endswith("#summary")  # the link that skips
    screen.run("document.querySelector('.text a').focus()")
    first = screen.focused().get_attribute("id")
    screen.press(key("ARROW_RIGHT"))
    assert screen.focused().get_attribute("id") != first
    screen.press(key("ENTER"))
    assert screen.one(".here").is_displayed()
    screen.press(key("ESCAPE"))
    assert not screen.one(".here").is_displayed()
    stops = "return document.querySelectorAll('.text a:not([tabindex=\"-1\"])').length"
    assert screen.run(stops) <= 2  # one stop in the text, not a thousand


def test_hostile_text_stays_text(at):
    screen = at("several")
    assert "gone" not in screen.driver.title
    assert screen.run("return document.querySelectorAll('img, script').length") == 1
    screen.run("document.querySelector('#x3').open = true")
    shown = screen.text("#x3")
    assert "<script>document.title='gone'</script>]]>{{7*7}}" in shown
    assert "\u202e" not in shown
    screen.run("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    last = screen.all('.text a[href^="#f3"]')[-1]
    screen.run("arguments[0].scrollIntoView({block: 'center'})", last)
    last.click()
    screen.click(".here a")
    screen.jump("#f3-2 a")  # behind a character of two code units
    assert "5家" in screen.marked()


# --- paper, axe -------------------------------------------------------------------------------------------------------


def test_paper_shows_everything_of_one_document(at):
    screen = at("one")
    screen.run("window.dispatchEvent(new Event('beforeprint'))")
    assert screen.run("return document.querySelectorAll('details:not([open], .long)').length") == 0
    screen.run("window.dispatchEvent(new Event('afterprint'))")
    assert screen.run("return document.querySelectorAll('details:not([open])').length") > 20
    paper = screen.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(paper["data"]) > 100_000


def axe():
    spec = importlib.util.find_spec("axe_playwright_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("axe-playwright-python is not installed")
    return Path(spec.submodule_search_locations[0], "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "width"), [("one", 1400), ("several", 390)])
def test_axe_finds_no_violation(at, page, width):
    script = axe()
    screen = at(page, width)
    screen.run("document.querySelectorAll('details:not(.kwd + .kwd)').forEach((e) => { e.open = true; })")
    screen.run("document.querySelector('.text a').click()")
    screen.run(script)
    # Of long lists the first rows speak for the others; colours are looked at in each of them, which takes its time.
    long = ["tbody tr:nth-child(n+6)", ".text p:nth-child(n+8)", ".net-list > li:nth-child(n+4)", ".kwd + .kwd + .kwd"]
    found = screen.driver.execute_async_script(
        f"axe.run({{exclude: {json.dumps([[one] for one in long])}}}, {{resultTypes: ['violations']}}).then((r) => arguments[0](r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html])))"
    )
    assert found == []


def test_the_network_alone_in_a_notebook(at, tmp_path, tokens):
    from govtext import network

    graph = network.cooccurrence(tokens, unit="paragraph")
    html = plots.interactive(graph, positions=network.layout(graph), tokens=tokens)
    path = tmp_path / "net.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{html}", encoding="utf-8")
    screen = at(path.as_uri())
    screen.run("document.querySelectorAll('.net .edge')[2].dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert len(screen.all(".net-panel .evidence li")) >= 2

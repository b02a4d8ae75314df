"""Fuzz one reader or grammar, guided by coverage; see README.md beside this file.

usage: python benchmarks/fuzz/fuzz.py TARGET [--seconds N] [--folder DIR]
       python benchmarks/fuzz/fuzz.py TARGET --replay FILE…       run inputs again, without instrumentation: time and memory

Every input must end with a result or a GovtextError, in two seconds of CPU time for each 100 kB begun; one that does not
is written to the folder. Instrumented code keeps memory that it does not keep otherwise (atheris 3.0 grows by 100 kB a
run): whether the process stays below 500 MB is seen when the corpus that was found is replayed.
"""

import argparse
import io
import resource
import sys
import tempfile
import time
import zipfile
from contextlib import nullcontext, suppress
from pathlib import Path

SECONDS, PER, MEGABYTES = 2.0, 100_000, 500

# A byte of the input stands for one of these, so that single mutations make numbers, headings and units, and not
# broken characters. What the byte does not reach stands for itself as a character of Latin-1.
PIECES = (
    *"一二三四五六七八九十百千万亿零〇两半几0123456789０５.．,，、：:；;。！？!?（）()［］[]【】《》〈〉“”‘’「」\"'-—–~～/|·…%％‰$￥＄<>&{}",
    *"年月日第章节条编款项个件次户人名亩吨元天时分岁倍点度米家所名起宗例余多约近超达是为比从至到增减升降",
    "\n", "\n\n", " ", "\u3000", "\t", "\r\n", "\x0c", "\0", "\u202e", "\ufeff", "\ufffd", "𠮷", "①", "⒈", "⑴", "㈠", "Ⅳ",
    "一是", "二是", "首先", "附件", "附表", "目录", "名词解释", "百分点", "百分之", "分别", "同比增长", "同比下降", "增长", "下降",
    "以上", "以下", "左右", "不少于", "万元", "亿元", "公里", "平方米", "立方米", "微克/立方米", "工作日", "个百分点", "其中", "合计",
    "共计", "占", "达到", "提高到", "由", "完成", "办理", "案件", "法治政府", "双随机、一公开", "人民政府", "关于", "的通知", "的报告",
    "印发", "来源：", "发布时间：", "打印", "关闭", "字号", "首页", "2022年", "2022年3月4日", "〔2022〕5号", "（一）", "一、", "1.", "（1）",
    "第一章", "第一条", "<U+00A0>", "<!--", "-->", "&nbsp;", "<br>", "PM2.5", "5G", "COVID-19", "http://", "www.", ".cn",
)  # fmt: skip


def text_of(data: bytes) -> str:
    """Return the text that an input stands for; its first byte says how often the rest is repeated."""
    if not data:
        return ""
    body = "".join(PIECES[b] if b < len(PIECES) else chr(b) for b in data[1:])
    return repeated(body, data[0])[: PER // 3]  # as UTF-8 it has at most 100 kB


def repeated(body: str, how: int) -> str:
    """Return a text as often as a byte says, as far as 100 kB."""
    times = (1, 1, 1, 1, 4, 64, 1024, 16384)[how % 8]
    return body * min(times, PER // max(1, len(body)) + 1)


def decoder():
    from govtext.text import decode, normalise

    return lambda data: normalise(decode(data)[0])


def headings():
    import govtext as gt
    from govtext import tables
    from govtext.document import lint

    def run(data):
        document = gt.parse(text_of(data))
        tables.outline(document), lint(document), tables.info(document)
        pieces = sorted([*document.furniture, *document.paragraphs])
        assert "".join(span.of(document.text) for span in pieces) == document.text  # noqa: S101 - the invariant

    return run


def numbers():
    import govtext as gt
    from govtext import citations, indicators

    def run(data):
        document = gt.parse(text_of(data))
        indicators.check(document, indicators.extract(document)), citations.extract(document)

    return run


def segmenter():
    import govtext as gt

    segment = gt.Segmenter()

    def run(data):
        text = text_of(data)
        tokens = segment(gt.parse(text))
        assert "".join(token.text for token in tokens) == tokens.document.text  # noqa: S101 - the invariant

    return run


def reader(suffix, wrap=lambda data: data):
    from govtext.document import parse
    from govtext.readers import READERS

    read = READERS[suffix]
    return lambda data: parse(read(wrap(data), Path(f"a{suffix}"))[0])


# The same for a page: what nests, what a parser of HTML mends, what our reader looks at.
TAGS = (
    "div span p b font a table tbody tr td th ul ol li dl dd h1 center form select option pre script style title iframe nav "
    "frameset noscript template svg math textarea body html head ucapcontent o:p"
)
PAGE_PIECES = (
    *(f"<{tag}>" for tag in TAGS.split()), *(f"</{tag}>" for tag in TAGS.split()),
    "<br>", "<hr/>", "<img src=x>", "<!--", "-->", "<![CDATA[", "]]>", "<", ">", "&", "&nbsp;", "&#0;", "&#x4e00;", "\0", "\n", " ",
    "<font color=1>", "<font color=2>", "<td rowspan=9999 colspan=9999>", "<td rowspan=2>", "<ol start=99999>", "<ol type=i>",
    "<li value=0>", "<ol style='list-style:simp-chinese-informal'>", "<div class=TRS_Editor>", "<div id=zoom>", "<div class=content>",
    "<p style=display:none>", "<div hidden>", "<meta charset=gb2312>", "<meta name=ArticleTitle content=报告>", "<meta name=PubDate content=2023-02-31>",
    "来源：", "发布时间：", "2023-3-5", "成文日期", "标题", "报告", "一、", "（一）", "法治政府建设，持续推进依法行政，完善制度。", "甲", "a", "1",
)  # fmt: skip


def html():
    """Read raw bytes, or pieces of pages, repeated as `text_of` does."""
    whole = reader(".html")

    def run(data):
        if data[:1] != b"P" or len(data) < 2:
            return whole(data)
        body = "".join(PAGE_PIECES[b % len(PAGE_PIECES)] for b in data[2:])
        return whole(repeated(body, data[1]).encode()[:PER])

    return run


def pdf():
    """Read raw bytes with PDFium in this process, so that a crash is a finding; or set characters at given places."""
    import importlib.util
    import json

    import numpy as np
    import pypdfium2_raw as api

    from govtext.readers import pdf as pdfs
    from govtext.readers import pdfium, typeset

    pdfium.start(api, str(Path(importlib.util.find_spec("pylopdf_fonts_zh_cn").origin).parent))

    def extracted(data, _path):
        out = io.BytesIO()
        fault = pdfium.run(api, data, out)
        return out.getvalue() + json.dumps({"fault": fault}).encode() + b"\n"

    pdfs._extracted = extracted
    whole = reader(".pdf")

    def run(data):
        if data[:1] != b"T":
            whole(data)
            return
        pages = []
        for page in data[1:].split(b"||"):
            rows = np.frombuffer(page[: len(page) // 5 * 5], np.uint8).reshape(-1, 5).astype(np.float64)
            size = 4 + rows[:, 2] / 8
            x, y = 2.2 * rows[:, 3], 3.2 * rows[:, 4]
            angle = np.where(rows[:, 2] > 250, rows[:, 2], 0) * np.pi / 2
            codes = np.array([ord((PIECES[int(c)] if c < len(PIECES) else "字")[0]) for c in rows[:, 0]], np.uint32)
            pages.append((codes, np.stack([x, y - 1, x + size, y + size, x, y, size, angle], axis=1)))
        typeset.typeset(pages)

    return run


def docx():
    """Read raw bytes, or a well-formed archive whose document, numbering or notes are the input."""
    import docx as library

    stream = io.BytesIO()
    library.Document().save(stream)

    def wrap(data):
        part = {b"D": "word/document.xml", b"N": "word/numbering.xml", b"S": "word/styles.xml"}.get(data[:1])
        if not part:
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(stream) as old, zipfile.ZipFile(out, "w") as new:
            for name in old.namelist():
                new.writestr(name, data[1:] if name == part else old.read(name))
        return out.getvalue()

    return reader(".docx", wrap)


TARGETS = {f.__name__: f for f in (decoder, headings, numbers, segmenter, html, docx, pdf)}


def seeds(name):
    """Return small inputs of the right form to begin with, made from the reference report."""
    import govtext as gt

    text = next(iter(gt.reference_corpus())).text[:1500]
    coded = {piece: i for i, piece in reversed(list(enumerate(PIECES)))}
    by_piece = bytes([0, *(coded[c] for c in text if c in coded)])
    own = Path(__file__).parent / "seeds" / name
    found = [path.read_bytes() for path in sorted(own.glob("*"))] if own.is_dir() else []
    if name == "decoder":
        found += [text[:200].encode(code, "ignore") for code in ("utf-8", "gb18030", "big5", "utf-16")]
    elif name in ("headings", "numbers", "segmenter"):
        found += [bytes([turn]) + by_piece[1:] for turn in (0, 4, 5, 6, 7)]
        found += [bytes([7, coded[piece]]) for piece in PIECES if coded.get(piece, 256) < 256]
    elif name == "docx":
        with zipfile.ZipFile(_word(text[:300])) as archive:
            parts = {"D": "word/document.xml", "N": "word/numbering.xml", "S": "word/styles.xml"}
            found += [mark.encode() + archive.read(part) for mark, part in parts.items()]
        found.append(_word("甲").getvalue())
    elif name == "pdf":
        sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
        import prints

        rows = text[:400].split("\n")
        found += [
            prints.pdf(prints.set_text(rows)),
            prints.pdf(["image"]),
            prints.pdf([(90, 700, 16, "⼀、甲")], [], rotate=90),
        ]
        found += [b"T" + bytes(v for i in range(90) for v in (i % 60, 0, 40, 3 * (i % 30), 200 - 9 * (i // 30)))]
    elif name == "html":
        found += [bytes((80, turn, i)) for turn in (6, 7) for i in range(len(PAGE_PIECES))]
        found += [page(text[:300]).encode(code, "ignore") for code in ("utf-8", "gb2312")]
    return found


def _word(text):
    import docx as library

    document, out = library.Document(), io.BytesIO()
    document.add_paragraph(text, style="List Number")
    document.add_table(2, 2).cell(0, 0).text = "甲"
    document.save(out)
    out.seek(0)
    return out


def page(text):
    return (
        "<html><head><meta charset=gb2312><title>报告</title><meta name=ArticleTitle content=报告></head><body><div class=nav>"
        f"<a href=/>首页</a></div><div class=TRS_Editor><p>{text}</p><table><tr><td rowspan=2>甲<td colspan=3>1</table>"
        "<script>x</script><!-- c --></div></body></html>"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "govtext-fuzz")
    parser.add_argument("--replay", type=Path, nargs="+")
    options = parser.parse_args()
    if not options.replay:
        import atheris

    with nullcontext() if options.replay else atheris.instrument_imports(include=["govtext"]):
        run = TARGETS[options.target]()
        with suppress(Exception):
            run(b"\0")  # everything is imported once
    from govtext.errors import GovtextError

    worst = [0.0]

    def one(data):
        began = time.process_time()
        with suppress(GovtextError):
            run(data)
        took = (time.process_time() - began) / (1 + len(data) // PER)
        if took > worst[0]:
            worst[0] = took
            print(f"slowest so far: {took:.2f} s for {len(data)} bytes", file=sys.stderr)
        if took > SECONDS:
            raise TimeoutError(f"{took:.2f} s for {len(data)} bytes")

    if options.replay:
        for path in options.replay:
            one(path.read_bytes())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{options.target}: {len(options.replay)} inputs passed, slowest {worst[0]:.2f} s, peak memory {peak} MB")
        sys.exit(peak > MEGABYTES)
    place = options.folder / options.target
    corpus = place / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(options.target)):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    longest = PER if options.target in ("decoder", "html", "docx", "pdf") else 400
    arguments = [
        f"-max_total_time={options.seconds}", f"-max_len={longest}", "-rss_limit_mb=6000", "-timeout=60",
        f"-artifact_prefix={place}/", "-print_final_stats=1", str(corpus),
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

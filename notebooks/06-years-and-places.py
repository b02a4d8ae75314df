# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 年度与地区
#
# 比较要有两份以上的报告。参考语料只有一份，所以先把它的总结部分和打算部分写成两个文件，当作两个年度，
# **只为演示**；换成自己的文件夹，其余各格不变。

# %%
from pathlib import Path
from tempfile import mkdtemp

import matplotlib.pyplot as plt

import govtext as gt
from govtext import compare, plots, provenance, tables

doc = next(iter(gt.reference_corpus()))
review, _, plan = [section for section in doc.sections if section.level == "1"]
folder = Path(mkdtemp())
(folder / "2022_清镇市.txt").write_bytes(review.span.of(doc.text).encode("gb18030"))
(folder / "2023_清镇市.txt").write_bytes(plan.span.of(doc.text).encode("gb18030"))

# %% [markdown]
# ## 读一个文件夹
#
# 年份与地区从文件名得知：`{year}_{place}.txt`。GBK（GB18030）编码的旧文件照读不误。

# %%
corpus = gt.read_corpus(folder, names="{year}_{place}.txt")
corpus

# %% [markdown]
# ## 术语增减
#
# 后一年为目标，前一年为参照。`gained` 新出现，`lost` 不再出现，`kept` 都有；`a`、`b` 是每万字的次数。

# %%
segment = gt.Segmenter()
before, after = corpus
changes = compare.term_changes(after, before, segment=segment)
tables.frame(changes)[["term", "change", "a", "b", "difference", "p", "q"]].head(10)

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6, 5))
    plots.term_changes(ax, changes, n=12, names=("2023", "2022"))

# %% [markdown]
# ## 关注度
#
# 提到某类术语的句子占多大比例，附 95% 区间。区间重叠很多，就不要说“上升了”。

# %%
shares = compare.attention(corpus, by="year", segment=segment)
table = tables.frame(shares)
table[table["about"] > 5][["group", "topic", "share", "low", "high"]]

# %% [markdown]
# ## 上年承诺与次年落实
#
# `promises` 在次年报告里找上年承诺的数字。参考语料没有次年报告，下面两句是编写的例子，只看形式。

# %%
known = [gt.document.Metadata(place="甲市", year=year, genre="政府工作报告") for year in (2025, 2026)]
plan_report = gt.parse("二、2025年重点工作\n今年要实现城镇新增就业5万人。新建公园10个。", metadata=known[0])
next_report = gt.parse("一、2025年工作回顾\n过去一年，城镇新增就业5.2万人。", metadata=known[1])
promised = compare.promises(plan_report, next_report, segment=segment)
tables.frame(promised)[["name", "verdict"]]

# %% [markdown]
# ## 记录来源

# %%
manifest = provenance.record(list(corpus), lexicon=segment.lexicon, options={"engine": segment.engine, "by": "year"})
[row["id"] for row in manifest["result"]["inputs"]]

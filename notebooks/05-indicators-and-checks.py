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
# # 05 指标与核对
#
# 报告里的每个数字是什么、多少、单位是什么；文中写明的加总、比率、增幅对不对。

# %%
import govtext as gt
from govtext import citations, document, indicators, provenance, tables

doc = next(iter(gt.reference_corpus()))

# %% [markdown]
# ## 数字
#
# 一行一个数字。`value` 已换算（1.2亿元 → 120000000 元）；`approx` 是原文的“约、余、以上”；`name` 是它说的是什么。

# %%
figures = tables.frame(indicators.extract(doc))
figures[["text", "value", "unit", "kind", "approx", "name", "period"]].head(12)

# %%
figures.groupby("kind").size().rename("个数").to_frame()

# %% [markdown]
# ## 核对
#
# `holds` 相符；`rounding` 只差末位；`differs` 不符。不符不等于造假，常是口径不同：请回到原文看。

# %%
checks = tables.frame(indicators.check(doc))
checks[["code", "verdict", "message", "start"]]

# %%
start, end = checks.loc[0, "start"], checks.loc[0, "end"]
doc.text[start:end]

# %% [markdown]
# ## 结构
#
# 编号缺漏、重复，有标题没有正文：

# %%
tables.frame(document.lint(doc))[["start", "code", "message"]]

# %% [markdown]
# ## 引用的文件与口号

# %%
tables.frame(citations.extract(doc))[["text", "type", "verb", "role", "expansion"]].head(10)

# %% [markdown]
# ## 记录来源

# %%
manifest = provenance.record([doc], options={"analyses": ["indicators", "citations", "lint"]})
manifest["result"]["inputs"][0]["sha256"]

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
# # 02 关键词与关键性
#
# 关键词问：这份报告里什么突出？关键性（keyness）问：与另一批文字相比，什么用得更多、更少？
# 参考报告的第一部分是总结，第三部分是问题与打算，正好相比。

# %%
import matplotlib.pyplot as plt

import govtext as gt
from govtext import keywords, plots, provenance, tables

doc = next(iter(gt.reference_corpus()))
segment = gt.Segmenter()
tokens = segment(doc)
first, second, third = [section for section in doc.sections if section.level == "1"]
print(first.heading, "|", third.heading)

# %% [markdown]
# ## 各章节的关键词

# %%
by_section = tables.frame(keywords.tfidf(tokens, n=5, unit="section"))
by_section.groupby("section")["term"].agg("、".join).rename("关键词").to_frame().head(12)

# %% [markdown]
# ## 位次有多稳
#
# 报告若少写一节、多写一节，关键词的位次会变。按章节有放回地重抽，得到每个位次的 95% 区间：区间宽，就不要强调“第几位”。

# %%
stable = keywords.stability(tokens, n=12)
tables.frame(stable)[["term", "rank", "low", "high", "share"]]

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6, 4))
    plots.rank_intervals(ax, stable)

# %% [markdown]
# ## 打算比总结多说什么
#
# - `g2`：对数似然比，越大越不像偶然；
# - `log_ratio`：多用几倍（2 的几次方）；负数是少用；
# - `q`：同时检验许多词之后校正过的 p，小于 0.05 才算有把握。
#
# 这里两部分各约一千个词，能站住的差异本来就少。

# %%
review, plan = tokens.within(first.span), tokens.within(third.span)
changes = tables.frame(keywords.keyness(plan, review))
changes[["term", "count", "reference_count", "log_ratio", "g2", "q"]].head(10)

# %% [markdown]
# 总结中用得更多的，排在另一端：

# %%
changes[["term", "count", "reference_count", "log_ratio", "g2", "q"]].tail(5)

# %% [markdown]
# ## 记录来源

# %%
manifest = provenance.record([doc], lexicon=segment.lexicon, options={"engine": segment.engine, "min_count": 3})
manifest["result"]["inputs"][0]["sha256"]

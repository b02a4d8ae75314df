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
# # 01 十分钟，第一份报告
#
# 从一份报告到一张可以放进论文的图。不需要会编程：每一格按 Shift+Enter 运行，看输出，再往下。
# 全程不联网，用的是随库附带的参考报告（清镇市 2022 年度法治政府建设情况报告）。
#
# 还没有安装？在终端里运行 `pip install .`（在克隆下来的文件夹中），然后重开笔记本。

# %%
import matplotlib.pyplot as plt

import govtext as gt
from govtext import counts, keywords, network, plots, provenance, tables

doc = next(iter(gt.reference_corpus()))
doc

# %% [markdown]
# ## 换成自己的报告
#
# 把上一格的最后几行换成下面的一种，其余各格不用改：
#
# - 一个文件：`doc = gt.read("报告.docx")`（.txt、.md、.docx 都可以，文字编码自动识别）
# - 一个文件夹：`corpus = gt.read_corpus("我的报告")`，再取 `doc = corpus["编号"]`；
#   单独一格写 `corpus` 可看到各篇的编号

# %% [markdown]
# ## 章节
#
# `frame` 把任何结果变成表格（pandas 的 DataFrame），可以排序、筛选、另存。`start` 是该节从第几个字开始。

# %%
tables.frame(doc.sections)[["start", "level", "heading", "parent"]].head(10)

# %% [markdown]
# ## 分词
#
# 把文字切成词。政策术语保持完整（标黄的），不会把“法治政府建设”切成碎片。

# %%
segment = gt.Segmenter()
tokens = segment(doc)
tokens

# %% [markdown]
# ## 关键词
#
# TF-IDF：在这里多、在别处少的词，分数高。只有一份报告时，“别处”就是它的其他章节。

# %%
found = keywords.tfidf(tokens, n=15)
tables.frame(found)[["rank", "term", "score", "count", "document_frequency"]]

# %% [markdown]
# ## 画成图，存成文件
#
# `plots.style()` 换上中文字体。图存为 svg、pdf 或 png，写进当前文件夹。

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(6, 4))
    plots.keywords(ax, found)
    plots.save(figure, "关键词.svg")

# %% [markdown]
# ## 回到原文
#
# 每个数字都可以查到原文。下面是排在第一位的关键词每次出现的上下文。

# %%
tables.frame(counts.kwic(tokens, found[0].term, window=12))[["left", "match", "right"]]

# %% [markdown]
# ## 哪些术语一同出现

# %%
graph = network.cooccurrence(tokens, unit="sentence", min_count=2)
network.centralities(graph).head(5)

# %% [markdown]
# ## 另存表格
#
# `utf-8-sig` 使 Excel 打开时不乱码。

# %%
tables.frame(found).to_csv("关键词.csv", index=False, encoding="utf-8-sig")

# %% [markdown]
# ## 记录来源
#
# 最后一格记下输入、词典、选项与版本，并写出可以放进论文“方法”一节的一段话。

# %%
manifest = provenance.record(
    [doc], lexicon=segment.lexicon, options={"engine": segment.engine, "top": 15, "unit": "sentence", "min_count": 2}
)
print(provenance.methods(manifest)[0])

# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 第一份报告：关键词
#
# 本笔记本读取随库附带的参考报告（清镇市 2022 年度法治政府建设情况报告），列出各章节的 TF-IDF 关键词，
# 并从每个关键词回到原文。无须联网。

# %%
import govtext as gt
from govtext import counts, keywords, network, provenance, tables

doc = next(iter(gt.reference_corpus()))
doc

# %% [markdown]
# ## 章节
#
# 每个章节知道自己的路径、区间与上级。

# %%
tables.frame(doc.sections)[["start", "level", "heading", "parent"]].head(10)

# %% [markdown]
# ## 分词
#
# 政策术语保持完整；`Token.term` 是术语的规范形式。

# %%
segment = gt.Segmenter()
tokens = segment(doc)
[token.text for token in tokens.within(doc.sections[2].span)][:20]

# %% [markdown]
# ## 全文关键词
#
# 只有一份报告时，idf 取自它自己的章节：ln((1 + N) / (1 + df)) + 1。

# %%
found = keywords.tfidf(tokens, n=15)
tables.frame(found)[["rank", "term", "score", "count", "document_frequency"]]

# %% [markdown]
# ## 各章节关键词

# %%
by_section = tables.frame(keywords.tfidf(tokens, n=5, unit="section"))
by_section.groupby("section")["term"].agg("、".join).rename("关键词").to_frame().head(12)

# %% [markdown]
# ## 从关键词回到原文

# %%
tables.frame(counts.kwic(tokens, found[0].term, window=12))[["left", "match", "right"]]

# %% [markdown]
# ## 哪些术语一同出现

# %%
graph = network.cooccurrence(tokens, unit="sentence", min_count=2)
network.centralities(graph).head(10)

# %%
a, b, count = max(graph.edges(data="count"), key=lambda edge: edge[2])
print(a, b, count)
[span.of(doc.text).strip() for span in network.evidence(tokens, a, b)]

# %% [markdown]
# ## 记录来源
#
# 清单记下输入、词典、选项与版本的摘要，附方法说明：同样的清单，同样的结果。

# %%
manifest = provenance.record(
    [doc], lexicon=segment.lexicon, options={"engine": segment.engine, "top": 15, "unit": "sentence", "min_count": 2}
)
print(provenance.methods(manifest)[0])
manifest["result"]["inputs"], manifest["result"]["versions"]["govtext"]

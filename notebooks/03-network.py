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
# # 03 政策术语共现网络
#
# 点是政策术语，两个术语在同一段出现就连一条边。从一份报告建网，看图，查证据，检验，最后导出到 Gephi。
# 做法与公式见 `docs/network.md`。

# %%
from IPython.display import HTML

import govtext as gt
from govtext import network, plots, provenance, tables

doc = next(iter(gt.reference_corpus()))
segment = gt.Segmenter()
tokens = segment(doc)

# %% [markdown]
# ## 建网：同在一段的术语

# %%
graph = network.cooccurrence(tokens, unit="paragraph", min_count=1, measures=["npmi", "log_likelihood"])
frequent = graph.subgraph(node for node, data in graph.nodes(data=True) if data["units"] > 1).copy()
network.summary(frequent)

# %% [markdown]
# ## 社群与图：指向一点看相邻术语，点一条边看背后的句子，滑块隐去弱边

# %%
groups = network.communities(frequent, weight="weight")
network.community_names(frequent, groups)

# %%
drawn = plots.skeleton(frequent, edges=2 * len(frequent), weight="weight")
positions = network.layout(drawn, weight="weight")
HTML(plots.interactive(drawn, positions=positions, communities=groups, tokens=tokens))

# %% [markdown]
# ## 谁居于中心

# %%
network.centralities(frequent).head(10)

# %% [markdown]
# ## 一条边背后的段落

# %%
tables.frame(tables.evidence(tokens, "行政复议", "行政应诉", unit="paragraph"))

# %% [markdown]
# ## 是否偶然：按 q 值排列的边，与重抽样的区间

# %%
tables.frame(tables.edges(frequent)).sort_values("q").head(10)

# %%
network.stability(tokens, graph, n=100, partitions=5).sort_values("count", ascending=False).head(10)

# %% [markdown]
# ## 导出到 Gephi、Pajek、VOSviewer
#
# 后缀决定格式：`.gexf` 给 Gephi，`.net` 给 Pajek，`.txt` 给 VOSviewer（两个文件）。写在当前文件夹。

# %%
network.write(frequent, "共现网络.gexf", groups=groups)

# %% [markdown]
# ## 记录来源

# %%
manifest = provenance.record(
    [doc], lexicon=segment.lexicon, options={"engine": segment.engine, "unit": "paragraph", "min_count": 1}
)
manifest["result"]["inputs"], manifest["result"]["versions"]["govtext"]

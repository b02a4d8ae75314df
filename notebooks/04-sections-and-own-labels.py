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
# # 04 章节、主题与自己的标签
#
# 每一段属于什么主题，是总结还是计划；再用自己的标签教它分类。

# %%
import matplotlib.pyplot as plt

import govtext as gt
from govtext import classify, plots, provenance, tables

doc = next(iter(gt.reference_corpus()))
segment = gt.Segmenter()

# %% [markdown]
# ## 不用标注：主题与角色
#
# 角色有五种：开头 preamble、总结 review、职责 duty、问题 problem、计划 plan。`probability` 是把握，`why` 是依据的词。

# %%
themes, roles = classify.themes(doc, segment=segment), classify.roles(doc, segment=segment)
tables.frame(roles)[["start", "label", "probability", "why"]].head(8)

# %%
shares = classify.role_shares(themes, roles)
shares

# %% [markdown]
# 全文从头到尾，一格一段：

# %%
with plots.style():
    figure, ax = plt.subplots(figsize=(7, 1.6))
    plots.strip(ax, roles, classify.Taxonomy.roles().labels)

# %% [markdown]
# ## 自己的标签
#
# 假设研究问题是：每段说的是“监督”还是“服务”？先标几段，再让它学。下面手工标了八句（来自参考报告的说法），
# `groups` 说明每句来自哪一部分：验证时整部分留出，不在同一部分里既学又考。

# %%
texts = [
    "自觉接受人大监督和政协民主监督",
    "开展行政执法案卷评查，加强执法监督",
    "强化审计监督，推进财政资金规范使用",
    "推进政务公开，主动接受社会监督",
    "提供公共法律服务，办理法律援助案件",
    "优化政务服务，实现一网通办",
    "为企业提供法律咨询服务",
    "建成公共法律服务站，方便群众办事",
]
labels = ["监督"] * 4 + ["服务"] * 4
groups = ["甲", "甲", "乙", "乙"] * 2

model = classify.SectionClassifier(segment=segment).fit(texts, labels)
classify.scores(classify.cross_validate(classify.SectionClassifier(segment=segment), texts, labels, groups=groups))

# %% [markdown]
# 得了满分，也说明不了什么：例句太少、太整齐，只有两组，区间也就没有意义。真正的研究要标几十段，按文档、地区或年份分组。
# 把模型用到参考报告的各段，只看把握大的：

# %%
paragraphs = [span.of(doc.text).strip() for span in doc.paragraphs]
guess = tables.frame(roles)[["start"]].assign(
    标签=model.predict(paragraphs), 把握=model.predict_proba(paragraphs).max(axis=1).round(2), 段落=paragraphs
)
guess.sort_values("把握", ascending=False).head(6)

# %% [markdown]
# ## 请人标注
#
# 写出每段一行的表，每位编码者填一份 `label` 列。填好后用 `classify.read_annotations` 读回，`classify.kappa` 算一致性；
# 由填好的表训练、给别的报告贴标签，见 `docs/howto/sections.md`。

# %%
rows = classify.annotation_rows(doc)
tables.write_sheet(rows, classify.ANNOTATION_COLUMNS, "标注表.xlsx")
len(rows)

# %%
coder_a, coder_b = ["监督", "服务", "服务", "监督", "服务"], ["监督", "服务", "监督", "监督", "服务"]
classify.kappa(coder_a, coder_b)

# %% [markdown]
# ## 记录来源

# %%
manifest = provenance.record([doc], lexicon=segment.lexicon, options={"engine": segment.engine, "labels": labels})
manifest["result"]["versions"]["govtext"]

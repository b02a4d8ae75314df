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
# # 07 可重复的研究
#
# 论文投出去半年，审稿人问：这张表怎么来的？研究文件（study.toml）写明输入与选项，
# 清单（manifest.json）记下实际用了什么、写出了什么。谁都可以据此重做，并逐字节核对。

# %%
from pathlib import Path
from tempfile import mkdtemp

from govtext import provenance, report, study

folder = Path(mkdtemp())
plan = study.reference().told(output=str(folder / "结果"), analyses=["keywords"], figures=False, top=10)
plan.top, plan.unit, plan.min_count

# %% [markdown]
# ## 运行
#
# 与命令 `govtext report --analyses keywords --no-figures --top 10 -o 结果` 相同。自己的文件
# 写作 `study.Study(inputs=[...], output="结果")`，或写在 study.toml 里用 `study.Study.read("study.toml")` 读入。

# %%
summary = report.run(plan)
sorted(path.relative_to(summary.folder).as_posix() for path in summary.folder.rglob("*") if path.is_file())

# %% [markdown]
# 结果文件夹里有重做它所需的研究文件：

# %%
print((summary.folder / "study.toml").read_text(encoding="utf-8"))

# %% [markdown]
# ## 重做，并比较两份清单
#
# 没有输出不同，就是空列表：

# %%
again = report.run(plan.told(output=str(folder / "再做一次")))
recorded, found = provenance.read(summary.folder), provenance.read(again.folder)
provenance.compare(recorded, found)

# %% [markdown]
# 改一个选项再做，就会指出是哪里不同：

# %%
other = report.run(plan.told(output=str(folder / "另一次"), top=5))
[str(difference) for difference in provenance.compare(recorded, provenance.read(other.folder))][:4]

# %% [markdown]
# ## 写进论文
#
# 方法说明（中、英）与引用格式：

# %%
chinese, english = provenance.methods(recorded)
print(chinese)

# %%
print(provenance.cite())

# %% [markdown]
# ## 记录来源
#
# 笔记本自己的清单。与上面一样，可用 `provenance.compare` 两相比较。

# %%
manifest = provenance.record(study.corpus_of(plan), options={"top": plan.top, "unit": plan.unit})
provenance.compare(manifest, manifest)

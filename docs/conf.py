"""The site of govtext: Sphinx, MyST and furo, built without a network (文档站点)."""

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

import govtext as gt  # noqa: E402 - after the path

project, author, copyright = "govtext", "The govtext developers", "The govtext developers"  # noqa: A001 - Sphinx's name
version = release = gt.__version__
language = "zh_CN"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "chinese_lines",
    "chinese_search",
    "command_pages",
    "offline",
    "plain_docstrings",
    "public_names",
]
exclude_patterns = ["_build", "jupyter_execute", "**/.ipynb_checkpoints"]

# Docstrings speak Markdown's `name` for code.
default_role = "code"
autodoc_default_options = {"members": True, "undoc-members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
napoleon_use_rtype = False
python_display_short_literal_types = True

# Every cell is run, in a folder of its own; one that fails stops the build.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 180
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4

# No script, style or font from elsewhere: formulas are plain text.
html_theme = "furo"
html_title = f"govtext {release}"
html_search_language = "zh"
html_show_sourcelink = False
html_show_copyright = False
html_static_path = ["_static"]
html_css_files = ["site.css"]


def _copy_notebooks() -> None:
    """Bring the notebooks under the folder of the sources, where alone Sphinx looks."""
    shutil.rmtree(HERE / "notebooks", ignore_errors=True)
    (HERE / "notebooks").mkdir()
    for path in sorted((HERE.parent / "notebooks").glob("*.ipynb")):
        shutil.copy(path, HERE / "notebooks" / path.name)


_copy_notebooks()

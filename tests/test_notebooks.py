"""The notebooks run from top to bottom without a network, hold no output, and agree with their text form.

One kernel runs them all, since starting one and loading the libraries takes longer than any of them; before each its
names are deleted, so that none leans on another.
"""

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NAMES = [
    "01-first-report",
    "02-keywords-and-keyness",
    "03-network",
    "04-sections-and-own-labels",
    "05-indicators-and-checks",
    "06-years-and-places",
    "07-a-reproducible-study",
]
# The kernel may talk to the test over loopback, and to nobody else; a warning is an error, as in the tests.
GUARD = """
import socket, warnings

class Guarded(socket.socket):
    def connect(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a connection to {address}")
        return super().connect(address)

socket.socket = Guarded
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="jieba.*")
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
"""
# Not %reset: it takes the drawing of figures away, too.
CLEAR = """
_kept = {"In", "Out", "exit", "quit", "open", "get_ipython"}
for _name in [name for name in globals() if not name.startswith("_") and name not in _kept]:
    del globals()[_name]
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A client with a running kernel, in a folder of its own."""
    folder = str(tmp_path_factory.mktemp("notebooks"))
    client = NotebookClient(nbformat.v4.new_notebook(), timeout=120, resources={"metadata": {"path": folder}})
    with client.setup_kernel():
        run(client, nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(GUARD)]))
        yield client


def run(client, notebook):
    client.nb = notebook
    for index, cell in enumerate(notebook.cells):
        client.execute_cell(cell, index)


def test_the_notebooks_are_these():
    assert [path.stem for path in NOTEBOOKS] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_clean(name):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    paired = jupytext.read(FOLDER / f"{name}.py")
    assert [(c.cell_type, c.source) for c in notebook.cells] == [(c.cell_type, c.source) for c in paired.cells]
    assert "provenance.record(" in code[-1].source
    assert not any(word in cell.source for cell in code for word in ("def ", "/home/", "filterwarnings"))


@pytest.mark.parametrize("name", NAMES)
def test_notebook_runs(name, kernel):
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(CLEAR))
    run(kernel, notebook)  # an error in a cell is an error here
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert len(outputs) > 4
    assert not any(output.get("name") == "stderr" for output in outputs)
    drawn = sum("image/png" in output.get("data", {}) for output in outputs)
    assert drawn == sum("plt.subplots" in cell.source for cell in notebook.cells)


def test_the_guard_forbids_connections(kernel):
    cell = nbformat.v4.new_code_cell("import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)")
    with pytest.raises(Exception, match=r"a connection to \('192.0.2.1', 80\)"):
        run(kernel, nbformat.v4.new_notebook(cells=[cell]))

"""Counting in shards: the same as with all documents at hand, whatever the shards, their order and who counts them."""

import json
import os
import signal
import subprocess
import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

import govtext as gt
from govtext import counts, errors, keywords, network, provenance, report, scale
from govtext.corpus import expand
from govtext.scale import maps
from govtext.scale.partial import COLUMNS, TOTALS, Pairs, summed
from govtext.scale.store import Packed, Store, pack

ROOT = Path(__file__).parents[1]
SENTENCES = [
    "全面推进依法行政，建设法治政府。", "优化营商环境，深化“放管服”改革。", "一是加强行政执法监督。", "推进“人民”满意的工作。",
    "城镇新增就业5万人，比上年增长3%。", "完善双随机、一公开监管机制，优化营商环境。", "存在的问题是行政执法能力不足。",
    "下一步加快建设数字政府，推进政务公开。", "学习贯彻习近平法治思想，落实主体责任。", "清镇市加强乡村振兴工作。",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve small reports of three years, one of them broken, one of blanks and digits."""
    place = tmp_path_factory.mktemp("reports")
    draw = np.random.default_rng(7)
    for number in range(12):
        body = "".join(SENTENCES[i] + ("\n" if i % 3 else "") for i in draw.integers(0, len(SENTENCES), 30))
        text = f"清镇市{2020 + number % 3}年工作报告\n一、总体情况\n{body}\n二、下一步打算\n{body[::-1] if number == 5 else body}"
        (place / f"{number:02d}.txt").write_text(text, encoding="utf-8")
    (place / "broken.txt").write_bytes(bytes(range(128, 256)) * 40)
    (place / "digits.txt").write_text("1 2 3\n", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def corpus(folder):
    return gt.read_corpus(folder)


@pytest.fixture(scope="module")
def cut(corpus, segment):
    return [segment(document) for document in corpus]


def counted(folder, store, *, shard=4000, execute=None, **options):
    totals = scale.count_corpus(
        expand([folder]), Store(str(store)), settings=scale.Settings(**options), lexicon=gt.Lexicon.default(),
        shard=shard, execute=execute,
    )  # fmt: skip
    return scale.Found(totals)


def values(found):
    """Everything a run has found, as plain values."""
    graph = found.graph(gt.Lexicon.default())
    matrix = [(columns.tolist(), row.tolist()) for columns, row in found.matrix_rows()]
    return (
        found.counts.terms, found.counts.table.tolist(), found.counts.totals, matrix, list(found.keywords()),
        list(graph.nodes(data=True)), list(graph.edges(data=True)), graph.graph,
        [row["id"] for row in found.documents], [str(f) for f in found.failures],
    )  # fmt: skip


@pytest.mark.parametrize("unit", ["sentence", "paragraph", "section", "document", "window"])
def test_the_same_as_with_all_documents_at_hand(folder, corpus, cut, tmp_path, unit):
    found = counted(folder, tmp_path, unit=unit, top=8)
    matrix, terms = counts.term_matrix(cut)
    rows = [sp.csr_matrix((v, c, [0, len(c)]), shape=(1, len(terms))).toarray()[0] for c, v in found.matrix_rows()]
    assert found.counts.terms == terms
    assert np.array_equal(rows, matrix.toarray())
    assert [row["id"] for row in found.documents] == [document.id for document in corpus]
    assert [k for part in found.keywords() for k in part] == keywords.tfidf(cut, n=8)
    graph, whole = found.graph(gt.Lexicon.default()), network.cooccurrence(cut, unit=unit)
    assert list(graph.nodes(data=True)) == list(whole.nodes(data=True))
    assert list(graph.edges(data=True)) == list(whole.edges(data=True))
    assert graph.graph == whole.graph
    assert [f.file for f in found.failures] == [f.file for f in corpus.failures] == ["broken.txt"]
    frequencies = {row.term: (row.count, row.document_frequency) for row in counts.frequencies(cut)}
    columns = zip(*(found.counts.column(name).tolist() for name in COLUMNS[:2]), strict=True)
    assert dict(zip(terms, columns, strict=True)) == frequencies


def backwards(function, tasks):
    """Do the last task first."""
    for task in reversed(tasks):
        yield function(*task)


@pytest.mark.parametrize(
    ("shard", "execute"),
    [
        (1, None),  # every file a shard
        (10**9, None),  # one shard
        (3000, backwards),
        (3000, scale.with_joblib(2)),
    ],
)
def test_neither_shards_nor_order_nor_workers_matter(folder, tmp_path, shard, execute):
    assert values(counted(folder, tmp_path / "a", shard=shard, execute=execute)) == values(
        counted(folder, tmp_path / "b")
    )


def test_merging_is_associative_and_commutative(cut):
    settings = scale.Settings()
    parts = [scale.counts_of(part, settings) for part in (cut[:3], cut[3:7], cut[7:])]
    whole = scale.counts_of(cut, settings)
    for a, b, c in permutations(parts):
        for merged in (scale.merge([a, scale.merge([b, c])]), scale.merge([scale.merge([a, b]), c])):
            assert merged.packed() == whole.packed()
    assert scale.merge([]).totals == dict.fromkeys(TOTALS, 0)


@given(st.lists(st.dictionaries(st.integers(0, 30), st.integers(1, 9)), max_size=5))
def test_pairs_add_up(parts):
    pairs = [Pairs(np.array(sorted(p), np.uint64), np.array([p[k] for k in sorted(p)], np.int64)) for p in parts]
    keys = sorted(set().union(*parts)) if parts else []
    assert [v.tolist() for v in summed(pairs)] == [keys, [sum(p.get(key, 0) for p in parts) for key in keys]]


def test_a_run_takes_up_what_is_there(folder, tmp_path):
    done = []

    def execute(function, tasks):
        for task in tasks:
            if len(done) == 5:
                raise KeyboardInterrupt
            done.append((function.__name__, task[-1]))
            yield function(*task)

    with pytest.raises(KeyboardInterrupt):
        counted(folder, tmp_path, shard=1, execute=execute)
    (tmp_path / "cut-unfinished.abc.part").write_bytes(b"half")  # a worker that was killed leaves this
    first, done[:] = len(done), []
    again = counted(folder, tmp_path, shard=1, execute=lambda f, tasks: execute_all(f, tasks, done))
    assert first == 5
    assert sum(name == "cut" for name, _ in done) == 14 - 5  # only the others are cut again
    assert values(again) == values(counted(folder, tmp_path / "other"))


def execute_all(function, tasks, done):
    for task in tasks:
        done.append((function.__name__, task[-1]))
        yield function(*task)


def test_a_file_that_changes_is_counted_again_and_no_other(folder, tmp_path):
    place = tmp_path / "reports"
    place.mkdir()
    for file in folder.glob("0*.txt"):
        (place / file.name).write_bytes(file.read_bytes())
    counted(place, tmp_path / "store", shard=1)
    (place / "03.txt").write_text("建设法治政府。", encoding="utf-8")
    done = []
    counted(place, tmp_path / "store", shard=1, execute=lambda f, tasks: execute_all(f, tasks, done))
    assert sum(name == "cut" for name, _ in done) == 1


def test_work_is_counted_not_seconds(folder, tmp_path, monkeypatch):
    """Every text is read and cut once, whatever the number of steps and of terms."""
    calls = {"read": 0, "cut": 0}
    read, segment = maps.read, gt.Segmenter.__call__

    def reading(*args, **options):
        calls["read"] += 1
        return read(*args, **options)

    def cutting(self, document):
        calls["cut"] += 1
        return segment(self, document)

    monkeypatch.setattr(maps, "read", reading)
    monkeypatch.setattr(gt.Segmenter, "__call__", cutting)
    counted(folder, tmp_path)
    assert calls == {"read": 14, "cut": 13}


def test_only_so_many_nodes_as_asked_for(folder, tmp_path, cut):
    found = counted(folder, tmp_path, max_nodes=3, top=0)
    whole = network.cooccurrence(cut)
    often = sorted(sorted(whole), key=lambda node: -whole.nodes[node]["units"])[:3]
    assert list(found.graph(gt.Lexicon.default())) == sorted(often)


def test_a_store_anywhere_fsspec_reaches(folder, tmp_path):
    pytest.importorskip("fsspec")
    there = counted(folder, "memory://govtext/test")
    assert values(there) == values(counted(folder, tmp_path))
    there.totals.store.clear()
    assert there.totals.store.names() == set()
    with pytest.raises(errors.OptionError, match="the address cannot be used"):
        Store("nothing://x").names()


def test_clearing_leaves_foreign_files(folder, tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    counted(folder, tmp_path, top=0).totals.store.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_packed_arrays_are_read_by_rows(tmp_path):
    store = Store(str(tmp_path))
    store.put("a", pack({"x": "法"}, {"n": np.arange(10, dtype=np.uint16), "m": np.ones((2, 3)), "e": np.zeros(0)}))
    file = Packed.of(store, "a")
    assert file.plain == {"x": "法"}
    assert file.array("n", 3, 6).tolist() == [3, 4, 5]
    assert file.array("m").shape == (2, 3)
    assert file.array("e").tolist() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [({"unit": "page"}, "no unit"), ({"min_count": 0}, "min_count is 0"), ({"top": -1}, "top is -1")],
)
def test_options_that_are_not_allowed(options, message):
    with pytest.raises(errors.OptionError, match=message):
        scale.Settings(**options)


def test_a_place_that_cannot_be_written(folder, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(errors.OutputError, match="partial results cannot be kept"):
        counted(folder, tmp_path / "file" / "below")


def test_two_documents_of_one_id(tmp_path):
    (tmp_path / "corpus.csv").write_text("id,path\na,x.txt\na,y.txt\n", encoding="utf-8")
    with pytest.raises(errors.OptionError, match="two documents have the id 'a'"):
        counted(tmp_path, tmp_path / "store")


# --- the command ----------------------------------------------------------------------------------------------------


def streamed(folder, out, *options):
    command = [sys.executable, "-m", "govtext.cli", "report", "--stream", str(folder), "-o", str(out), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_what_the_report_of_a_small_corpus_has(folder, corpus, cut, tmp_path):
    done = streamed(folder, tmp_path / "out")
    assert done.returncode == 1, done.stderr  # a file is broken, and said to be
    assert "broken.txt" in done.stderr
    assert "13 document(s)" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # no partial result is left
    options = report.Options(analyses=["keywords", "network"], figures=False)
    report.write(corpus, tmp_path / "whole", options=options)
    tables = tmp_path / "out" / "tables"
    assert (tables / "network.csv").read_bytes() == (tmp_path / "whole" / "tables" / "network.csv").read_bytes()
    whole = (tmp_path / "whole" / "tables" / "keywords.csv").read_text("utf-8-sig").splitlines()
    ours = (tables / "keywords.csv").read_text("utf-8-sig").splitlines()
    assert ours == whole[: len(ours)]  # those of sections come after
    matrix, terms = counts.term_matrix(cut)
    assert (sp.load_npz(tmp_path / "out" / "matrix.npz") != matrix).nnz == 0
    rows = (tables / "terms.csv").read_text("utf-8-sig").splitlines()[1:]
    assert len(rows) == len(terms)
    manifest = provenance.read(tmp_path / "out")
    assert manifest["result"]["options"]["stream"] is True
    assert set(manifest["result"]["outputs"]) >= {"matrix.npz", "index.html", "network.graphml", "tables/documents.csv"}
    verified = subprocess.run(
        [sys.executable, "-m", "govtext.cli", "verify", str(tmp_path / "out")], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert verified.stdout.startswith("same"), verified.stdout + verified.stderr


def test_only_what_is_asked_for(folder, tmp_path):
    study = report.Study(inputs=[str(folder)], output=str(tmp_path / "out"), stream=True, analyses=["keywords"])
    report.stream(study)
    assert sorted(path.name for path in (tmp_path / "out" / "tables").iterdir()) == [
        "documents.csv", "keywords.csv", "terms.csv",
    ]  # fmt: skip


def test_nothing_to_read(tmp_path):
    done = streamed(tmp_path / "missing", tmp_path / "out")
    assert done.returncode == 1
    assert "missing" in done.stderr
    assert "Traceback" not in done.stderr


# --- a cluster ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers in processes of their own, on this machine alone."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'govtext[cluster]'")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", scheduler_port=0
    ) as found:
        yield found


def test_a_cluster_counts_the_same(folder, tmp_path, cluster):
    with scale.on_cluster(cluster.scheduler_address) as execute:
        there = counted(folder, tmp_path / "there", execute=execute)
    assert values(there) == values(counted(folder, tmp_path / "here"))


def test_joblib_on_a_cluster_counts_the_same(folder, tmp_path, cluster):
    import joblib
    from distributed import Client

    with Client(cluster.scheduler_address, set_as_default=True), joblib.parallel_config("dask"):
        there = counted(folder, tmp_path / "there", execute=scale.with_joblib(None))
    assert values(there) == values(counted(folder, tmp_path / "here"))


def slow_cut(address, job, shard):
    """Cut, and note who did; the first to come to the sixth shard kills itself."""
    Path(address, f"{shard.key}.{os.getpid()}.{len(list(Path(address).iterdir()))}.done").touch()
    mark = Path(address) / "killed"
    if shard.files[0].id == "05" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return maps.cut(address, job, shard)


def test_a_worker_that_is_killed(folder, tmp_path, cluster, monkeypatch):
    monkeypatch.setattr(maps, "cut", slow_cut)
    with scale.on_cluster(cluster.scheduler_address) as execute:
        there = counted(folder, tmp_path / "there", shard=1, execute=execute)
    marks = [path.name for path in (tmp_path / "there").glob("*.done")]
    assert (tmp_path / "there" / "killed").exists()
    assert len({mark.split(".")[0] for mark in marks}) == 14
    assert len(marks) < 14 + 8  # what the other worker has done is not done again
    monkeypatch.undo()
    assert values(there) == values(counted(folder, tmp_path / "here"))


def test_the_scheduler_cannot_be_reached(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("govtext.scale.cluster.PATIENCE", 0.5)
    with (
        pytest.raises(errors.ClusterError, match="the scheduler cannot be reached"),
        scale.on_cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_worker_with_another_release(tmp_path):
    store = Store(str(tmp_path))
    known = json.dumps({"settings": {}, "lexicon": None, "govtext": "0.0.0"})
    store.put("job-x.json", known.encode())
    with pytest.raises(errors.ClusterError, match="install the same release"):
        maps.job_of(str(tmp_path), "job-x.json")


def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def bound(tmp_path):
    """What runs commands in a folder, and ends those that go on."""
    running = []

    def start(command):
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        one = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=tmp_path, env=os.environ | {"PATH": path},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(one)
        return one

    yield start
    for one in running:
        one.kill()
        one.communicate()


def test_the_how_to_runs(folder, tmp_path, bound):
    """The commands of docs/large-corpora.md, with a port that is free; then the scheduler is killed."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'govtext[cluster]'")
    block = (ROOT / "docs" / "large-corpora.md").read_text(encoding="utf-8").split("```bash\n")[1].split("```")[0]
    commands = block.replace("8786", str(free_port())).splitlines()
    (tmp_path / "报告").symlink_to(folder)
    lines = dict.fromkeys(
        line.removesuffix("&").strip() for line in commands if line.endswith("&")
    )  # workers are alike
    servers = [bound(line) for line in lines]
    final = bound(commands[-1])
    out, err = final.communicate(timeout=240)
    if "cannot be reached" in err or "no worker" in err:  # they were not ready yet
        out, err = bound(commands[-1]).communicate(timeout=240)
    assert "13 document(s)" in out, err
    local = report.stream(report.Study(inputs=[str(folder)], output=str(tmp_path / "local"), stream=True))
    outputs = [provenance.read(place)["result"]["outputs"] for place in (tmp_path / "结果", local.folder)]
    assert outputs[0] == outputs[1]
    servers[0].kill()
    servers[0].wait()
    _, err = bound(commands[-1]).communicate(timeout=120)
    assert err.count("\n") == 1
    assert "the scheduler cannot be reached" in err


def test_the_scheduler_is_lost_on_the_way(folder, tmp_path):
    """A clear error; what was done stays, and another cluster goes on from there."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'govtext[cluster]'")
    options = {
        "n_workers": 1,
        "processes": False,
        "protocol": "tcp://",
        "host": "127.0.0.1",
        "dashboard_address": "127.0.0.1:0",
    }
    first = distributed.LocalCluster(**options)
    steps = []

    def stop(function, tasks):
        with scale.on_cluster(first.scheduler_address) as execute:
            for one in execute(function, tasks):
                steps.append(one)
                if len(steps) == 3:
                    first.close()
                yield one

    with pytest.raises(errors.ClusterError, match="the scheduler is gone; start it again with the same command"):
        counted(folder, tmp_path / "there", shard=1, execute=stop)
    done = len(list((tmp_path / "there").glob("cut-*")))
    assert done >= 3
    again = []
    with distributed.LocalCluster(**options) as second, scale.on_cluster(second.scheduler_address) as execute:

        def count(function, tasks):
            again.append(len(tasks))
            return execute(function, tasks)

        there = counted(folder, tmp_path / "there", shard=1, execute=count)
    assert again[0] == 14 - done
    assert values(there) == values(counted(folder, tmp_path / "here"))

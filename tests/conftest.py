"""What the tests share: one loaded segmenter, the reference report, and a hypothesis profile without deadlines."""

import os

import pytest
from hypothesis import settings
from hypothesis import strategies as st

import govtext as gt

# Where a change is checked before it lands, the examples are the same each time; everywhere else they are new.
settings.register_profile("govtext", deadline=None, max_examples=60, derandomize=os.environ.get("CI") == "true")
settings.load_profile("govtext")

# Characters of the GB18030 repertoire that make trouble in Chinese official texts, and any other of the repertoire.
MARKS = "一二三十是要、。，；：！？“”‘’（）()《》【】［］〔〕\n\r\t 　\u00a0.．,1234567890%％+-—…章条第附件GNPabc法治政府工作报告下载打印目录之㈠⑴⒈٣"
GB18030 = st.characters(codec="gb18030")
TEXTS = st.text(st.sampled_from(MARKS) | GB18030, max_size=200)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep the cache of the commands that tests run away from that of the user."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVTEXT_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def language():
    """Let the commands speak English, whatever the locale of the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture(scope="session")
def segment():
    return gt.Segmenter()


@pytest.fixture(scope="session")
def report():
    return next(iter(gt.reference_corpus()))


@pytest.fixture(scope="session")
def tokens(segment, report):
    return segment(report)

"""Compile `govtext.native` where there is a compiler; without one the wheel is pure Python, with the same results."""

import hashlib
import os
import re
import sys
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("src/govtext/native")


class Compile(BuildHookInterface):
    """Add the compiled module to a wheel, for every Python from 3.11 on; to an editable install, beside its sources."""

    def initialize(self, version, build_data):
        """Compile before the wheel is filled."""
        self.folder = tempfile.TemporaryDirectory()
        if self.target_name != "wheel":
            return
        sources = Path(self.root) / SOURCES
        try:
            built = compiled(sources, Path(self.folder.name))
            if version == "editable":
                put(built, sources / built.name)
        except Exception as error:  # noqa: BLE001 - whatever the compiler lacks, govtext works without
            self.app.display_warning(f"govtext.native was not compiled, so that govtext is slower: {error}")
            return
        if version != "editable":
            build_data["force_include"][str(built)] = f"govtext/native/{built.name}"
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform()}"

    def finalize(self, version, build_data, artifact_path):  # noqa: ARG002 - hatchling calls it so
        """Remove what was compiled; the wheel has it."""
        self.folder.cleanup()


def platform():
    """Return the platform as the name of a wheel has it; of macOS from 11 on the first number counts."""
    name = re.sub(r"^macosx-(1[1-9]|[2-9]\d)(\.\d+)?-", r"macosx-\1.0-", sysconfig.get_platform())
    return name.translate(str.maketrans("-.", "__"))


def digest(sources):
    """Return what the compiled module is told of its sources; `govtext.native` takes no other."""
    files = sorted((*sources.glob("*.c"), *sources.glob("*.h")))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def compiled(sources, folder):
    """Compile the sources into a folder; return the file."""
    if sys.implementation.name != "cpython" or sys.maxsize < 1 << 32:
        raise RuntimeError("only for CPython with 64 bits")
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    unix = os.name != "nt"
    extension = Extension(
        "_kernels",
        sorted(str(path) for path in sources.glob("*.c")),
        define_macros=[("Py_LIMITED_API", "0x030B0000"), ("SOURCES", f"s{digest(sources)}")],
        # The same sums on every processor.
        extra_compile_args=["-std=c99", "-O2", "-ffp-contract=off"] if unix else ["/fp:strict"],
        libraries=["m"] if unix else [],
        py_limited_api=True,
    )
    command = build_ext(Distribution({"name": "govtext", "ext_modules": [extension]}))
    command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
    command.ensure_finalized()
    command.run()
    return next((folder / "lib").glob("_kernels.*"))


def put(built, place):
    """Put a file in place of another that may be in use; where the system forbids that, the old one stays."""
    beside = place.with_name(f"{os.getpid()}-{place.name}")
    try:
        beside.write_bytes(built.read_bytes())
        beside.replace(place)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()

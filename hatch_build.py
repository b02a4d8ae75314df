"""Compile `govtext.native` where there is a compiler; without one the wheel is pure Python, with the same results."""

import os
import sysconfig
import tempfile
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
        try:
            built = compiled(Path(self.root), Path(self.folder.name))
        except Exception as error:  # noqa: BLE001 - whatever the compiler lacks, govtext works without
            self.app.display_warning(f"govtext.native was not compiled, so that govtext is slower: {error}")
            return
        if version == "editable":
            put(built, Path(self.root) / SOURCES / built.name)
        else:
            build_data["force_include"][str(built)] = f"govtext/native/{built.name}"
        build_data["pure_python"] = False
        build_data["tag"] = "cp311-abi3-" + sysconfig.get_platform().translate(str.maketrans("-.", "__"))

    def finalize(self, version, build_data, artifact_path):  # noqa: ARG002 - hatchling calls it so
        """Remove what was compiled; the wheel has it."""
        self.folder.cleanup()


def compiled(root, folder):
    """Compile the sources into a folder; return the file."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    unix = os.name != "nt"
    extension = Extension(
        "_kernels",
        sorted(str(path) for path in (root / SOURCES).glob("*.c")),
        define_macros=[("Py_LIMITED_API", "0x030B0000")],
        extra_compile_args=["-std=c99", "-O2", "-ffp-contract=off"] if unix else [],  # the same sums on every processor
        libraries=["m"] if unix else [],
        py_limited_api=True,
    )
    command = build_ext(Distribution({"name": "govtext", "ext_modules": [extension]}))
    command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
    command.ensure_finalized()
    command.run()
    return next((folder / "lib").glob("_kernels.*"))


def put(built, place):
    """Put a file in place of another that may be in use: whoever has the old one loaded keeps it."""
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    beside.write_bytes(built.read_bytes())
    beside.replace(place)

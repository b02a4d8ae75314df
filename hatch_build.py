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
        if self.target_name != "wheel":
            return
        try:
            with tempfile.TemporaryDirectory() as folder:
                built = compiled(Path(self.root), Path(folder))
                place = Path(self.directory if version != "editable" else self.root / SOURCES) / built.name
                place.parent.mkdir(parents=True, exist_ok=True)
                beside = place.with_name(f"{place.name}.{os.getpid()}")
                beside.write_bytes(built.read_bytes())
                beside.replace(place)  # whoever has the old one loaded keeps it
        except Exception as error:  # noqa: BLE001 - whatever the compiler lacks, govtext works without
            self.app.display_warning(f"govtext.native was not compiled, so that govtext is slower: {error}")
            return
        if version != "editable":
            build_data["force_include"][str(place)] = f"govtext/native/{place.name}"
        build_data["pure_python"] = False
        build_data["tag"] = "cp311-abi3-" + sysconfig.get_platform().translate(str.maketrans("-.", "__"))


def compiled(root, folder):
    """Compile the sources into a folder; return the file."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    strict = [] if os.name == "nt" else ["-std=c99", "-O2", "-ffp-contract=off"]  # the same sums on every processor
    sources = sorted(str(path) for path in (root / SOURCES).glob("*.c"))
    macros = [("Py_LIMITED_API", "0x030B0000")]
    extension = Extension(
        "_kernels", sources, define_macros=macros, extra_compile_args=strict, py_limited_api=True,
        libraries=[] if os.name == "nt" else ["m"],
    )  # fmt: skip
    command = build_ext(Distribution({"name": "govtext", "ext_modules": [extension]}))
    command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
    command.ensure_finalized()
    command.run()
    return next((folder / "lib").glob("_kernels.*"))

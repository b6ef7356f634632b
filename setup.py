"""The one part of the build that pyproject.toml cannot say: the compiled pass of the entity recognizer.

It is optional: where no C compiler is found the rest installs, and names are read by spaCy's own pass.
"""

from pathlib import Path

from setuptools import Extension, setup

_SOURCES = Path("sidecar", "detection", "native", "src")

setup(
    ext_modules=[
        Extension(
            "sidecar.detection.native._network",
            sources=sorted(str(path) for path in _SOURCES.glob("*.c")),
            depends=sorted(str(path) for pattern in ("*.h", "*.inc") for path in _SOURCES.glob(pattern)),
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=["-O3"],
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)

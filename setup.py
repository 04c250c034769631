"""The one thing that pyproject.toml cannot say: the stamp of the optional compiled kernel.

Where no compiler makes it, the wheel is built without, and the count uses NumPy.
"""

from runpy import run_path

from setuptools import Extension, setup

KERNEL = "src/doorstep/engine/count/kernel"
LIBRARY = run_path(f"{KERNEL}/library.py")

setup(
    ext_modules=[
        Extension(
            "doorstep.engine.count.kernel._count",
            [f"{KERNEL}/{name}" for name in LIBRARY["COMPILED"]],
            depends=[f"{KERNEL}/{name}" for name in LIBRARY["INCLUDED"]],
            define_macros=[("DOORSTEP_STAMP", f'"{LIBRARY["stamp"]()}"')],
            optional=True,
        )
    ]
)

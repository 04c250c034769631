"""Layers for tests: whichever is not there is skipped, but in CI the kernel must be there."""

import os
import shutil

import pytest

from doorstep.engine.count import LayerError
from doorstep.engine.count.kernel.library import COMPILERS
from doorstep.engine.count.layers import Layer, layer_named


def layer_or_skip(name: str) -> Layer:
    """The layer of this name. In CI one that could be made must have been."""
    try:
        return layer_named(name)
    except LayerError as error:
        if os.environ.get("CI") and (name != "kernel" or any(map(shutil.which, COMPILERS))):
            pytest.fail(f"{error}; ./doorstep install makes the kernel where there is a compiler")
        pytest.skip(str(error))

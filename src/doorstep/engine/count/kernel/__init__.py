"""The compiled kernel: count.c, found and loaded by library.py, used as a layer by layer.py.

`python -m doorstep.engine.count.kernel` compiles it beside its source, where there is a compiler.
"""

"""Compile the kernel, quietly: whoever has no compiler counts with NumPy."""

from .library import build

if __name__ == "__main__":
    print(build() or "no compiler made the kernel: counting goes on without it")

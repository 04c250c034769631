"""Seals: the exact bytes of a leaf, its hash, the chain it hangs on, and commitments to words."""

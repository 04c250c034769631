"""The checker that a stranger runs: standard library only, and nothing of Doorstep's own count,
ledger or seals. `joined.py` writes these modules into the one file `verify.py`.

So no module here imports anything but Python's library, its neighbours and `seal/recount`, and no
two of them use one name at their top level (a test holds both).
"""

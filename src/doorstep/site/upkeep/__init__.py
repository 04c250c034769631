"""Care for the data: what must hold is asked every night, what was written is kept elsewhere too,
and that it can be brought back is tried before it is needed (docs/running.md)."""

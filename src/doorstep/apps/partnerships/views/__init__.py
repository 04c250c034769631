"""Pages of meetings: `meetings` for everybody, `work` for whoever keeps them."""

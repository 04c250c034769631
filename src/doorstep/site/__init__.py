"""Top floor: settings, addresses, shared templates and components, and the demo's data."""

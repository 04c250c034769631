"""What the runs stand on: databases, clusters, the list, and the page of figures."""

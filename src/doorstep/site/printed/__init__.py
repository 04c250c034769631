"""What is printed of pages that join rooms: a round on a poster, and on a leaflet for the door."""

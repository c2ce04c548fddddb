"""HTTP/1 on its way through: heads are judged, and written anew where they have to be, bodies pass as bytes."""

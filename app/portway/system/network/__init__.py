"""Downloads, name lookups, listening ports and changes of the network."""

"""HTTP in bytes: parsing, refusals and answers, without sockets."""

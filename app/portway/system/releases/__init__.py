"""Which version of Portway this is, where it comes from, and whether there is a newer one."""

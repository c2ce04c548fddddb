"""The folder of the smallest backend that ARCHITECTURE leads to."""

"""Portway for agents and editors: a server of the Model Context Protocol on standard input and output.

`serving` alone knows the SDK of that protocol, and is imported by `portway mcp` alone.
"""

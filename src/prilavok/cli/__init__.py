"""The command line: a second transport beside HTTP, a module a group of commands."""

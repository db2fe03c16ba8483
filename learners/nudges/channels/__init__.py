"""One transport a file; each raises ChannelError and touches no table."""

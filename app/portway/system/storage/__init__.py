"""Files and folders of this program."""

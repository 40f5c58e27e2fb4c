"""Options of the scripts."""
import argparse


class Parser(argparse.ArgumentParser):
    """Its description is the script's own; what is wrong is said in one line."""

    def __init__(self, description):
        super().__init__(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help tells more\n")

"""The program as a person has it: a process of its own in a real pseudo-terminal, on real files.

Every wait is for something that has to appear, and has a deadline; nothing sleeps.
"""

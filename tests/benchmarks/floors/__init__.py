"""What the program is compared with: the least that the same tools can do."""

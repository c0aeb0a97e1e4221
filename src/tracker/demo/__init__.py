"""The demo: a living example whose dates follow the day it is opened."""
